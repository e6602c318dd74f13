import type { TranslationBundle } from '@jupyterlab/translation';
import { serverName, serverText } from '../../server-texts/server-text.js';
import type { StepParameter } from '../../wire.js';
import type { Catalogue } from './recipe.js';

/** A setting whose name and help are in the language of JupyterLab; its choices keep the names that the server takes. */
export function parameterText(parameter: StepParameter, trans: TranslationBundle): StepParameter {
  return { ...parameter, name: serverName(trans, parameter.name), help: serverText(trans, parameter.help) };
}

/** What a step is called where the server says `augment[2] rotate`. */
export function placeText(place: string, catalogue: Catalogue, trans: TranslationBundle): string {
  const [, name] = /^(?:preprocess|augment)\[\d+\] (\w+)$/.exec(place) ?? [];
  const about = name === undefined ? undefined : catalogue.get(name);
  if (about) return serverText(trans, about.title);
  return place === 'end' ? trans.__('at the end') : place;
}
