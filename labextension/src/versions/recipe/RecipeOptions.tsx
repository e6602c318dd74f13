import { refreshIcon } from '@jupyterlab/ui-components';
import { useId } from 'react';
import { useHost } from '../../host.js';
import { Button } from '../../parts/Button.js';
import { useStore } from '../../store.js';
import type { StepParameter } from '../../wire.js';
import type { RecipeBuilder } from './builder.js';
import { ParameterField, TypedNumber } from './ParameterField.js';
import { SEED_LIMIT } from './recipe.js';

/** What the server takes, at most. */
const MOST = 50;

const NUMBER = { type: 'number', default: 0, choices: [], count: null } as const;

/** What holds for all steps: how many pictures, which chances, which shapes are too small to stay. */
export function RecipeOptions({ builder }: { readonly builder: RecipeBuilder }) {
  const { trans } = useHost();
  const { recipe } = useStore(builder);
  const { multiplier, augment, rest } = recipe;
  const visible: StepParameter = {
    ...NUMBER,
    name: trans.__('least visible'),
    help: trans.__('A shape of which less than this is left by a crop or at an edge goes'),
    low: 0,
    high: 100,
    whole: true,
    unit: '%',
  };
  const copies: StepParameter = {
    ...NUMBER,
    name: trans.__('per image'),
    help: trans.__('That each training image gives: itself and varied copies'),
    low: 1,
    high: MOST,
    whole: true,
    unit: '×',
  };
  const share = typeof rest.min_visible === 'number' ? rest.min_visible : 0.1;
  return (
    <section aria-label={trans.__('For all steps')}>
      <h4>{trans.__('For all steps')}</h4>
      <div className="jp-rf-Settings-grid">
        <ParameterField
          parameter={copies}
          value={multiplier}
          names={[]}
          invalid={false}
          disabled={augment.length === 0}
          onChange={(value) => {
            builder.change({ ...recipe, multiplier: Number(value) });
          }}
        />
        <ParameterField
          parameter={visible}
          value={Math.round(share * 100)}
          names={[]}
          invalid={false}
          onChange={(value) => {
            builder.change({ ...recipe, rest: { ...rest, min_visible: Number(value) / 100 } });
          }}
        />
        <Seed builder={builder} />
      </div>
    </section>
  );
}

function Seed({ builder }: { readonly builder: RecipeBuilder }) {
  const { trans } = useHost();
  const { recipe } = useStore(builder);
  const id = useId();
  const set = (seed: number) => {
    builder.change({ ...recipe, seed });
  };
  return (
    <div className="jp-rf-Setting" title={trans.__('The same seed gives the same pictures')}>
      <label htmlFor={id}>{trans.__('seed')}</label>
      <span className="jp-rf-Number">
        <TypedNumber id={id} number={recipe.seed} step={1} onChange={set} />
        <Button
          kind="quiet"
          icon={refreshIcon}
          title={trans.__('Other chances')}
          onClick={() => {
            set(Math.floor(Math.random() * SEED_LIMIT));
          }}
        />
      </span>
    </div>
  );
}
