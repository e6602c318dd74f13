import { addIcon } from '@jupyterlab/ui-components';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { exportDataset } from '../jobs/export-dialog.js';
import { underWay } from '../jobs/job-watch.js';
import { JobItem } from '../jobs/JobsTab.js';
import { Button } from '../parts/Button.js';
import { countsText } from '../parts/count-texts.js';
import { Losses } from '../parts/Losses.js';
import { refusalOf } from '../parts/rights.js';
import { sure } from '../parts/sure.js';
import { doing } from '../parts/say.js';
import { Trouble, Waiting } from '../parts/Waiting.js';
import { useStore } from '../store.js';
import type { Version } from '../wire.js';
import { Comparison } from './Comparison.js';
import { NewVersion } from './NewVersion.js';
import { recipeText } from './recipe-text.js';

/** Frozen states of the dataset: make one, look at one, compare two, export one. */
export function VersionsTab({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  const making = useStore(model.making);
  if (making) return <NewVersion model={model} making={making} />;
  return (
    <div className="jp-rf-Scroll" tabIndex={0} role="region" aria-label={trans.__('Versions')}>
      <Head model={model} />
      <UnderWay model={model} />
      <Waiting for={model.versions}>{(versions) => <List versions={versions} model={model} />}</Waiting>
    </div>
  );
}

function Head({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  const role = useStore(model.dataset).value?.role;
  const steps = useStore(model.steps);
  return (
    <>
      <div className="jp-rf-Row jp-rf-Head">
        <p className="jp-rf-Dim">
          {trans.__(
            'A version is the dataset frozen by a recipe: it never changes, and can be made again from the recipe.',
          )}
        </p>
        <span className="jp-rf-Spacer" />
        <Button
          kind="accept"
          icon={addIcon}
          refusal={refusalOf('manage', role, trans)}
          disabled={steps.value === undefined}
          onClick={() => {
            if (steps.value) model.make(steps.value);
          }}
        >
          {trans.__('New version')}
        </Button>
      </div>
      {steps.state === 'failed' && <Trouble error={steps.error} retry={model.steps.reload} />}
    </>
  );
}

/** Versions that are being generated, and those that were not finished. */
function UnderWay({ model }: { readonly model: DatasetModel }) {
  const { trans, jobs } = useHost();
  const all = useStore(jobs);
  const shown = all.filter((job) => job.kind === 'version' && job.dataset_id === model.id && underWay(job));
  if (shown.length === 0) return null;
  return (
    <ul className="jp-rf-Jobs" aria-label={trans.__('Being generated')}>
      {shown.map((job) => (
        <JobItem key={job.id} job={job} model={model} />
      ))}
    </ul>
  );
}

function List({ versions, model }: { readonly versions: readonly Version[]; readonly model: DatasetModel }) {
  const { trans } = useHost();
  if (versions.length === 0)
    return (
      <p className="jp-rf-Message">
        {trans.__('No version yet. Train from one, so that you know later what you trained with.')}
      </p>
    );
  return (
    <>
      {versions.length > 1 && <Comparison versions={versions} />}
      <ul className="jp-rf-Versions">
        {versions.map((version) => (
          <Item key={version.id} version={version} model={model} />
        ))}
      </ul>
    </>
  );
}

function Item({ version, model }: { readonly version: Version; readonly model: DatasetModel }) {
  const { trans, api } = useHost();
  const role = useStore(model.dataset).value?.role;
  const refusal = refusalOf('manage', role, trans);
  const steps = useStore(model.steps).value;
  const { id, number, name, note, counts, losses, recipe, created_by, created_at, content_hash } = version;
  const remove = async () => {
    if (
      !(await sure(
        trans.__('Delete version %1?', number),
        trans.__('Its exports are deleted with it. Its number is not given out again.'),
        trans.__('Delete'),
      ))
    )
      return;
    await doing(trans, () => api.versions.delete(id), trans.__('The version was not deleted.'));
    void model.versions.reload();
  };
  return (
    <li className="jp-rf-Card" data-version={number}>
      <div className="jp-rf-Row">
        <strong>{trans.__('Version %1', number)}</strong>
        {name && <bdi>{name}</bdi>}
        <span className="jp-rf-Spacer" />
        <Button
          refusal={refusal}
          onClick={() => {
            if (steps) model.make(steps, recipe);
          }}
        >
          {trans.__('Use its recipe')}
        </Button>
        <Button onClick={() => void exportDataset(model, version)}>{trans.__('Export')}</Button>
        <Button kind="warn" onClick={() => void remove()} refusal={refusal}>
          {trans.__('Delete')}
        </Button>
      </div>
      {note && <p>{note}</p>}
      <Thumbnails version={version} />
      <p className="jp-rf-Dim">
        {countsText(trans, counts)} · {created_by} ·{' '}
        <time dateTime={created_at}>{new Date(created_at).toLocaleString()}</time> ·{' '}
        <code title={content_hash}>{content_hash.slice(0, 12)}</code>
      </p>
      <p>{recipeText(recipe, trans, steps) || trans.__('The images as they are.')}</p>
      <Losses losses={losses} trans={trans} />
    </li>
  );
}

/** Pictures that are shown of a version. */
const SHOWN = 8;

function Thumbnails({ version }: { readonly version: Version }) {
  const { api } = useHost();
  const images = version.counts.images;
  const shown = Math.min(SHOWN, typeof images === 'number' ? images : 0);
  return (
    <div className="jp-rf-Strip">
      {Array.from({ length: shown }, (_, n) => (
        <img key={n} src={api.versions.thumbnail(version.id, n + 1)} alt="" loading="lazy" />
      ))}
    </div>
  );
}
