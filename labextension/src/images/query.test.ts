import { describe, expect, test } from 'vitest';
import { needsScan, planOf, sifted } from './plan.js';
import { formOf, KEYS, parseQuery, termText, valueIn, withTerm } from './query.js';

const paramsFor = (text: string) => planOf(parseQuery(text).terms).base;

describe('a query', () => {
  test('finds by label, split and number of objects, and excludes a tag', () => {
    const { terms, problems } = parseQuery('label:WBC split:train objects:>5 -tag:bad');
    expect(problems).toEqual([]);
    expect(planOf(terms)).toEqual({
      base: { label: 'WBC', split: 'train', min_objects: 6 },
      also: [],
      without: [{ tag: 'bad' }],
    });
  });

  test.each([
    ['', {}],
    ['   ', {}],
    ['blood', { name: 'blood' }],
    ['name:BloodImage_001.jpg', { name: 'BloodImage_001.jpg' }],
    ['label:"white cell"', { label: 'white cell' }],
    ['label:"a \\"b\\" c"', { label: 'a "b" c' }],
    ['label:"not closed', { label: 'not closed' }],
    ['SPLIT:Train', { split: 'train' }],
    ['split:none', { split: 'none' }],
    ['objects:0', { min_objects: 0, max_objects: 0 }],
    ['objects:<5', { max_objects: 4 }],
    ['objects:<=5', { max_objects: 5 }],
    ['objects:>=5', { min_objects: 5 }],
    ['objects:2..5', { min_objects: 2, max_objects: 5 }],
    ['width:>640 width:<1000', { min_width: 641, max_width: 999 }],
    ['objects:>2 objects:>7', { min_objects: 8 }],
    ['size:640x480', { min_width: 640, max_width: 640, min_height: 480, max_height: 480 }],
    ['id:7,8', { ids: '7,8' }],
    ['label:תא 🩸', { label: 'תא', name: '🩸' }],
    ['tag:a:b', { tag: 'a:b' }],
  ])('%s', (text, params) => {
    expect(parseQuery(text).problems).toEqual([]);
    expect(paramsFor(text)).toEqual(params);
  });

  test.each([
    ['colour:red', 'unknown-key'],
    ['split:training', 'bad-value'],
    ['state:done', 'bad-value'],
    ['objects:many', 'bad-value'],
    ['objects:5..2', 'bad-value'],
    ['objects:<0', 'bad-value'],
    ['size:640', 'bad-value'],
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

describe('the plan', () => {
  test('asks twice for what one listing cannot hold', () => {
    const plan = planOf(parseQuery('label:RBC label:WBC').terms);
    expect(plan).toEqual({ base: { label: 'RBC' }, also: [{ label: 'WBC' }], without: [] });
    expect(needsScan(plan)).toBe(true);
    expect(needsScan(planOf(parseQuery('label:RBC').terms))).toBe(false);
  });

  test('keeps what is in all and in none of the excluded', () => {
    const images = [1, 2, 3, 4].map((id) => ({ id }));
    expect(sifted(images, [new Set([2, 3, 4])], [new Set([3])])).toEqual([{ id: 2 }, { id: 4 }]);
  });
});
