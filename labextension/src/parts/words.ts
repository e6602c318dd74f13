import type { TranslationBundle } from '@jupyterlab/translation';
import type { ImageState, Role, Split } from '../wire.js';

/** What the server's words are called where people read them; in queries they stay as they are. */
export interface Words {
  readonly states: Readonly<Record<ImageState, string>>;
  readonly splits: Readonly<Record<Split | 'none', string>>;
  readonly roles: Readonly<Record<Role, string>>;
}

const known = new WeakMap<TranslationBundle, Words>();

export function wordsIn(trans: TranslationBundle): Words {
  let words = known.get(trans);
  if (words === undefined) known.set(trans, (words = translated(trans)));
  return words;
}

function translated(trans: TranslationBundle): Words {
  return {
    states: {
      unlabeled: trans.__('unlabeled'),
      empty: trans.__('empty'),
      labeled: trans.__('labeled'),
      reviewed: trans.__('reviewed'),
    },
    splits: {
      train: trans.__('train'),
      valid: trans.__('valid'),
      test: trans.__('test'),
      none: trans.__('no split'),
    },
    roles: {
      owner: trans.__('owner'),
      admin: trans.__('admin'),
      annotator: trans.__('annotator'),
      viewer: trans.__('viewer'),
    },
  };
}
