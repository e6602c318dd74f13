import { describe, expect, test } from 'vitest';
import type { StepDescription } from '../../wire.js';
import {
  add,
  change,
  EMPTY,
  fromWire,
  move,
  refusalFrom,
  remove,
  sliderStep,
  toWire,
  type Catalogue,
} from './recipe.js';

const about = (name: string, stage: 'preprocess' | 'augment', settings: object, probability = 1) =>
  ({
    name,
    stage,
    probability,
    parameters: Object.entries(settings).map(([each, value]) => ({ name: each, default: value as unknown })),
  }) as unknown as StepDescription;

const resize = about('resize', 'preprocess', { width: 640, height: 640 });
const flip = about('flip', 'augment', { horizontal: true, vertical: false }, 0.5);
const rotate = about('rotate', 'augment', { degrees: 15 });
const catalogue: Catalogue = new Map([resize, flip, rotate].map((each) => [each.name, each]));

describe('a recipe', () => {
  test('begins with nothing; the first step that varies asks for copies, and the last one that goes takes them', () => {
    const one = add(add(EMPTY, resize), flip);
    expect(toWire(one)).toEqual({
      preprocess: [{ step: 'resize', width: 640, height: 640 }],
      augment: [{ step: 'flip', horizontal: true, vertical: false, probability: 0.5 }],
      multiplier: 3,
      seed: 0,
    });
    expect(remove(one, 'augment', one.augment[0]?.key ?? 0)).toMatchObject({ augment: [], multiplier: 1 });
  });

  test('keeps a chosen number of copies when further steps come', () => {
    const chosen = { ...add(EMPTY, flip), multiplier: 5 };
    expect(add(chosen, rotate).multiplier).toBe(5);
  });

  test('has its steps moved within their group, and not beyond its ends', () => {
    const recipe = add(add(EMPTY, flip), rotate);
    const [first, second] = recipe.augment.map(({ key }) => key);
    expect(move(recipe, 'augment', second ?? 0, -1).augment.map(({ step }) => step)).toEqual(['rotate', 'flip']);
    expect(move(recipe, 'augment', first ?? 0, -1)).toBe(recipe);
  });

  test('has one step changed and the others left', () => {
    const recipe = add(add(EMPTY, rotate), rotate);
    const settings = { degrees: 40 };
    const changed = change(recipe, 'augment', recipe.augment[1]?.key ?? 0, { settings });
    expect(changed.augment.map((step) => step.settings)).toEqual([{ degrees: 15 }, settings]);
  });
});

describe('a recipe that was written', () => {
  test('is read with its steps in their groups, defaults filled in, and what it says besides kept', () => {
    const wire = { steps: ['resize', { step: 'flip', probability: 1 }], augment: ['rotate'], min_visible: 0.3 };
    expect(toWire(fromWire(wire, catalogue))).toEqual({
      preprocess: [{ step: 'resize', width: 640, height: 640 }],
      augment: [
        { step: 'flip', horizontal: true, vertical: false, probability: 1 },
        { step: 'rotate', degrees: 15, probability: 1 },
      ],
      multiplier: 3,
      seed: 0,
      min_visible: 0.3,
    });
  });

  test('comes back as it was', () => {
    const recipe = add(add(add(EMPTY, resize), flip), rotate);
    expect(toWire(fromWire(toWire(recipe), catalogue))).toEqual(toWire(recipe));
  });

  test('keeps a step nobody knows, for the server to say so', () => {
    expect(toWire(fromWire({ augment: ['sharpen'] }, catalogue)).augment).toEqual([
      { step: 'sharpen', probability: 1 },
    ]);
  });
});

describe('a refusal', () => {
  test('is about a step and its setting', () => {
    const refusal = refusalFrom('augment[1] rotate: degrees is a number from 0 to 180 °, not 200.', {
      step: 'augment[1] rotate',
      parameter: 'degrees',
    });
    expect(refusal).toEqual({
      message: 'degrees is a number from 0 to 180 °, not 200.',
      stage: 'augment',
      index: 1,
      parameter: 'degrees',
    });
  });

  test('of the whole says what it says', () => {
    expect(refusalFrom('multiplier is a whole number.', { parameter: 'multiplier' })).toEqual({
      message: 'multiplier is a whole number.',
    });
  });
});

test.each([
  [0, 180, false, 1],
  [0, 25, false, 0.1],
  [0.1, 4, false, 0.05],
  [0, 1, false, 0.01],
  [1, 50, true, 1],
  [1, 32766, true, undefined],
])('from %d to %d a slider steps by %s', (low, high, whole, step) => {
  expect(sliderStep(low, high, whole)).toBe(step);
});
