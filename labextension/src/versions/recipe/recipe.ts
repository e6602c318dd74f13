/** A recipe while it is put together: plain data, changed by pure functions. */
import type { Json, Stage, StepDescription } from '../../wire.js';

export interface PlannedStep {
  /** Stays the same while the step is moved about. */
  readonly key: number;
  readonly step: string;
  readonly settings: Json;
  /** How often it acts, 0 to 1; preprocessing always does. */
  readonly probability: number;
}

export interface Recipe {
  readonly preprocess: readonly PlannedStep[];
  readonly augment: readonly PlannedStep[];
  /** Pictures that each training image gives: itself and copies. */
  readonly multiplier: number;
  readonly seed: number;
  /** What holds for all steps and is not asked for here: `min_visible`, `boxes`, `mirror_labels`. */
  readonly rest: Json;
}

export type Catalogue = ReadonlyMap<string, StepDescription>;

export const STAGES: readonly Stage[] = ['preprocess', 'augment'];
export const EMPTY: Recipe = { preprocess: [], augment: [], multiplier: 1, seed: 0, rest: {} };
/** What there is once a step varies pictures: one picture of each would be none that varies. */
const USUAL_MULTIPLIER = 3;
export const SEED_LIMIT = 1_000_000;

let lastKey = 0;

/** A step as the catalogue has it. */
export function plan(
  { name, parameters, probability }: Pick<StepDescription, 'name' | 'parameters' | 'probability'>,
  given: Json = {},
): PlannedStep {
  const usual = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
  const { probability: chance = probability, ...settings } = given;
  return { key: ++lastKey, step: name, settings: { ...usual, ...settings }, probability: Number(chance) };
}

export function add(recipe: Recipe, description: StepDescription): Recipe {
  const { stage } = description;
  const first = stage === 'augment' && recipe.augment.length === 0 && recipe.multiplier === 1;
  return {
    ...recipe,
    [stage]: [...recipe[stage], plan(description)],
    multiplier: first ? USUAL_MULTIPLIER : recipe.multiplier,
  };
}

export function remove(recipe: Recipe, stage: Stage, key: number): Recipe {
  const steps = recipe[stage].filter((step) => step.key !== key);
  const varies = stage === 'augment' ? steps.length > 0 : recipe.augment.length > 0;
  return { ...recipe, [stage]: steps, multiplier: varies ? recipe.multiplier : 1 };
}

/** A step before its neighbour (-1) or behind it (1); at an end it stays. */
export function move(recipe: Recipe, stage: Stage, key: number, by: -1 | 1): Recipe {
  const steps = [...recipe[stage]];
  const at = steps.findIndex((step) => step.key === key);
  const [one, other] = [steps[at], steps[at + by]];
  if (one === undefined || other === undefined) return recipe;
  steps[at] = other;
  steps[at + by] = one;
  return { ...recipe, [stage]: steps };
}

export function change(
  recipe: Recipe,
  stage: Stage,
  key: number,
  to: Partial<Pick<PlannedStep, 'settings' | 'probability'>>,
): Recipe {
  return { ...recipe, [stage]: recipe[stage].map((step) => (step.key === key ? { ...step, ...to } : step)) };
}

/** The recipe as the server takes it. */
export function toWire({ preprocess, augment, multiplier, seed, rest }: Recipe): Json {
  return {
    preprocess: preprocess.map(({ step, settings }) => ({ step, ...settings })),
    augment: augment.map(({ step, settings, probability }) => ({ step, ...settings, probability })),
    multiplier,
    seed,
    ...rest,
  };
}

/** A recipe that somebody wrote or a version keeps. Steps nobody knows are kept: the server says what is wrong. */
export function fromWire(wire: Json, catalogue: Catalogue): Recipe {
  const { preprocess, augment, steps, multiplier, seed, ...rest } = wire;
  const mixed = listOf(steps);
  const stageOf = (step: unknown) => catalogue.get(nameOf(step))?.stage ?? 'augment';
  const staged = (stage: Stage, given: unknown) =>
    [...mixed.filter((step) => stageOf(step) === stage), ...listOf(given)].map((step) => planned(step, catalogue));
  const found = { preprocess: staged('preprocess', preprocess), augment: staged('augment', augment) };
  const usual = found.augment.length > 0 ? USUAL_MULTIPLIER : 1;
  return { ...found, multiplier: numberOr(multiplier, usual), seed: numberOr(seed, 0), rest };
}

function planned(step: unknown, catalogue: Catalogue): PlannedStep {
  const name = nameOf(step);
  const given = Object.entries(typeof step === 'object' ? (step as Json) : {}).filter(([field]) => field !== 'step');
  const known = catalogue.get(name) ?? { name, parameters: [], probability: 1 };
  return plan(known, Object.fromEntries(given));
}

function nameOf(step: unknown): string {
  const name = typeof step === 'object' && step !== null ? (step as Json).step : step;
  return typeof name === 'string' ? name : JSON.stringify(name ?? null);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** Which step, and which of its settings, a refusal is about. */
export interface Refusal {
  readonly message: string;
  readonly stage?: Stage;
  readonly index?: number;
  readonly parameter?: string;
}

/** What the server says of a recipe, at the step it says it of: `{"step": "augment[1] rotate", "parameter": "degrees"}`. */
export function refusalFrom(message: string, details: Json): Refusal {
  const [, stage, index] = /^(preprocess|augment)\[(\d+)\]/.exec(textOf(details.step)) ?? [];
  if (stage === undefined) return { message };
  const parameter = textOf(details.parameter);
  return {
    message: message.replace(/^(preprocess|augment)\[\d+\]( \w+)?: /, ''),
    stage: stage as Stage,
    index: Number(index),
    ...(parameter === '' ? {} : { parameter }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A step for a slider that is neither too coarse nor has digits nobody wants; undefined for ranges too long for one. */
export function sliderStep(low: number, high: number, whole: boolean): number | undefined {
  const span = high - low;
  if (span <= 0 || span > 1000) return undefined;
  if (whole) return 1;
  return [5, 1, 0.5, 0.1, 0.05].find((step) => step <= span / 60) ?? 0.01;
}
