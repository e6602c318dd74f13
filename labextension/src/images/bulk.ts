import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { DatasetModel } from '../document/dataset-model.js';
import { doing } from '../parts/say.js';
import type { ImageChange, ImageInfo } from '../wire.js';
import { changed } from './image-list.js';

/** How long a deletion can be taken back. */
const UNDO_MS = 8000;

/** Change all selected images at once, with a way back. */
export async function changeSelected(model: DatasetModel, change: ImageChange, done: string): Promise<void> {
  const ids = model.selection.get().ids;
  const before = model.images.get().known(ids);
  if (!(await apply(model, ids, change))) return;
  const undo = undoOf(before, change);
  const { trans } = model.host;
  Notification.success(done, {
    autoClose: UNDO_MS,
    actions: before.length === ids.size ? [{ label: trans.__('Undo'), callback: () => void undoAll(model, undo) }] : [],
  });
}

async function apply(model: DatasetModel, ids: ReadonlySet<number>, change: ImageChange): Promise<boolean> {
  const { api, changes, trans } = model.host;
  model.images.get().apply(ids, change);
  const work = () => api.images.change(model.id, [...ids], change);
  const done = await doing(work, trans.__('The images were not changed.'));
  changes.tell(model.id);
  return done;
}

async function undoAll(model: DatasetModel, undo: ReadonlyMap<string, Undo>): Promise<void> {
  for (const { ids, change } of undo.values()) await apply(model, new Set(ids), change);
}

export interface Undo {
  readonly ids: number[];
  readonly change: ImageChange;
}

/** What brings images back to how they were before a change: those that need the same together. */
export function undoOf(before: readonly ImageInfo[], change: ImageChange): ReadonlyMap<string, Undo> {
  const undo = new Map<string, Undo>();
  for (const image of before) {
    const after = changed(image, change);
    const back: ImageChange = {
      ...(change.split === undefined ? {} : { split: image.split ?? 'none' }),
      ...(change.state === undefined ? {} : { state: image.state }),
      add_tags: image.tags.filter((tag) => !after.tags.includes(tag)),
      remove_tags: after.tags.filter((tag) => !image.tags.includes(tag)),
    };
    const key = JSON.stringify(back);
    const group = undo.get(key) ?? { ids: [], change: back };
    group.ids.push(image.id);
    undo.set(key, group);
  }
  return undo;
}

/** Ask for tags and add or remove them. */
export async function tagSelected(model: DatasetModel, what: 'add' | 'remove'): Promise<void> {
  const { trans } = model.host;
  const count = model.selection.get().ids.size;
  const title =
    what === 'add' ? trans.__('Add tags to %1 images', count) : trans.__('Remove tags from %1 images', count);
  const { value } = await InputDialog.getText({ title, label: trans.__('Tags, with commas between them') });
  const tags = (value ?? '').split(',').flatMap((tag) => tag.trim() || []);
  if (tags.length === 0) return;
  const change = what === 'add' ? { add_tags: tags } : { remove_tags: tags };
  await changeSelected(model, change, trans.__('Tags of %1 images changed.', count));
}

/** Delete after a while in which it can be taken back; asked first when it is a lot. */
export async function deleteSelected(model: DatasetModel): Promise<void> {
  const { trans } = model.host;
  const ids = [...model.selection.get().ids];
  if (ids.length === 0) return;
  const { button } = await showDialog({
    title: trans._n('Delete %1 image?', 'Delete %1 images?', ids.length, ids.length.toLocaleString()),
    body: trans.__('Their annotations are deleted with them. Versions keep what they have.'),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })],
  });
  if (button.accept) deleteLater(model, ids);
}

function deleteLater(model: DatasetModel, ids: readonly number[]): void {
  const { trans } = model.host;
  model.doom(ids, true);
  model.select({ type: 'drop', ids });
  const carryOut = () => {
    forget();
    void reallyDelete(model, ids);
  };
  const timer = setTimeout(carryOut, UNDO_MS);
  const stopWaiting = model.whenClosed(carryOut);
  const forget = () => {
    clearTimeout(timer);
    stopWaiting();
  };
  const undo = () => {
    forget();
    model.doom(ids, false);
  };
  Notification.info(
    trans._n('%1 image will be deleted.', '%1 images will be deleted.', ids.length, ids.length.toLocaleString()),
    { autoClose: UNDO_MS, actions: [{ label: trans.__('Undo'), callback: undo }] },
  );
}

async function reallyDelete(model: DatasetModel, ids: readonly number[]): Promise<void> {
  const { api, changes, trans } = model.host;
  await doing(() => api.images.delete(model.id, ids), trans.__('The images were not deleted.'));
  model.doom(ids, false);
  changes.tell(model.id);
}
