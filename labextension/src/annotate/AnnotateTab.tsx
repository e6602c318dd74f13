import { Annotator } from '@jupyter-roboflow/widgets/ui';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { NoImagesYet } from '../images/NoImagesYet.js';
import { Button } from '../parts/Button.js';
import { useStore } from '../store.js';

/** One image after another, as the Images tab lists them. */
export function AnnotateTab({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  const annotating = useStore(model.annotating);
  const dataset = useStore(model.dataset).value;
  const list = useStore(model.images);
  const { total } = useStore(list);
  const { query } = useStore(model.place);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (dataset !== undefined && total !== undefined && total > 0) model.annotate();
  }, [model, dataset, list, total]);
  useEffect(() => {
    // What had the keyboard is gone: an image in the grid. Whoever came by the row of tabs stays in it.
    if (annotating === undefined || document.activeElement !== document.body) return;
    box.current?.querySelector<HTMLElement>('.rf-canvas')?.focus({ preventScroll: true });
  }, [annotating]);
  if (total === 0 && query.trim() === '')
    return (
      <NoImagesYet model={model}>{trans.__('There is nothing to annotate: the dataset has no image yet.')}</NoImagesYet>
    );
  if (total === 0) {
    return (
      <div className="jp-rf-Message">
        <p>{trans.__('No image fits what is looked for on the Images tab: %1', query)}</p>
        <Button
          onClick={() => {
            model.showImages('');
          }}
        >
          {trans.__('Show all images')}
        </Button>
      </div>
    );
  }
  if (annotating === undefined) {
    return (
      <p className="jp-rf-Message" role="status" aria-busy="true">
        {trans.__('Loading…')}
      </p>
    );
  }
  return (
    <div ref={box} className="jp-rf-Annotate" onKeyDownCapture={leaveTools}>
      <Annotator key={annotating.made} sitting={annotating.sitting} trans={trans} />
    </div>
  );
}

/** Escape leads from the canvas to the tools, and from the tools to the row of tabs. */
function leaveTools({ key, target, currentTarget }: KeyboardEvent): void {
  if (key !== 'Escape' || !(target instanceof Element) || target.closest('.rf-tools') === null) return;
  const tab = currentTarget.closest('[role=tabpanel]')?.getAttribute('aria-labelledby');
  document.getElementById(tab ?? '')?.focus();
}
