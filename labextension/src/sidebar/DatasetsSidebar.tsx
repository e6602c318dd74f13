import { addIcon, refreshIcon } from '@jupyterlab/ui-components';
import { useHost } from '../host.js';
import { ids } from '../command-ids.js';
import { Button } from '../parts/Button.js';
import { Waiting } from '../parts/Waiting.js';
import { wordsIn } from '../parts/words.js';
import { useStore } from '../store.js';
import type { Dataset } from '../wire.js';
import type { DatasetsList, FoundDatasets } from './datasets-list.js';

/** Every dataset one may see: find one, open it, make one. */
export function DatasetsSidebar({ list }: { readonly list: DatasetsList }) {
  const { trans, commands } = useHost();
  const search = useStore(list.search);
  const create = () => void commands.execute(ids.createDataset);
  return (
    <div className="jp-rf-Sidebar">
      <div className="jp-rf-Sidebar-header">
        <h2>{trans.__('Datasets')}</h2>
        <Button
          kind="quiet"
          icon={refreshIcon}
          title={trans.__('Look again')}
          onClick={() => void list.found.reload()}
        />
        <Button kind="quiet" icon={addIcon} title={trans.__('New dataset')} onClick={create} />
      </div>
      <div className="jp-rf-Sidebar-search">
        <input
          type="search"
          className="jp-rf-Input"
          value={search}
          placeholder={trans.__('Find a dataset')}
          aria-label={trans.__('Find a dataset')}
          onChange={(event) => {
            list.find(event.target.value);
          }}
        />
      </div>
      <div className="jp-rf-Sidebar-body" tabIndex={-1}>
        <Waiting for={list.found}>
          {(found) =>
            found.items.length > 0 ? (
              <Items
                found={found}
                more={() => {
                  list.more();
                }}
              />
            ) : (
              <Nothing search={search} create={create} />
            )
          }
        </Waiting>
      </div>
    </div>
  );
}

function Items({ found, more }: { readonly found: FoundDatasets; readonly more: () => void }) {
  const { trans } = useHost();
  return (
    <>
      <ul className="jp-rf-Datasets">
        {found.items.map((dataset) => (
          <Item key={dataset.id} dataset={dataset} />
        ))}
      </ul>
      {found.items.length < found.total && (
        <Button kind="quiet" onClick={more}>
          {trans.__('Show more of %1', found.total.toLocaleString())}
        </Button>
      )}
    </>
  );
}

function Item({ dataset }: { readonly dataset: Dataset }) {
  const { trans, commands, current } = useHost();
  const { id, name, role, owner } = dataset;
  const isCurrent = useStore(current) === id;
  const images = trans._n('%2 image', '%2 images', dataset.image_count, dataset.image_count.toLocaleString());
  const annotations = trans._n(
    '%2 annotation',
    '%2 annotations',
    dataset.annotation_count,
    dataset.annotation_count.toLocaleString(),
  );
  return (
    <li>
      <button
        type="button"
        className="jp-rf-Dataset"
        data-dataset-id={id}
        aria-current={isCurrent ? 'true' : undefined}
        title={role === 'owner' ? name : trans.__('%1, of %2', name, owner)}
        onClick={() => void commands.execute(ids.openDataset, { id })}
      >
        <span className="jp-rf-Dataset-name">
          <bdi>{name}</bdi>
        </span>
        {role !== 'owner' && <span className="jp-rf-Badge">{wordsIn(trans).roles[role]}</span>}
        <span className="jp-rf-Dataset-counts">{`${images} · ${annotations}`}</span>
      </button>
    </li>
  );
}

function Nothing({ search, create }: { readonly search: string; readonly create: () => void }) {
  const { trans } = useHost();
  if (search.trim() !== '') {
    return <p className="jp-rf-Message">{trans.__('No dataset has “%1” in its name.', search.trim())}</p>;
  }
  return (
    <div className="jp-rf-Message">
      <p>
        {trans.__('No dataset yet. Make one, then drop images, folders or a COCO, YOLO or Pascal VOC zip into it.')}
      </p>
      <Button kind="accept" icon={addIcon} onClick={create}>
        {trans.__('New dataset')}
      </Button>
    </div>
  );
}
