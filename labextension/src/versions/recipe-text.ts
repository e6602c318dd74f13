import type { Json } from '../wire.js';

/** A recipe in one line: `resize 640 × 640 → flip (horizontal), 3 per image`. */
export function recipeText(recipe: Json): string {
  const steps = [...stepsOf(recipe.preprocess), ...stepsOf(recipe.augment)];
  const multiplier = recipe.multiplier;
  const copies = typeof multiplier === 'number' && multiplier > 1 ? ` · ×${String(multiplier)}` : '';
  return steps.join(' → ') + (steps.length > 0 ? copies : '');
}

function stepsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(stepText) : [];
}

function stepText(step: unknown): string {
  if (typeof step === 'string') return step;
  if (typeof step !== 'object' || step === null) return '';
  const { step: name, ...settings } = step as { step?: unknown };
  const shown = Object.entries(settings).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return `${String(name)}${shown.length > 0 ? ` (${shown.join(', ')})` : ''}`;
}

export type ReadRecipe = { readonly recipe: Json } | { readonly problem: string };

/** What somebody typed as a recipe. */
export function readRecipe(text: string): ReadRecipe {
  try {
    const recipe: unknown = JSON.parse(text);
    if (typeof recipe !== 'object' || recipe === null || Array.isArray(recipe)) return { problem: '' };
    return { recipe: recipe as Json };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
