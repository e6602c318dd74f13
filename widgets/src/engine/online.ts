import type { Session } from './session.js';

/** Whoever is back in the network need not wait for the next try. Returns what ends it. */
export function retryWhenOnline(session: Pick<Session, 'retry'>): () => void {
  const retry = () => {
    session.retry();
  };
  globalThis.addEventListener('online', retry);
  return () => {
    globalThis.removeEventListener('online', retry);
  };
}
