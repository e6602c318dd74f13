import { Notification } from '@jupyterlab/apputils';
import type { DatasetModel } from '../document/dataset-model.js';
import { refusalOf } from '../parts/rights.js';
import { doing, NOTICE } from '../parts/say.js';
import { filesOfChooser, filesOfDrop, isPicture, kindOf, picturesOf, type DroppedFile } from './dropped-files.js';
import { importFile } from './import-dialogs.js';
import { Upload } from './upload.js';
import { filesOfZip } from './zip-pictures.js';

/** Between looks at a dataset that is being filled. */
const REFRESH_MS = 1500;

interface FileChoice {
  readonly accept: string;
  readonly multiple: boolean;
  /** A whole folder, with those in it, rather than files. */
  readonly folder?: boolean;
}

/** Let the person choose files; nothing when they think better of it. */
export function chooseFiles(options: FileChoice): Promise<DroppedFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = options.accept;
    input.multiple = options.multiple;
    input.webkitdirectory = options.folder === true;
    input.addEventListener('change', () => {
      resolve(input.files ? filesOfChooser(input.files) : []);
    });
    input.addEventListener('cancel', () => {
      resolve([]);
    });
    input.click();
  });
}

/** Add what is dropped. To be called while the event is handled. */
export async function addDrop(model: DatasetModel, transfer: DataTransfer): Promise<void> {
  const { trans } = model.host;
  const reading = filesOfDrop(transfer, (count) => {
    model.looking.set(count);
  });
  let files: readonly DroppedFile[] = [];
  const read = async () => {
    files = await reading;
  };
  const isRead = await doing(trans, read, trans.__('What was dropped cannot be read: nothing was added.'));
  model.looking.set(undefined);
  if (isRead) await addFiles(model, files);
}

/** Add what was dropped or chosen: one zip or COCO file is imported, pictures are uploaded. */
export async function addFiles(model: DatasetModel, files: readonly DroppedFile[]): Promise<void> {
  const { trans } = model.host;
  const only = files[0];
  const kind = kindOf(files);
  const refusal = refusalOf(kind === 'dataset' ? 'manage' : 'annotate', model.role(), trans);
  if (refusal !== undefined && kind !== 'nothing') {
    Notification.warning(refusal, NOTICE);
    return;
  }
  if (kind === 'dataset' && only) {
    await importFile(model, only.file, () => addPicturesOf(model, only.file));
    return;
  }
  const { pictures, others } = picturesOf(files);
  if (others > 0) {
    Notification.warning(
      trans._n('%1 file is not a picture and was left out.', '%1 files are not pictures and were left out.', others),
      NOTICE,
    );
  }
  if (pictures.length > 0) await upload(model, pictures);
}

/** The pictures of a zip that is no dataset; false when there is none in it. */
async function addPicturesOf(model: DatasetModel, zip: File): Promise<boolean> {
  const pictures = await filesOfZip(zip, isPicture).catch(() => []);
  if (pictures.length > 0) void upload(model, pictures);
  return pictures.length > 0;
}

async function upload(model: DatasetModel, pictures: readonly DroppedFile[]): Promise<void> {
  const { trans, api, changes } = model.host;
  if (model.upload.get()?.get().over === false) {
    Notification.warning(
      trans.__('Another upload to this dataset is under way. Wait for it or stop it first.'),
      NOTICE,
    );
    return;
  }
  let told = 0;
  const tell = () => {
    const now = Date.now();
    if (now - told < REFRESH_MS) return;
    told = now;
    changes.tell(model.id);
  };
  const upload = new Upload(api, model.id, pictures, tell);
  model.upload.set(upload);
  await upload.run();
  changes.tell(model.id);
}
