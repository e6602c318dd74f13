import type { TranslationBundle } from '@jupyterlab/translation';
import type { Words } from '../parts/words.js';
import type { Json } from '../wire.js';

/** What is known of something that happened: details differ by what it was. */
export interface Told {
  readonly trans: TranslationBundle;
  readonly words: Words;
  readonly subject: string;
  readonly details: Json;
  /** The image it happened to, by its id. */
  readonly image: number;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

export function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
