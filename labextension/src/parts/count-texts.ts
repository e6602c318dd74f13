import type { TranslationBundle } from '@jupyterlab/translation';
import type { Json } from '../wire.js';

type Saying = (count: number, shown: string) => string;

/** Counts of the server as one line: `48 images · 678 annotations`. What is zero is left out. */
export function countsText(trans: TranslationBundle, counts: Json): string {
  const sayings = sayingsIn(trans);
  return Object.entries(counts)
    .flatMap(([name, count]) => {
      if (typeof count !== 'number' || count <= 0) return [];
      const shown = count.toLocaleString();
      return [sayings[name]?.(count, shown) ?? `${name.replaceAll('_', ' ')}: ${shown}`];
    })
    .join(' · ');
}

/** By the names that jobs and versions count under. */
function sayingsIn(trans: TranslationBundle): Readonly<Record<string, Saying>> {
  return {
    images: (count, shown) => trans._n('%2 image', '%2 images', count, shown),
    annotations: (count, shown) => trans._n('%2 annotation', '%2 annotations', count, shown),
    images_added: (count, shown) => trans._n('%2 image added', '%2 images added', count, shown),
    images_known: (count, shown) =>
      trans._n('%2 image was there already', '%2 images were there already', count, shown),
    annotations_added: (count, shown) => trans._n('%2 annotation added', '%2 annotations added', count, shown),
    annotations_known: (count, shown) =>
      trans._n('%2 annotation was there already', '%2 annotations were there already', count, shown),
    augmented: (count, shown) => trans._n('%2 augmented', '%2 augmented', count, shown),
    train: (_, shown) => trans.__('%1 in train', shown),
    valid: (_, shown) => trans.__('%1 in valid', shown),
    test: (_, shown) => trans.__('%1 in test', shown),
    added: (count, shown) => trans._n('%2 added', '%2 added', count, shown),
    removed: (count, shown) => trans._n('%2 removed', '%2 removed', count, shown),
    changed: (count, shown) => trans._n('%2 changed', '%2 changed', count, shown),
  };
}
