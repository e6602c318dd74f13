import { expect, test } from 'vitest';
import { marking } from '../marking.js';
import { serverName, serverText } from './server-text.js';

const said = (text: string) => serverText(marking, text);

test('titles, helps and reasons of the server are translated whole', () => {
  for (const text of ['Bounding box: Blur', 'Largest angle, either way.', 'its box has no area'])
    expect(said(text)).toBe(`⟦${text}⟧`);
  expect(serverName(marking, 'counter_clockwise')).toBe('⟦counter clockwise⟧');
});

test('values in a text stay, those that are words are translated themselves', () => {
  expect(said("a polygon reached over the picture's border")).toBe("⟦a ⟦polygon⟧ reached over the picture's border⟧");
  expect(said('the same picture came twice; it is kept as a (1).jpg')).toBe(
    '⟦the same picture came twice; it is kept as a (1).jpg⟧',
  );
  expect(said('listed for train and for valid; it counts as train')).toBe(
    '⟦listed for ⟦train⟧ and for ⟦valid⟧; it counts as ⟦train⟧⟧',
  );
});

test('numbers of things have their plural', () => {
  expect(said('1,234 images without a split: split again, or give them one.')).toBe(
    '⟦⟦1,234 images⟧ without a split: split again, or give them one.⟧',
  );
  expect(said('1 image without a split: split again, or give them one.')).toContain('⟦1 image⟧');
  expect(said('12 of 48 images deleted')).toBe('⟦12 of 48 images deleted⟧');
});

test('what nobody knows stays as the server wrote it, whatever is in it', () => {
  for (const text of ['', '{1}', '%1 of %2', 'photo (1).jpg', 'Ask an admin.']) expect(said(text)).toBe(text);
});
