import type { TranslationBundle } from '@jupyterlab/translation';
import { serverName, serverText } from '../server-texts/server-text.js';
import type { Json, StepParameter } from '../wire.js';
import type { Catalogue } from './recipe/recipe.js';

/** A recipe in one line: `Resize (width 640 px, height 640 px) → Flip (horizontal) · 3 per image`. */
export function recipeText(recipe: Json, trans: TranslationBundle, catalogue: Catalogue = new Map()): string {
  const said = (value: unknown) => (Array.isArray(value) ? value.map((step) => stepText(step, trans, catalogue)) : []);
  const steps = [...said(recipe.preprocess), ...said(recipe.augment)];
  const { multiplier } = recipe;
  const copies =
    typeof multiplier === 'number' && multiplier > 1
      ? ` · ${trans.__('%1 per image', multiplier.toLocaleString())}`
      : '';
  return steps.join(' → ') + (steps.length > 0 ? copies : '');
}

function stepText(step: unknown, trans: TranslationBundle, catalogue: Catalogue): string {
  if (typeof step !== 'string' && (typeof step !== 'object' || step === null)) return '';
  const { step: name, probability, ...settings } = (typeof step === 'string' ? { step } : step) as Json;
  const about = catalogue.get(String(name));
  const parameterOf = (key: string) => about?.parameters.find((one) => one.name === key);
  const shown = Object.entries(settings).flatMap(([key, value]) => settingText(key, value, trans, parameterOf(key)));
  if (typeof probability === 'number' && probability < 1)
    shown.push(trans.__('chance %1 %%', Math.round(100 * probability)));
  const title = about ? serverText(trans, about.title) : String(name);
  return shown.length > 0 ? `${title} (${shown.join(', ')})` : title;
}

/** One setting; nothing for one that is off or empty. */
function settingText(key: string, value: unknown, trans: TranslationBundle, about?: StepParameter): string[] {
  const name = serverName(trans, key);
  if (value === true) return [name];
  const said = valueText(value, trans, about);
  return said === '' ? [] : [`${name} ${said}`];
}

function valueText(value: unknown, trans: TranslationBundle, about?: StepParameter): string {
  if (typeof value === 'number') return withUnit(value.toLocaleString(), about?.unit ?? '');
  if (typeof value === 'string') return about?.type === 'choice' ? serverName(trans, value) : value;
  if (Array.isArray(value)) return value.map(String).join('/');
  return Object.keys(value ?? {}).length === 0 ? '' : JSON.stringify(value);
}

function withUnit(number: string, unit: string): string {
  return unit === '°' || unit === '' ? number + unit : `${number} ${unit}`;
}

export type ReadRecipe = { readonly recipe: Json } | { readonly problem: string };

/** What somebody typed as a recipe. */
export function readRecipe(text: string): ReadRecipe {
  try {
    const recipe: unknown = JSON.parse(text);
    if (typeof recipe !== 'object' || recipe === null || Array.isArray(recipe)) return { problem: '' };
    return { recipe: recipe as Json };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
