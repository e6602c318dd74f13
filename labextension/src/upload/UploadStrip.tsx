import { closeIcon } from '@jupyterlab/ui-components';
import { useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { describe } from '../parts/trouble.js';
import { useStore } from '../store.js';
import { countsOf, type Upload, type UploadCounts, type UploadFile } from './upload.js';

/** How an upload goes, file by file if one wants to know; stays until it is closed. */
export function UploadStrip({ model }: { readonly model: DatasetModel }) {
  const upload = useStore(model.upload);
  const looking = useStore(model.looking) ?? 0;
  if (looking > MANY) return <Looking count={looking} />;
  return upload ? <Strip key={upload.started} model={model} upload={upload} /> : null;
}

/** Files that are looked through before anybody has to be told. */
const MANY = 200;

function Looking({ count }: { readonly count: number }) {
  const { trans } = useHost();
  return (
    <section className="jp-rf-Upload" aria-label={trans.__('Upload')}>
      <div className="jp-rf-Row">
        <progress aria-label={trans.__('Looking through what was dropped')} />
        <span role="status">
          {trans.__('Looking through what was dropped: %1 files so far', count.toLocaleString())}
        </span>
      </div>
    </section>
  );
}

function Strip({ model, upload }: { readonly model: DatasetModel; readonly upload: Upload }) {
  const { trans } = useHost();
  const state = useStore(upload);
  const [open, setOpen] = useState(false);
  const counts = countsOf(state);
  return (
    <section className="jp-rf-Upload" aria-label={trans.__('Upload')}>
      <div className="jp-rf-Row">
        <progress value={counts.share} aria-label={trans.__('Uploaded')} />
        <span role="status">{useSummary(counts, state.over)}</span>
        <span className="jp-rf-Spacer" />
        <Button
          kind="quiet"
          onClick={() => {
            setOpen(!open);
          }}
        >
          {open ? trans.__('Hide files') : trans.__('Show files')}
        </Button>
        {state.over ? (
          <Button
            kind="quiet"
            icon={closeIcon}
            title={trans.__('Close')}
            onClick={() => {
              model.upload.set(undefined);
            }}
          />
        ) : (
          <Button kind="quiet" onClick={upload.stop}>
            {trans.__('Stop')}
          </Button>
        )}
      </div>
      {(open || (state.over && counts.failed > 0)) && <Report files={state.files} only={open ? undefined : 'failed'} />}
    </section>
  );
}

function useSummary({ done, total, added, known, failed }: UploadCounts, over: boolean): string {
  const { trans } = useHost();
  if (!over) return trans.__('Uploading: %1 of %2 files', done.toLocaleString(), total.toLocaleString());
  const parts: string[] = [];
  const [fresh, old] = [added.toLocaleString(), known.toLocaleString()];
  if (added > 0 || known === 0) parts.push(trans._n('%2 image added', '%2 images added', added, fresh));
  if (known > 0 && added > 0) parts.push(trans._n('%2 was there already', '%2 were there already', known, old));
  else if (known > 0) parts.push(trans._n('%2 image was there already', '%2 images were there already', known, old));
  if (failed > 0) parts.push(trans.__('%1 could not be added', failed.toLocaleString()));
  if (added + known + failed < total)
    parts.push(trans.__('%1 not sent', (total - added - known - failed).toLocaleString()));
  return parts.join(', ');
}

/** Files that are listed: more would only slow the page down. */
const LISTED = 500;

function Report({ files, only }: { readonly files: readonly UploadFile[]; readonly only: 'failed' | undefined }) {
  const { trans } = useHost();
  const names = {
    waiting: trans.__('waiting'),
    sending: trans.__('sending…'),
    added: trans.__('added'),
    known: trans.__('there already'),
    failed: trans.__('failed'),
    stopped: trans.__('not sent'),
  };
  const shown = files.filter(({ state }) => only === undefined || state === only);
  return (
    <ul className="jp-rf-Report" tabIndex={0} aria-label={trans.__('Files')}>
      {shown.slice(0, LISTED).map(({ path, state, reason }, index) => (
        <li key={index} className={`jp-rf-mod-${state}`}>
          <bdi>{path}</bdi>
          <span>{reason === undefined ? names[state] : describe(reason, trans)}</span>
        </li>
      ))}
      {shown.length > LISTED && <li>{trans.__('and %1 more', (shown.length - LISTED).toLocaleString())}</li>}
    </ul>
  );
}
