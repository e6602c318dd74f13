import { describe, expect, test } from 'vitest';
import { asQuery } from '../rest.js';
import { chosenOf } from './chosen.js';
import { formOf, KEYS, parseQuery, termText, valueIn, withTerm } from './query.js';
import { NOTHING, select } from './selection.js';
import { queryOf, whereOf } from './where.js';

const whereFor = (text: string) => whereOf(parseQuery(text).terms);

describe('a query', () => {
  test('finds by label, split and number of objects, and excludes a tag', () => {
    const { terms, problems } = parseQuery('label:WBC split:train objects:>5 -tag:bad');
    expect(problems).toEqual([]);
    expect(whereOf(terms)).toEqual({ label: ['WBC'], split: ['train'], min_objects: 6, exclude_tag: ['bad'] });
  });

  test.each([
    ['', {}],
    ['   ', {}],
    ['blood', { name: ['blood'] }],
    ['name:BloodImage_001.jpg', { name: ['BloodImage_001.jpg'] }],
    ['label:"white cell"', { label: ['white cell'] }],
    ['label:"a \\"b\\" c"', { label: ['a "b" c'] }],
    ['label:"not closed', { label: ['not closed'] }],
    ['SPLIT:Train', { split: ['train'] }],
    ['split:none', { split: ['none'] }],
    ['objects:0', { min_objects: 0, max_objects: 0 }],
    ['objects:<5', { max_objects: 4 }],
    ['objects:<=5', { max_objects: 5 }],
    ['objects:>=5', { min_objects: 5 }],
    ['objects:2..5', { min_objects: 2, max_objects: 5 }],
    ['width:>640 width:<1000', { min_width: 641, max_width: 999 }],
    ['objects:>2 objects:>7', { min_objects: 8 }],
    ['size:640x480', { min_width: 640, max_width: 640, min_height: 480, max_height: 480 }],
    ['id:7,8', { ids: [7, 8] }],
    ['box:32..63 box:>100 -box:<5', { box: ['32..63', '101..'], exclude_box: ['..4'] }],
    ['box:7', { box: ['7..7'] }],
    ['at:12,5 at:"0,31,white cell"', { at: ['12,5', '0,31,white cell'] }],
    ['-at:12,5,WBC', { exclude_at: ['12,5,WBC'] }],
    ['label:תא 🩸', { label: ['תא'], name: ['🩸'] }],
    ['tag:a:b', { tag: ['a:b'] }],
  ])('%s', (text, params) => {
    expect(parseQuery(text).problems).toEqual([]);
    expect(whereFor(text)).toEqual(params);
  });

  test.each([
    ['colour:red', 'unknown-key'],
    ['split:training', 'bad-value'],
    ['state:done', 'bad-value'],
    ['objects:many', 'bad-value'],
    ['objects:5..2', 'bad-value'],
    ['objects:<0', 'bad-value'],
    ['size:640', 'bad-value'],
    ['box:big', 'bad-value'],
    ['at:12', 'bad-value'],
    ['at:32,0', 'bad-value'],
    ['label:', 'empty'],
  ])('%s is said to be wrong, and the rest still holds', (text, kind) => {
    const { terms, problems } = parseQuery(`tag:ok ${text}`);
    expect(problems).toMatchObject([{ text, kind }]);
    expect(problems[0]?.expected).not.toBe('');
    expect(terms).toEqual([{ key: 'tag', value: 'ok', negated: false }]);
  });

  test('a lone minus is nothing', () => {
    expect(parseQuery('- tag:a')).toEqual({ terms: [{ key: 'tag', value: 'a', negated: false }], problems: [] });
  });

  test('every key says what it takes', () => {
    expect(KEYS.map(formOf).every((form) => form.length > 3)).toBe(true);
  });
});

describe('what the filters write', () => {
  test('reads back as the same terms', () => {
    const values = ['plain', 'two words', 'a"b', '-minus', 'back\\slash', 'a:b', 'תא'];
    const terms = values.map((value, n) => ({ key: 'label' as const, value, negated: n % 2 === 0 }));
    expect(parseQuery(terms.map(termText).join(' ')).terms).toEqual(terms);
  });

  test('takes the place of what was there and leaves the rest', () => {
    const text = withTerm('label:RBC -label:WBC blood', 'label', 'Platelets');
    expect(text).toBe('-label:WBC name:blood label:Platelets');
    expect(withTerm(text, 'label', undefined)).toBe('-label:WBC name:blood');
    expect(valueIn(text, 'label')).toBe('Platelets');
    expect(valueIn('label:a label:b', 'label')).toBeUndefined();
  });
});

describe('what the server is asked for', () => {
  test('is one page of one filter, whatever is excluded and however often', () => {
    const where = whereFor('label:RBC label:WBC split:train split:valid -tag:bad -objects:>5 -size:640x480 -id:7,8');
    expect(where).toEqual({
      label: ['RBC', 'WBC'],
      split: ['train', 'valid'],
      exclude_tag: ['bad'],
      exclude_objects: ['6..'],
      exclude_size: ['640x480'],
      exclude_ids: [7, 8],
    });
    expect(asQuery(queryOf(where))).toBe(
      '?label=RBC&label=WBC&split=train&split=valid&exclude_tag=bad&exclude_objects=6..' +
        '&exclude_size=640x480&exclude_ids=7%2C8',
    );
  });

  test.each([
    ['-objects:<5', { exclude_objects: ['..4'] }],
    ['-width:2..5', { exclude_width: ['2..5'] }],
    ['-split:none', { exclude_split: ['none'] }],
    ['id:7 id:8,7', { ids: [7, 8] }],
    ['tag:a tag:a', { tag: ['a'] }],
  ])('%s', (text, where) => {
    expect(whereFor(text)).toEqual(where);
  });
});

describe('what is done to all that fit', () => {
  const where = whereFor('label:WBC -id:3');

  test('is done to those of the filter but for the few that were left out, and to as many as were shown', () => {
    const all = select(NOTHING, { type: 'all' });
    expect(chosenOf(all, where, 8412)).toEqual({ where, expected: 8412 });
    const but = select(all, { type: 'toggle', index: 4, id: 9 });
    expect(chosenOf(but, where, 8412)).toEqual({ where: { ...where, exclude_ids: [3, 9] }, expected: 8411 });
  });

  test('is done to those selected one by one, whatever the filter says by then', () => {
    const some = select(NOTHING, { type: 'range', index: 4, ids: [5, 6] });
    expect(chosenOf(some, where, 8412)).toEqual({ where: { ids: [5, 6] }, expected: 2 });
  });
});
