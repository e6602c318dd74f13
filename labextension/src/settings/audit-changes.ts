/** What was done to images and to labels, each in one sentence. */
import { SPLITS, type ImageState, type Json, type Split } from '../wire.js';
import { list, number, text, type Told } from './audit-told.js';

/** `12 images: split train, tags added: night.` */
export function imagesChanged(told: Told): string {
  const { trans, details } = told;
  if (typeof details.fractions === 'object' && details.fractions !== null)
    return trans.__('All images were split anew: %1.', shares(details.fractions as Json, told));
  const count = number(details.images);
  const images = trans._n('%2 image', '%2 images', count, count.toLocaleString());
  return `${[images, changes(told).join(', ')].filter(Boolean).join(': ')}.`;
}

function changes({ trans, words, details }: Told): string[] {
  const [split, state] = [text(details.split), text(details.state)];
  const [added, removed] = [list(details.add_tags), list(details.remove_tags)];
  return [
    split && trans.__('split %1', words.splits[split as Split]),
    details.cleared === true && trans.__('split taken away'),
    state && trans.__('state %1', words.states[state as ImageState]),
    added.length > 0 && trans.__('tagged %1', added.join(', ')),
    removed.length > 0 && trans.__('no longer tagged %1', removed.join(', ')),
  ].filter((one) => typeof one === 'string' && one !== '') as string[];
}

function shares(fractions: Json, { trans, words }: Told): string {
  return SPLITS.filter((split) => number(fractions[split]) > 0)
    .map((split) => trans.__('%1 %% %2', Math.round(100 * number(fractions[split])), words.splits[split]))
    .join(', ');
}

/** What became of a label, or of all of them. */
export function labelsChanged({ trans, subject, details }: Told): string {
  const [renamed, color, target] = [details.new_name, details.color, details.reassign_to].map(text);
  if (details.added !== undefined) return trans.__('The label “%1” was added.', subject);
  if (details.deleted !== undefined)
    return target
      ? trans.__('The label “%1” was deleted; what it had is “%2” now.', subject, target)
      : trans.__('The label “%1” was deleted.', subject);
  if (details.merged_into !== undefined)
    return trans.__('The label “%1” was merged into “%2”.', subject, text(details.merged_into));
  if (details.order !== undefined) return trans.__('The labels were put in another order.');
  if (details.labels !== undefined) return trans.__('The labels are now: %1.', list(details.labels).join(', '));
  if (renamed) return trans.__('The label “%1” is called “%2” now.', subject, renamed);
  return color
    ? trans.__('The label “%1” has another colour.', subject)
    : trans.__('The label “%1” was changed.', subject);
}
