import type { TranslationBundle } from '@jupyterlab/translation';
import type { Json } from '../wire.js';

/** One kind of thing that happened to annotations or images, and where. */
export interface LossLine {
  /** `clipped`, `split`, `changed`, `dropped`, `left out`, or `noted` when nothing is lost. */
  readonly what: string;
  readonly why: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** The server's record of losses, what is lost before what is only noted, and the most frequent first. */
export function lossLines(losses: readonly Json[]): LossLine[] {
  const lines = losses.map((loss): LossLine => ({
    what: textOf(loss.what),
    why: textOf(loss.why),
    count: typeof loss.count === 'number' ? loss.count : 1,
    examples: Array.isArray(loss.examples) ? loss.examples.map(textOf) : [],
  }));
  return lines.sort((one, other) => Number(isNote(one)) - Number(isNote(other)) || other.count - one.count);
}

export function isNote({ what }: LossLine): boolean {
  return what === 'noted';
}

/** How many things are lost or changed: notes do not count. */
export function lostCount(lines: readonly LossLine[]): number {
  return lines.reduce((sum, line) => sum + (isNote(line) ? 0 : line.count), 0);
}

/** What happened, in a word. */
export function lossWord(what: string, trans: TranslationBundle): string {
  const words: Readonly<Record<string, string>> = {
    clipped: trans.__('clipped'),
    split: trans.__('split'),
    changed: trans.__('changed'),
    dropped: trans.__('dropped'),
    'left out': trans.__('left out'),
    noted: trans.__('noted'),
  };
  return words[what] ?? what;
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
