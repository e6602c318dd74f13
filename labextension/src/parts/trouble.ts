import type { TranslationBundle } from '@jupyterlab/translation';
import { RestError, reasonOf } from '../rest.js';
import { serverText } from '../server-texts/server-text.js';

/** Whether the server does not know any more who asks. */
export function isLoggedOut(error: unknown): boolean {
  return error instanceof RestError && error.status === 401;
}

/** What went wrong, for people: what happened, what became of their work, what to do next. */
export function describe(error: unknown, trans: TranslationBundle): string {
  if (isLoggedOut(error)) return trans.__('Your login is over. Log in again, then try again: your work is kept.');
  if (error instanceof RestError && error.unreachable) {
    const gone = trans.__('The Jupyter server does not answer. Your work is kept; try again once it is back.');
    return `${gone} (${serverText(trans, error.message)})`;
  }
  return serverText(trans, reasonOf(error));
}
