import type { ReactNode } from 'react';
import { describe, isLoggedOut } from './trouble.js';
import { useStore, type Loaded } from '../store.js';
import { useHost } from '../host.js';

interface WaitingProps<T> {
  readonly for: Loaded<T>;
  readonly children: (value: T) => ReactNode;
}

/** What is loaded once it is there; until then, and when it fails, a page that says so. */
export function Waiting<T>({ for: loaded, children }: WaitingProps<T>) {
  const load = useStore(loaded);
  const { trans } = useHost();
  if (load.value !== undefined) {
    return (
      <>
        {load.state === 'failed' && <Trouble error={load.error} retry={loaded.reload} />}
        {children(load.value)}
      </>
    );
  }
  if (load.state === 'failed') return <Trouble error={load.error} retry={loaded.reload} />;
  return (
    <p className="jp-rf-Message" role="status" aria-busy="true">
      <span className="jp-rf-Spinner" aria-hidden="true" />
      {trans.__('Loading…')}
    </p>
  );
}

/** What went wrong and a way to try again. */
export function Trouble({ error, retry }: { readonly error: unknown; readonly retry?: () => Promise<void> | void }) {
  const { trans, api } = useHost();
  return (
    <div className="jp-rf-Message jp-rf-mod-error" role="alert">
      <p>{describe(error, trans)}</p>
      <div className="jp-rf-Row">
        {isLoggedOut(error) && (
          <a className="jp-rf-Button" href={api.rest.loginUrl} target="_blank" rel="noreferrer">
            {trans.__('Log in')}
          </a>
        )}
        {retry && (
          <button type="button" className="jp-rf-Button" onClick={() => void retry()}>
            {trans.__('Try again')}
          </button>
        )}
      </div>
    </div>
  );
}
