import { useHost } from '../host.js';
import type { DatasetModel } from '../document/dataset-model.js';
import { Button } from '../parts/Button.js';
import { PickMenu } from '../parts/PickMenu.js';
import { refusalOf } from '../parts/rights.js';
import { wordsIn } from '../parts/words.js';
import { useStore } from '../store.js';
import { SPLITS, STATES, type ImageState, type Split } from '../wire.js';
import { changeSelected, deleteSelected, tagSelected } from './bulk.js';
import { relabelSelected } from './relabel.js';
import { countOf } from './selection.js';

/** How many images there are, or what can be done with the selected ones: one line, so that nothing jumps. */
export function BulkBar({ model }: { readonly model: DatasetModel }) {
  const { total = 0 } = useStore(useStore(model.images));
  const { trans } = useHost();
  const selected = countOf(useStore(model.selection), total);
  return (
    <div className="jp-rf-Bulk" role="toolbar" aria-label={trans.__('Selected images')}>
      {selected > 0 ? <Actions model={model} count={selected} /> : <Count model={model} />}
    </div>
  );
}

function Count({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  const list = useStore(model.images);
  const { total } = useStore(list);
  const searching = useStore(model.searching);
  const all = useStore(model.dataset).value?.image_count;
  const found = total?.toLocaleString() ?? '…';
  const filtered = useStore(model.place).query.trim() !== '' && all !== undefined;
  const text = filtered
    ? trans.__('%1 of %2 images', found, all.toLocaleString())
    : trans._n('%2 image', '%2 images', total ?? 0, found);
  return (
    <span role="status" aria-busy={searching}>
      {searching && total === undefined ? trans.__('Looking…') : text}
    </span>
  );
}

function Actions({ model, count }: { readonly model: DatasetModel; readonly count: number }) {
  const { trans } = useHost();
  const role = useStore(model.dataset).value?.role;
  const list = useStore(model.images);
  const { total = 0 } = useStore(list);
  const words = wordsIn(trans);
  const edit = refusalOf('annotate', role, trans);
  const setSplit = (split: string) =>
    void changeSelected(model, { split: split as Split | 'none' }, (images) =>
      trans.__('%1 images are in “%2” now.', images, words.splits[split as Split | 'none']),
    );
  const setState = (state: string) =>
    void changeSelected(model, { state: state as ImageState }, (images) =>
      trans.__('%1 images are “%2” now.', images, words.states[state as ImageState]),
    );
  const splits = ([...SPLITS, 'none'] as const).map((split) => [split, words.splits[split]] as const);
  return (
    <>
      <strong role="status">{trans.__('%1 selected', count.toLocaleString())}</strong>
      {count < total && (
        <Button
          kind="quiet"
          onClick={() => {
            model.select({ type: 'all' });
          }}
        >
          {trans.__('Select all %1', total.toLocaleString())}
        </Button>
      )}
      <Button
        kind="quiet"
        onClick={() => {
          model.select({ type: 'none' });
        }}
      >
        {trans.__('Clear')}
      </Button>
      <span className="jp-rf-Spacer" />
      <PickMenu title={trans.__('Split')} values={splits} onPick={setSplit} refusal={edit} />
      <PickMenu
        title={trans.__('State')}
        values={STATES.map((state) => [state, words.states[state]])}
        onPick={setState}
        refusal={edit}
      />
      <Button onClick={() => void tagSelected(model, 'add')} refusal={edit}>
        {trans.__('Tag…')}
      </Button>
      <Button onClick={() => void tagSelected(model, 'remove')} refusal={edit}>
        {trans.__('Untag…')}
      </Button>
      <Button onClick={() => void relabelSelected(model)} refusal={edit}>
        {trans.__('Relabel…')}
      </Button>
      <Button kind="warn" onClick={() => void deleteSelected(model)} refusal={refusalOf('manage', role, trans)}>
        {trans.__('Delete')}
      </Button>
    </>
  );
}
