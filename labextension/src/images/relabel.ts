import { Dialog, Notification, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { createElement } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { reasonOf } from '../rest.js';
import { RelabelForm, type Relabeling } from './RelabelForm.js';

/** Requests under way at once. */
const AT_ONCE = 4;

interface WireSet {
  readonly revision: number;
  readonly annotations: readonly { readonly label: string }[];
}

/** Give the annotations of the selected images another label, each image as one save of its set. */
export async function relabelSelected(model: DatasetModel): Promise<void> {
  const { trans } = model.host;
  const ids = [...model.selection.get().ids];
  const labels = (model.labels.get().value ?? []).map(({ name }) => name);
  const form = new RelabelBody(trans, labels);
  const { button } = await showDialog({
    title: trans._n('Relabel %1 image', 'Relabel %1 images', ids.length, ids.length.toLocaleString()),
    body: form,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Relabel') })],
  });
  const wish = form.getValue();
  if (!button.accept || wish.to === '' || wish.from === wish.to) return;
  const work = relabelAll(model, ids, wish);
  Notification.promise(work, {
    pending: { message: trans.__('Changing labels of %1 images…', ids.length) },
    success: { message: (count: unknown) => trans.__('%1 annotations have another label.', String(count)) },
    error: {
      message: (error) => `${trans.__('Not all labels were changed.')} ${reasonOf(error)}`,
      options: { autoClose: false },
    },
  });
  await work.catch(() => undefined);
  model.host.changes.tell(model.id);
}

async function relabelAll(model: DatasetModel, ids: readonly number[], wish: Relabeling): Promise<number> {
  const left = [...ids];
  let count = 0;
  const worker = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) count += await relabelOne(model, id, wish);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return count;
}

async function relabelOne({ host }: DatasetModel, id: number, wish: Relabeling): Promise<number> {
  const path = `images/${String(id)}/annotations`;
  const { revision, annotations } = await host.api.rest.get<WireSet>(path);
  const renamed = relabeled(annotations, wish);
  const count = renamed.filter((annotation, n) => annotation !== annotations[n]).length;
  if (count > 0) await host.api.rest.put(path, { annotations: renamed }, { 'If-Match': `"${String(revision)}"` });
  return count;
}

export function relabeled<A extends { readonly label: string }>(all: readonly A[], { from, to }: Relabeling): A[] {
  return all.map((one) => (one.label !== to && (from === '' || one.label === from) ? { ...one, label: to } : one));
}

class RelabelBody extends ReactWidget implements Dialog.IBodyWidget<Relabeling> {
  #value: Relabeling = { from: '', to: '' };

  constructor(
    private readonly trans: TranslationBundle,
    private readonly labels: readonly string[],
  ) {
    super();
  }

  getValue(): Relabeling {
    return this.#value;
  }

  protected override render() {
    const onChange = (value: Relabeling) => {
      this.#value = value;
    };
    return createElement(RelabelForm, { trans: this.trans, labels: this.labels, onChange });
  }
}
