import type { TranslationBundle } from '@jupyterlab/translation';
import { SPOTS } from './spots.js';

/** What a job says of itself while it runs. */
export function jobMessages(trans: TranslationBundle): readonly string[] {
  return [
    trans.__('is being put together'),
    trans.__('stored'),
    trans.__('writing'),
    trans.__('%1 images are being prepared', ...SPOTS),
    trans.__('%1 of %2 images deleted', ...SPOTS),
  ];
}

/** What goes wrong in the panel itself, where nobody is told yet. */
export function ownErrors(trans: TranslationBundle): readonly string[] {
  return [
    trans.__('The server answered %1', ...SPOTS),
    trans.__('The server said nothing about it.'),
    trans.__('This image is no longer in the list.'),
  ];
}

/** Words that stand for values in other texts. */
export function valueWords(trans: TranslationBundle): readonly string[] {
  return [
    trans.__('bbox'),
    trans.__('polygon'),
    trans.__('point'),
    trans.__('train'),
    trans.__('valid'),
    trans.__('test'),
    trans.__('label'),
    trans.__('labels'),
    trans.__(' (first: %1 and %2)', ...SPOTS),
  ];
}
