import { useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { refusalOf } from '../parts/rights.js';
import { doing } from '../parts/say.js';
import { sure } from '../parts/sure.js';
import { wordsIn } from '../parts/words.js';
import { useStore } from '../store.js';
import { SPLITS } from '../wire.js';

const USUAL = { train: 70, valid: 20, test: 10 };

/** Give every image a split, at random, in shares of one's own. */
export function Splits({ model }: { readonly model: DatasetModel }) {
  const { trans, api, changes } = useHost();
  const refusal = refusalOf('annotate', useStore(model.dataset).value?.role, trans);
  const { splits } = wordsIn(trans);
  const [shares, setShares] = useState(USUAL);
  const [stratify, setStratify] = useState(true);
  const sum = SPLITS.reduce((total, split) => total + shares[split], 0);
  const split = async () => {
    const body = trans.__('Every image gets a split anew, those that have one too.');
    const told = SPLITS.map((name) => trans.__('%1 %% %2', shares[name], splits[name])).join(', ');
    if (!(await sure(trans.__('Split all images: %1?', told), body, trans.__('Split')))) return;
    const fractions = Object.fromEntries(SPLITS.map((name) => [name, shares[name] / 100]));
    await doing(trans, () => api.datasets.split(model.id, fractions, stratify), trans.__('The images were not split.'));
    changes.tell(model.id);
  };
  return (
    <div className="jp-rf-Row">
      {SPLITS.map((name) => (
        <label key={name} className="jp-rf-Share">
          {splits[name]}
          <input
            type="number"
            className="jp-rf-Input"
            min={0}
            max={100}
            value={shares[name]}
            disabled={refusal !== undefined}
            onChange={({ target }) => {
              setShares({ ...shares, [name]: Math.max(0, Math.min(100, Math.round(Number(target.value)))) });
            }}
          />
          %
        </label>
      ))}
      <label className="jp-rf-Share" title={trans.__('Each split gets its share of every label')}>
        <input
          type="checkbox"
          checked={stratify}
          disabled={refusal !== undefined}
          onChange={({ target }) => {
            setStratify(target.checked);
          }}
        />
        {trans.__('labels in equal shares')}
      </label>
      <span className="jp-rf-Spacer" />
      <Button
        onClick={() => void split()}
        refusal={refusal ?? (sum === 100 ? undefined : trans.__('The shares add up to %1 %%, not 100 %%.', sum))}
      >
        {trans.__('Split all images')}
      </Button>
    </div>
  );
}
