/** A translator for tests that marks whatever goes through it: what has no mark did not. */
import { nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

const english = nullTranslator.load('jupyter_roboflow');
const mark = (text: string) => `⟦${text}⟧`;

export const marking: TranslationBundle = {
  __: (...given) => mark(english.__(...given)),
  gettext: (...given) => mark(english.gettext(...given)),
  _n: (...given) => mark(english._n(...given)),
  ngettext: (...given) => mark(english.ngettext(...given)),
  _p: (...given) => mark(english._p(...given)),
  pgettext: (...given) => mark(english.pgettext(...given)),
  _np: (...given) => mark(english._np(...given)),
  dcnpgettext: (...given) => mark(english.dcnpgettext(...given)),
  npgettext: (...given) => mark(english.npgettext(...given)),
};

/** What is left of a text without all that is marked. */
export function unmarked(text: string): string {
  const without = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  return without === text ? text : unmarked(without);
}
