import type { TranslationBundle } from '@jupyterlab/translation';
import { FORMAT_TITLES } from '../parts/formats.js';
import { countsText } from '../parts/count-texts.js';
import { wordsIn, type Words } from '../parts/words.js';
import type { AuditEntry, Json } from '../wire.js';
import { imagesChanged, labelsChanged } from './audit-changes.js';
import { number, text, type Told } from './audit-told.js';

/** The same done several times in a row by one person is one line. */
export interface AuditLine extends Pick<AuditEntry, 'id' | 'at' | 'username'> {
  readonly text: string;
  readonly times: number;
}

export function auditLines(entries: readonly AuditEntry[], trans: TranslationBundle): readonly AuditLine[] {
  const lines: AuditLine[] = [];
  for (const entry of entries) {
    const { id, at, username } = entry;
    const text = auditText(entry, trans);
    const last = lines.at(-1);
    if (last?.text === text && last.username === username) lines[lines.length - 1] = { ...last, times: last.times + 1 };
    else lines.push({ id, at, username, text, times: 1 });
  }
  return lines;
}

/** What happened, as a sentence. */
export function auditText(entry: AuditEntry, trans: TranslationBundle): string {
  const { action, subject, details, image_id } = entry;
  const say = SENTENCES[action];
  if (say === undefined) return [action.replaceAll('_', ' '), subject].filter(Boolean).join(' ');
  return say({ trans, words: wordsIn(trans), subject, details, image: image_id ?? 0 });
}

/** By the server's name of what was done. */
const SENTENCES: Readonly<Record<string, (told: Told) => string>> = {
  create_dataset: ({ trans, subject }) => trans.__('The dataset was made as “%1”.', subject),
  edit_dataset: ({ trans, subject }) =>
    subject === ''
      ? trans.__('Notes of the dataset were changed.')
      : trans.__('The dataset is called “%1” now.', subject),
  delete_dataset: ({ trans, subject }) => trans.__('The dataset “%1” was deleted.', subject),
  manage_collaborators: collaborators,
  upload: uploaded,
  edit_images: imagesChanged,
  delete_images: ({ trans, details }) => {
    const count = number(details.images);
    return trans._n('%2 image was deleted.', '%2 images were deleted.', count, count.toLocaleString());
  },
  edit_labels: labelsChanged,
  annotate: relabeled,
  create_annotation: ({ trans, image }) => trans.__('An annotation was drawn on image %1.', image),
  update_annotation: ({ trans, image }) => trans.__('An annotation on image %1 was changed.', image),
  delete_annotation: ({ trans, image }) => trans.__('An annotation on image %1 was deleted.', image),
  image_state: ({ trans, words, subject, image }) =>
    trans.__('Image %1 is “%2” now.', image, nameOf(subject, words.states)),
  import_started: ({ trans, details }) => {
    const name = text(details.filename) || text(details.path);
    return name === '' ? trans.__('An import was started.') : trans.__('The import of %1 was started.', name);
  },
  import: ({ trans, subject, details }) =>
    trans.__('%1 was imported (%2): %3.', subject, formatOf(details), outcome(trans, details)),
  export_started: ({ trans, details }) => trans.__('An export as %1 was started.', formatOf(details)),
  export_expired: ({ trans, subject, details }) => {
    const days = number(details.days);
    return trans._n(
      'The export %2 was deleted after %1 day.',
      'The export %2 was deleted after %1 days.',
      days,
      subject,
    );
  },
  version_started: ({ trans, details }) =>
    details.rebuild === undefined
      ? trans.__('A version was started.')
      : trans.__('Making a version once more was started, to compare.'),
  create_version: ({ trans, details }) =>
    trans.__('Version %1 was made: %2.', number(details.number), outcome(trans, details)),
  delete_version: ({ trans, subject }) => trans.__('Version %1 was deleted.', subject.replace(/^v/, '')),
};

function collaborators({ trans, words, subject, details }: Told): string {
  const role = text(details.role);
  return role === ''
    ? trans.__('%1 may not work on the dataset any more.', subject)
    : trans.__('%1 is %2 of the dataset now.', subject, nameOf(role, words.roles));
}

function uploaded({ trans, details }: Told): string {
  const [added, known] = [number(details.added), number(details.known)];
  const parts = [trans._n('%2 image was uploaded', '%2 images were uploaded', added, added.toLocaleString())];
  if (known > 0) parts.push(trans._n('%2 was there already', '%2 were there already', known, known.toLocaleString()));
  return `${parts.join(', ')}.`;
}

function relabeled({ trans, details }: Told): string {
  const images = number(details.images);
  const many = images.toLocaleString();
  if (details.undone !== undefined)
    return trans._n(
      'Other labels on %2 image were taken back.',
      'Other labels on %2 images were taken back.',
      images,
      many,
    );
  const [source, target] = [text(details.source), text(details.target)];
  return source === ''
    ? trans._n(
        'All annotations of %2 image became “%3”.',
        'All annotations of %2 images became “%3”.',
        images,
        many,
        target,
      )
    : trans._n('“%3” became “%4” in %2 image.', '“%3” became “%4” in %2 images.', images, many, source, target);
}

function outcome(trans: TranslationBundle, details: Json): string {
  const counts = Object.entries(details).filter(([name]) => COUNTED.has(name));
  return countsText(trans, Object.fromEntries(counts)) || trans.__('nothing new');
}

const COUNTED = new Set([
  ...['images', 'annotations'],
  ...['images_added', 'images_known', 'annotations_added', 'annotations_known'],
]);

function formatOf({ format }: Json): string {
  const name = text(format);
  return FORMAT_TITLES[name] ?? name;
}

function nameOf(value: string, words: Words[keyof Words]): string {
  return (words as Readonly<Record<string, string>>)[value] ?? value;
}
