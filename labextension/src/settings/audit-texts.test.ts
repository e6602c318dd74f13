import { nullTranslator } from '@jupyterlab/translation';
import { expect, test } from 'vitest';
import { marking, unmarked } from '../marking.js';
import type { AuditEntry, Json } from '../wire.js';
import { auditLines, auditText } from './audit-texts.js';

const trans = nullTranslator.load('jupyter_roboflow');
const entry = (action: string, subject: string, details: Json = {}): AuditEntry => ({
  ...{ id: 1, at: '2026-11-23T20:00:00Z', username: 'ada', image_id: 12 },
  ...{ action, subject, details },
});

const uploaded = { added: 1, known: 0, ids: [7] };
const imported = { format: 'voc', source: '1.zip', images_added: 48, images_known: 0, annotations_added: 678 };
const tagged = { split: 'train', state: null, cleared: false, add_tags: ['night'], remove_tags: [], images: 1234 };
const shares = { fractions: { train: 0.7, valid: 0.3, test: 0 }, seed: 0 };
const version = { version: 3, number: 2, content_hash: 'ab', images: 96, annotations: 1356, train: 96 };

test.each([
  ['upload', 'images', uploaded, '1 image was uploaded.'],
  ['upload', 'images', { added: 2, known: 1 }, '2 images were uploaded, 1 was there already.'],
  ['import_started', '1', { filename: '1.zip', format: null }, 'The import of 1.zip was started.'],
  ['import', '1.zip', imported, '1.zip was imported (Pascal VOC): 48 images added · 678 annotations added.'],
  ['import', '1.zip', { format: 'coco', images_added: 0 }, '1.zip was imported (COCO): nothing new.'],
  ['edit_images', 'images', tagged, '1,234 images: split train, tagged night.'],
  ['edit_images', 'splits', shares, 'All images were split anew: 70 % train, 30 % valid.'],
  ['edit_labels', 'RBC', { new_name: 'red', color: null }, 'The label “RBC” is called “red” now.'],
  ['edit_labels', 'RBC', { merged_into: 'WBC' }, 'The label “RBC” was merged into “WBC”.'],
  ['annotate', 'images', { target: 'a', source: 'b', images: 1 }, '“b” became “a” in 1 image.'],
  ['annotate', 'images', { undone: [], images: 2 }, 'Other labels on 2 images were taken back.'],
  ['image_state', 'reviewed', { before: 'labeled' }, 'Image 12 is “reviewed” now.'],
  ['create_version', 'v2', version, 'Version 2 was made: 96 images · 1,356 annotations.'],
  ['version_started', '4', { rebuild: 3 }, 'Making a version once more was started, to compare.'],
  ['export_expired', 'a.zip', { days: 1 }, 'The export a.zip was deleted after 1 day.'],
  ['manage_collaborators', 'ben', { role: 'viewer' }, 'ben is viewer of the dataset now.'],
  ['manage_collaborators', 'ben', { role: null }, 'ben may not work on the dataset any more.'],
  ['something_new', '7', {}, 'something new 7'],
])('%s of %s with %j is a sentence', (action, subject, details, sentence) => {
  expect(auditText(entry(action, subject, details as Json), trans)).toBe(sentence);
});

test('every sentence goes through the translator, and the words in it', () => {
  const said = auditText(entry('edit_images', 'images', tagged), marking);
  expect(unmarked(said)).toBe(': , .');
  expect(unmarked(auditText(entry('image_state', 'reviewed'), marking))).toBe('');
  expect(auditText(entry('image_state', 'reviewed'), marking)).toContain('⟦reviewed⟧');
});

test('the same done many times in a row is one line, the latest first', () => {
  const drawn = entry('create_annotation', 'x');
  const entries = [{ ...drawn, id: 4 }, { ...drawn, id: 3 }, entry('upload', '', uploaded), drawn];
  const lines = auditLines(entries, trans).map(({ id, times }) => [id, times]);
  expect(lines).toEqual([
    [4, 2],
    [1, 1],
    [1, 1],
  ]);
});
