/**
 * Texts that the server writes in English, in the language of JupyterLab.
 *
 * The tables list them as literals, so that a program can collect them for translators; `tests/test_translations.py`
 * holds the tables to what the server really says. What is in no table stays as the server wrote it.
 */
import { nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { healthAdvice } from './health-advice.js';
import { lossReasons } from './losses.js';
import { jobMessages, ownErrors, valueWords } from './messages.js';
import { settingNames, stepHelp, stepTitles } from './steps.js';

const TABLES = [
  stepTitles,
  settingNames,
  stepHelp,
  lossReasons,
  healthAdvice,
  jobMessages,
  ownErrors,
  valueWords,
] as const;

interface Template {
  readonly form: RegExp;
  readonly translated: string;
}

interface Dictionary {
  readonly texts: ReadonlyMap<string, string>;
  /** Texts with values in them, the longest first: the one that says most. */
  readonly templates: readonly Template[];
}

const ENGLISH = nullTranslator.load('jupyter_roboflow');
const SPOT = /\{(\d)\}/g;
const known = new WeakMap<TranslationBundle, Dictionary>();

/** A text of the server in the language of JupyterLab; as it is when nobody knows it. */
export function serverText(trans: TranslationBundle, text: string): string {
  const { texts, templates } = dictionary(trans);
  const whole = texts.get(text) ?? counted(trans, text);
  if (whole !== undefined) return whole;
  for (const { form, translated } of templates) {
    const [, ...values] = form.exec(text) ?? [];
    if (values.length > 0)
      return translated.replace(SPOT, (_, spot) => serverText(trans, values[Number(spot) - 1] ?? ''));
  }
  return text;
}

/** A name that code gave, such as `counter_clockwise`, as words. */
export function serverName(trans: TranslationBundle, name: string): string {
  return serverText(trans, name.replaceAll('_', ' '));
}

/** `3 images` and the like, which stand for values in other texts. */
function counted(trans: TranslationBundle, text: string): string | undefined {
  const [, count, thing] = /^([\d,]+) (image|annotation|pair)s?$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  const number = Number(count.replaceAll(',', ''));
  const shown = number.toLocaleString();
  if (thing === 'image') return trans._n('%2 image', '%2 images', number, shown);
  if (thing === 'pair') return trans._n('%2 pair', '%2 pairs', number, shown);
  return trans._n('%2 annotation', '%2 annotations', number, shown);
}

function dictionary(trans: TranslationBundle): Dictionary {
  let found = known.get(trans);
  if (found === undefined) known.set(trans, (found = made(trans)));
  return found;
}

function made(trans: TranslationBundle): Dictionary {
  const english = TABLES.flatMap((table) => table(ENGLISH));
  const translated = TABLES.flatMap((table) => table(trans));
  const pairs = english.map((text, place) => [text, translated[place] ?? text] as const);
  const templates = pairs.filter(([text]) => text.includes('{1}')).sort(([one], [other]) => other.length - one.length);
  return {
    texts: new Map(pairs),
    templates: templates.map(([text, inWords]) => ({ form: formOf(text), translated: inWords })),
  };
}

function formOf(text: string): RegExp {
  const parts = text.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('([\\s\\S]+?)')}$`);
}
