import type { TranslationBundle } from '@jupyterlab/translation';
import { SPOTS } from './spots.js';

/** What deserves a look in a dataset. */
export function healthAdvice(trans: TranslationBundle): readonly string[] {
  return [
    trans.__('Fewer than %1 annotations of %2: too few to learn from; collect more.', ...SPOTS),
    trans.__(
      'Labels are out of balance: %1 has %2 annotations, %3 %4. Collect more of the rare ones, or weigh or augment them in training.',
      ...SPOTS,
    ),
    trans.__('No annotation of %1 in %2: split again with stratification, or collect more.', ...SPOTS),
    trans.__('No image has a split: split the dataset before training, for example 70 % train, 20 % valid, 10 % test.'),
    trans.__('No image is in %1: training needs it. Split again with a share for it.', ...SPOTS),
    trans.__('Nothing is annotated as %1: annotate examples, or delete the %2.', ...SPOTS),
    trans.__('The dataset has no images: upload some, or import a dataset.'),
    trans.__('Too many look-alike images to compare them all: there are more pairs than counted here.'),
    trans.__('%1 are tiny (first on %2): look for stray clicks, or use larger images or tiles.', ...SPOTS),
    trans.__('%1 fill their image (first on %2): check that they are meant.', ...SPOTS),
    trans.__('%1 fills its image (first on %2): check that they are meant.', ...SPOTS),
    trans.__('%1 is tiny (first on %2): look for stray clicks, or use larger images or tiles.', ...SPOTS),
    trans.__(
      '%1 not annotated yet: annotate them, or mark those with nothing in them as empty. Exports leave unlabeled images out.',
      ...SPOTS,
    ),
    trans.__(
      '%1 of look-alike images across splits%2: scores on valid and test will be too good. Keep related images in one split: split again with a group.',
      ...SPOTS,
    ),
    trans.__('%1 of look-alike images within a split: they add little; consider removing some.', ...SPOTS),
    trans.__('%1 reach beyond their image (first on %2): clip or redraw them.', ...SPOTS),
    trans.__('%1 reaches beyond its image (first on %2): clip or redraw them.', ...SPOTS),
    trans.__('%1 repeat another (first on %2): delete the doubles.', ...SPOTS),
    trans.__('%1 repeats another (first on %2): delete the doubles.', ...SPOTS),
    trans.__('%1 without a split: split again, or give them one.', ...SPOTS),
  ];
}
