/** Questions to whoever holds the data: the paths and the JSON of REST, however they travel. */
import { BackendError, type BackendErrorKind } from '../engine/backend.js';

export interface Question {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below `<base_url>roboflow/api/`. */
  readonly path: string;
  readonly body?: unknown;
  /** The revision of the set that was loaded, for a save. */
  readonly revision?: number;
  /** Aborted, the answer is waited for no longer. */
  readonly signal?: AbortSignal;
}

export interface Reply {
  readonly status: number;
  /** Parsed JSON. */
  readonly body: unknown;
  /** The bytes of a file. */
  readonly file?: Blob;
}

/** Rejects with a `BackendError` when the other side does not answer or says no. */
export type Ask = (question: Question) => Promise<Reply>;

/** The reply, or the error that it is. */
export function checked(reply: Reply): Reply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  const { error } = (reply.body ?? {}) as { error?: { code?: string; message?: string } };
  const code = error?.code ?? `http_${String(reply.status)}`;
  const message = error?.message ?? `The server answered ${String(reply.status)}.`;
  throw new BackendError(kindOf(reply.status, code), message, code);
}

/** What logging in again, waiting or a restart can put right is tried again; all else would be refused again. */
function kindOf(status: number, code: string): BackendErrorKind {
  if (status === 409 && code === 'stale_revision') return 'conflict';
  return status === 401 || status === 408 || status === 429 || status >= 500 ? 'unavailable' : 'refused';
}
