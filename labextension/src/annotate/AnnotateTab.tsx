import { Annotator } from '@jupyter-roboflow/widgets/ui';
import { useEffect } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { useStore } from '../store.js';

/** One image after another, as the Images tab lists them. */
export function AnnotateTab({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  const annotating = useStore(model.annotating);
  const dataset = useStore(model.dataset).value;
  const list = useStore(model.images);
  const { total } = useStore(list);
  useEffect(() => {
    if (dataset !== undefined && total !== undefined && total > 0) model.annotate();
  }, [model, dataset, list, total]);
  if (total === 0) {
    return (
      <div className="jp-rf-Message">
        <p>{trans.__('There is no image to annotate here.')}</p>
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
      <p className="jp-rf-Message" role="status">
        {trans.__('Loading…')}
      </p>
    );
  }
  return (
    <div className="jp-rf-Annotate">
      <Annotator key={annotating.made} sitting={annotating.sitting} trans={trans} />
    </div>
  );
}
