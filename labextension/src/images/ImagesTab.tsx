import type { DatasetModel } from '../document/dataset-model.js';
import { ids } from '../command-ids.js';
import { useHost } from '../host.js';
import { importIcon, uploadIcon } from '../icons.js';
import { Button } from '../parts/Button.js';
import { Trouble } from '../parts/Waiting.js';
import { useStore } from '../store.js';
import { BulkBar } from './BulkBar.js';
import { FilterBar } from './FilterBar.js';
import { ImageGrid } from './ImageGrid.js';
import { parseQuery, type Problem } from './query.js';

/** Find images, look at them, change many at once. */
export function ImagesTab({ model }: { readonly model: DatasetModel }) {
  const list = useStore(model.images);
  const { total, error } = useStore(list);
  const { query } = useStore(model.place);
  return (
    <div className="jp-rf-Images">
      <FilterBar model={model} />
      <Problems problems={parseQuery(query).problems} />
      <BulkBar model={model} />
      {error !== undefined && <Trouble error={error} retry={() => list.reload()} />}
      {total === 0 ? (
        <NoImages model={model} query={query} />
      ) : (
        <ImageGrid model={model} list={list} open={model.open} />
      )}
    </div>
  );
}

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const { trans } = useHost();
  if (problems.length === 0) return null;
  return (
    <div role="alert">
      <ul className="jp-rf-Problems">
        {problems.map(({ text, kind, expected }) => (
          <li key={text}>
            {kind === 'unknown-key'
              ? trans.__('“%1”: there are %2', text, expected)
              : trans.__('“%1”: write %2', text, expected)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function NoImages({ model, query }: { readonly model: DatasetModel; readonly query: string }) {
  const { trans, commands } = useHost();
  if (query.trim() !== '') {
    return (
      <div className="jp-rf-Message">
        <p>{trans.__('No image fits.')}</p>
        <Button
          onClick={() => {
            model.find('');
          }}
        >
          {trans.__('Show all images')}
        </Button>
      </div>
    );
  }
  return (
    <div className="jp-rf-Message jp-rf-mod-invite">
      <uploadIcon.react tag="span" className="jp-rf-Message-icon" />
      <p>{trans.__('Drop images, folders or zips here – or an export in COCO, YOLO or Pascal VOC to import it.')}</p>
      <div className="jp-rf-Row">
        <Button
          kind="accept"
          icon={uploadIcon}
          onClick={() => void commands.execute(ids.uploadImages, { id: model.id })}
        >
          {trans.__('Upload images')}
        </Button>
        <Button icon={importIcon} onClick={() => void commands.execute(ids.import, { id: model.id })}>
          {trans.__('Import a dataset')}
        </Button>
      </div>
    </div>
  );
}
