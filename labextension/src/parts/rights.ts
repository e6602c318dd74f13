import type { TranslationBundle } from '@jupyterlab/translation';
import type { Role } from '../wire.js';
import { wordsIn } from './words.js';

export type Right = 'annotate' | 'manage' | 'own';

const NEEDED: Readonly<Record<Right, readonly Role[]>> = {
  annotate: ['owner', 'admin', 'annotator'],
  manage: ['owner', 'admin'],
  own: ['owner'],
};

/** Why somebody with this role may not; undefined when they may. The server decides anyway. */
export function refusalOf(right: Right, role: Role | undefined, trans: TranslationBundle): string | undefined {
  if (role === undefined || NEEDED[right].includes(role)) return undefined;
  return trans.__('You are %1 in this dataset. Ask its owner for more.', wordsIn(trans).roles[role]);
}
