import { expect, test } from 'vitest';
import { readRecipe, recipeText } from './recipe-text.js';

test('a recipe reads as one line', () => {
  const recipe = { preprocess: [{ step: 'resize', width: 64 }], augment: ['flip'], multiplier: 3 };
  expect(recipeText(recipe)).toBe('resize (width 64) → flip · ×3');
  expect(recipeText({})).toBe('');
});

test('what was typed is a recipe or says why not', () => {
  expect(readRecipe('{"seed": 1}')).toEqual({ recipe: { seed: 1 } });
  expect(readRecipe('[]')).toEqual({ problem: '' });
  expect(readRecipe('{"seed": ')).toHaveProperty('problem');
});
