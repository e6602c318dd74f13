import { nullTranslator } from '@jupyterlab/translation';
import { expect, test } from 'vitest';
import { marking, unmarked } from '../marking.js';
import type { StepDescription, StepParameter } from '../wire.js';
import { readRecipe, recipeText } from './recipe-text.js';

const trans = nullTranslator.load('jupyter_roboflow');
const setting = {
  type: 'number',
  default: 0,
  help: '',
  low: 0,
  high: 9,
  whole: true,
  choices: [],
  count: null,
} as const;
const width: StepParameter = { ...setting, name: 'width', unit: 'px' };
const mode: StepParameter = { ...setting, name: 'mode', type: 'choice', unit: '' };
const described = { help: '', probability: 1, moves: true, stage: 'preprocess' } as const;
const resize: StepDescription = { ...described, name: 'resize', title: 'Resize', parameters: [width, mode] };
const flip: StepDescription = { ...described, name: 'flip', title: 'Flip', parameters: [] };
const catalogue = new Map([resize, flip].map((step) => [step.name, step]));
const recipe = {
  preprocess: [{ step: 'resize', width: 1280, mode: 'fit_black' }],
  augment: [{ step: 'flip', horizontal: true, vertical: false, probability: 0.5 }],
  multiplier: 3,
};

test('a recipe reads as one line: titles, units, what is on, how often', () => {
  expect(recipeText(recipe, trans, catalogue)).toBe(
    'Resize (width 1,280 px, mode fit black) → Flip (horizontal, chance 50 %) · 3 per image',
  );
  expect(recipeText({}, trans)).toBe('');
});

test('a step that this server does not have, and one without settings, keep their names', () => {
  const old = { augment: ['flip', { step: 'swirl', by: [1, 2], not: null }] };
  expect(recipeText(old, trans)).toBe('flip → swirl (by 1/2)');
});

test('every word of it goes through the translator', () => {
  expect(unmarked(recipeText(recipe, marking, catalogue))).toBe(' ( 1,280 px,  ) →  (, ) · ');
});

test('what was typed is a recipe or says why not', () => {
  expect(readRecipe('{"seed": 1}')).toEqual({ recipe: { seed: 1 } });
  expect(readRecipe('[]')).toEqual({ problem: '' });
  expect(readRecipe('{"seed": ')).toHaveProperty('problem');
});
