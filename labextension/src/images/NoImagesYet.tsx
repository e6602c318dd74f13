import { ids } from '../command-ids.js';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { uploadIcon } from '../icons.js';
import { Button } from '../parts/Button.js';
import { refusalOf } from '../parts/rights.js';
import { useStore } from '../store.js';

interface Props {
  readonly model: DatasetModel;
  /** What cannot be done without any. */
  readonly children: string;
}

/** On a tab that needs images while the dataset has none: what to do about it. */
export function NoImagesYet({ model, children }: Props) {
  const { trans, commands } = useHost();
  const role = useStore(model.dataset).value?.role;
  return (
    <div className="jp-rf-Message">
      <p>{children}</p>
      <Button
        kind="accept"
        icon={uploadIcon}
        refusal={refusalOf('annotate', role, trans)}
        onClick={() => {
          model.show('images');
          void commands.execute(ids.uploadImages, { id: model.id });
        }}
      >
        {trans.__('Upload images')}
      </Button>
    </div>
  );
}
