import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RestError } from '../../rest.js';
import type { PreviewItem, PreviewSpec, StepDescription } from '../../wire.js';
import { RecipeBuilder } from './builder.js';
import { add } from './recipe.js';

const flip = { name: 'flip', stage: 'augment', probability: 0.5, parameters: [] } as unknown as StepDescription;

/** A server that answers when it is told to. */
function slowly() {
  const asked: {
    spec: PreviewSpec;
    signal: AbortSignal;
    answer: (what: string) => void;
    refuse: (why: Error) => void;
  }[] = [];
  const preview = (_: number, spec: PreviewSpec, signal: AbortSignal) =>
    new Promise<{ items: PreviewItem[] }>((resolve, reject) => {
      const answer = (filename: string) => {
        resolve({ items: [{ filename } as PreviewItem] });
      };
      asked.push({ spec, signal, answer, refuse: reject });
    });
  const builder = new RecipeBuilder({ recipes: { preview } } as never, 7, new Map([['flip', flip]]));
  return { builder, asked };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('pictures of a recipe', () => {
  test('are asked for once however often a slider moves', async () => {
    const { builder, asked } = slowly();
    for (let seed = 1; seed <= 20; seed++) {
      builder.change({ ...builder.get().recipe, seed });
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.map(({ spec }) => spec.recipe.seed)).toEqual([20]);
  });

  test('that are late are not shown over newer ones, and nobody waits for them', async () => {
    const { builder, asked } = slowly();
    await vi.advanceTimersByTimeAsync(400);
    builder.change(add(builder.get().recipe, flip));
    expect(asked[0]?.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(400);
    asked[1]?.answer('new');
    asked[0]?.answer('old');
    await vi.advanceTimersByTimeAsync(0);
    expect(builder.get()).toMatchObject({ busy: false, items: [{ filename: 'new' }] });
  });

  test('stay while a step is refused, and the refusal is at the step until it is mended', async () => {
    const { builder, asked } = slowly();
    await vi.advanceTimersByTimeAsync(400);
    asked[0]?.answer('shown');
    await vi.advanceTimersByTimeAsync(0);
    builder.change(add(builder.get().recipe, flip));
    await vi.advanceTimersByTimeAsync(400);
    asked[1]?.refuse(new RestError(422, 'bad_parameter', 'augment[0] flip: no.', { step: 'augment[0] flip' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(builder.get()).toMatchObject({ items: [{ filename: 'shown' }], refusal: { stage: 'augment', index: 0 } });
    builder.change({ ...builder.get().recipe, seed: 1 });
    await vi.advanceTimersByTimeAsync(400);
    asked[2]?.answer('mended');
    await vi.advanceTimersByTimeAsync(0);
    expect(builder.get()).toMatchObject({ items: [{ filename: 'mended' }], refusal: undefined });
  });

  test('do not come when the server is gone: that is not the recipe’s fault', async () => {
    const { builder, asked } = slowly();
    await vi.advanceTimersByTimeAsync(400);
    asked[0]?.refuse(new RestError(0, 'unreachable', 'refused'));
    await vi.advanceTimersByTimeAsync(0);
    expect(builder.get()).toMatchObject({ busy: false, refusal: undefined, trouble: { status: 0 } });
    void builder.look();
    asked[1]?.answer('back');
    await vi.advanceTimersByTimeAsync(0);
    expect(builder.get()).toMatchObject({ items: [{ filename: 'back' }], trouble: undefined });
  });

  test('show the copies that the recipe makes, three at most', async () => {
    const { builder, asked } = slowly();
    for (const multiplier of [1, 2, 3, 50]) {
      builder.change({ ...builder.get().recipe, multiplier });
      await vi.advanceTimersByTimeAsync(400);
    }
    expect(asked.map(({ spec }) => spec.copies)).toEqual([1, 1, 2, 3]);
  });

  test('are not asked for once the recipe is closed', async () => {
    const { builder, asked } = slowly();
    builder.close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([]);
  });
});
