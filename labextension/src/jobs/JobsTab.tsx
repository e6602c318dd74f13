import { useEffect } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { downloadIcon } from '../icons.js';
import { Button } from '../parts/Button.js';
import { Losses } from '../parts/Losses.js';
import { doing } from '../parts/say.js';
import { serverText } from '../server-texts/server-text.js';
import { useStore } from '../store.js';
import type { Job, Json } from '../wire.js';
import { download } from './download.js';
import { underWay } from './job-watch.js';
import { useJobTexts } from './job-texts.js';

/** The jobs of a dataset: how they go, what came of them, what to do when they fail. */
export function JobsTab({ model }: { readonly model: DatasetModel }) {
  const { trans, jobs } = useHost();
  const all = useStore(jobs);
  useEffect(() => {
    jobs.hurry();
  }, [jobs]);
  const ours = all.filter((job) => job.dataset_id === model.id);
  if (ours.length === 0) {
    return (
      <p className="jp-rf-Message">
        {trans.__('No job yet. Imports, exports and versions show up here while they run.')}
      </p>
    );
  }
  return (
    <ul className="jp-rf-Jobs jp-rf-Scroll" tabIndex={0} aria-label={trans.__('Jobs')}>
      {ours.map((job) => (
        <JobItem key={job.id} job={job} model={model} />
      ))}
    </ul>
  );
}

/** One job: how it goes or what came of it. */
export function JobItem({ job, model }: { readonly job: Job; readonly model: DatasetModel }) {
  const { trans } = useHost();
  const texts = useJobTexts();
  return (
    <li className={`jp-rf-Card jp-rf-Job jp-rf-mod-${job.state}`} data-job-id={job.id}>
      <div className="jp-rf-Row">
        <strong>{texts.title(job)}</strong>
        <span className="jp-rf-Badge">{texts.state(job)}</span>
        <span className="jp-rf-Spacer" />
        <time className="jp-rf-Dim" dateTime={job.created_at}>
          {new Date(job.created_at).toLocaleString()}
        </time>
        <Doing job={job} model={model} />
      </div>
      {underWay(job) && (
        <div className="jp-rf-Row">
          <progress max={100} value={job.progress} aria-label={trans.__('Progress')} />
          <span className="jp-rf-Dim">{texts.progress(job)}</span>
        </div>
      )}
      {job.error && <p className="jp-rf-JobError">{serverText(trans, job.error.message)}</p>}
      {job.result && <Result result={job.result} />}
    </li>
  );
}

function Doing({ job, model }: { readonly job: Job; readonly model: DatasetModel }) {
  const { api, trans, jobs } = useHost();
  if (underWay(job)) {
    const cancel = () => void doing(trans, () => jobs.cancel(job.id), trans.__('The job was not cancelled.'));
    return (
      <Button onClick={cancel} disabled={job.cancel_requested}>
        {job.cancel_requested ? trans.__('Stopping…') : trans.__('Cancel')}
      </Button>
    );
  }
  const made = job.result_url;
  if (made?.startsWith('exports/')) {
    return (
      <Button
        kind="accept"
        icon={downloadIcon}
        onClick={() => {
          download(api.rest.url(`${made}/file`));
        }}
      >
        {trans.__('Download')}
      </Button>
    );
  }
  if (made?.startsWith('versions/')) {
    return (
      <Button
        onClick={() => {
          model.show('versions');
        }}
      >
        {trans.__('Show')}
      </Button>
    );
  }
  return null;
}

function Result({ result }: { readonly result: Json }) {
  const { trans } = useHost();
  const texts = useJobTexts();
  const { counts, losses, refused, same } = result;
  return (
    <>
      {isJson(counts) && <p className="jp-rf-Dim">{texts.counts(counts)}</p>}
      {typeof same === 'boolean' && (
        <p className="jp-rf-Dim">
          {same ? trans.__('Everything came out as it was.') : trans.__('It came out otherwise than it was.')}
        </p>
      )}
      {isList(losses) && <Losses losses={losses} trans={trans} />}
      {isList(refused) && refused.length > 0 && (
        <details className="jp-rf-Losses">
          <summary>
            {trans._n('%2 file was refused', '%2 files were refused', refused.length, refused.length.toLocaleString())}
          </summary>
          <ul>
            {refused.slice(0, 200).map((one, index) => (
              <li key={index}>
                <Refused file={one} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** A file that was not taken, and why. */
function Refused({ file: { filename, message, why = message } }: { readonly file: Json }) {
  const { trans } = useHost();
  return (
    <>
      <bdi>{typeof filename === 'string' ? filename : ''}</bdi>
      {typeof why === 'string' && why !== '' && ` – ${serverText(trans, why)}`}
    </>
  );
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value) && value.every(isJson);
}
