import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { DatasetModel } from '../document/dataset-model.js';
import { doing } from '../parts/say.js';
import type { BulkUndo, ImageChange } from '../wire.js';
import { chosenOf, type Chosen } from './chosen.js';
import { isSelected } from './selection.js';

/** How long something can be taken back. */
export const UNDO_MS = 8000;

/** What is selected in the list that is shown. */
export function chosenIn(model: DatasetModel): Chosen {
  const list = model.images.get();
  return chosenOf(model.selection.get(), list.where, list.get().total ?? 0);
}

/** Change all selected images at once, with a way back; `done` says what happened to how many. */
export async function changeSelected(
  model: DatasetModel,
  change: ImageChange,
  done: (count: string) => string,
): Promise<void> {
  const { api, changes, trans } = model.host;
  const selection = model.selection.get();
  const chosen = chosenIn(model);
  if (chosen.expected === 0) return;
  model.images.get().apply((id) => isSelected(selection, id), change);
  const work = async () => {
    const { images, undo } = await api.images.changeAll(model.id, { ...chosen, ...change });
    if (selection.everything) model.select({ type: 'none' }); // what fits the query is another lot now
    Notification.success(done(images.toLocaleString()), {
      autoClose: UNDO_MS,
      actions: undo.length > 0 ? [{ label: trans.__('Undo'), callback: () => void takeBack(model, undo) }] : [],
    });
  };
  await doing(trans, work, trans.__('The images were not changed.'));
  changes.tell(model.id);
}

async function takeBack({ host, id }: DatasetModel, undo: readonly BulkUndo[]): Promise<void> {
  const { trans } = host;
  const work = async () => {
    for (const { ids, ...back } of undo) await host.api.images.change(id, ids, back);
  };
  await doing(trans, work, trans.__('Not everything was taken back.'));
  host.changes.tell(id);
}

/** Ask for tags and add or remove them. */
export async function tagSelected(model: DatasetModel, what: 'add' | 'remove'): Promise<void> {
  const { trans } = model.host;
  const { expected } = chosenIn(model);
  const count = expected.toLocaleString();
  const title =
    what === 'add'
      ? trans._n('Add tags to %2 image', 'Add tags to %2 images', expected, count)
      : trans._n('Remove tags from %2 image', 'Remove tags from %2 images', expected, count);
  const known = (model.tags.get().value ?? []).map(({ tag }) => tag);
  const label =
    known.length > 0
      ? trans.__('Tags, with commas between them. There are: %1', known.slice(0, 12).join(', '))
      : trans.__('Tags, with commas between them');
  const { value } = await InputDialog.getText({ title, label });
  const tags = (value ?? '').split(',').flatMap((tag) => tag.trim() || []);
  if (tags.length === 0) return;
  const change = what === 'add' ? { add_tags: tags } : { remove_tags: tags };
  await changeSelected(model, change, (images) => trans.__('Tags of %1 images changed.', images));
}

/** Delete after a while in which it can be taken back; asked first. */
export async function deleteSelected(model: DatasetModel): Promise<void> {
  const { trans } = model.host;
  const chosen = chosenIn(model);
  if (chosen.expected === 0) return;
  const count = chosen.expected.toLocaleString();
  const { button } = await showDialog({
    title: trans._n('Delete %2 image?', 'Delete %2 images?', chosen.expected, count),
    body: trans.__('Their annotations are deleted with them. Versions keep what they have.'),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })],
  });
  if (!button.accept) return;
  const spare = model.doom(model.selection.get());
  model.select({ type: 'none' });
  const work = async () => {
    await doing(trans, () => model.host.api.images.delete(model.id, chosen), trans.__('The images were not deleted.'));
    spare();
    model.host.changes.tell(model.id);
  };
  later(
    model,
    trans._n('%2 image will be deleted.', '%2 images will be deleted.', chosen.expected, count),
    work,
    spare,
  );
}

/** Do something that has no way back once there was time to take it back, or when the dataset is closed. */
function later(model: DatasetModel, told: string, work: () => Promise<void>, undone: () => void): void {
  const carryOut = () => {
    forget();
    void work();
  };
  const timer = setTimeout(carryOut, UNDO_MS);
  const stopWaiting = model.whenClosed(carryOut);
  const forget = () => {
    clearTimeout(timer);
    stopWaiting();
  };
  const undo = () => {
    forget();
    undone();
  };
  const { trans } = model.host;
  Notification.info(told, { autoClose: UNDO_MS, actions: [{ label: trans.__('Undo'), callback: undo }] });
}
