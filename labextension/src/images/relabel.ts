import { Dialog, Notification, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { createElement } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { doing, NOTICE } from '../parts/say.js';
import type { Relabeled } from '../wire.js';
import { chosenIn, UNDO_MS } from './bulk.js';
import { RelabelForm, type Relabeling } from './RelabelForm.js';

/** Give the annotations of the selected images another label, with a way back. */
export async function relabelSelected(model: DatasetModel): Promise<void> {
  const { trans, api, changes } = model.host;
  const chosen = chosenIn(model);
  const count = chosen.expected.toLocaleString();
  const labels = (model.labels.get().value ?? []).map(({ name }) => name);
  const form = new RelabelBody(trans, labels);
  const { button } = await showDialog({
    title: trans._n('Relabel %2 image', 'Relabel %2 images', chosen.expected, count),
    body: form,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Relabel') })],
  });
  const { from, to } = form.getValue();
  if (!button.accept || to === '' || from === to) return;
  const work = async () => {
    const wish = { ...chosen, target: to, ...(from === '' ? {} : { source: from }) };
    const done = await api.images.relabel(model.id, wish);
    if (model.selection.get().everything) model.select({ type: 'none' }); // what fits the query is another lot now
    const annotations = done.annotations.toLocaleString();
    Notification.success(
      trans._n('%2 annotation is “%3” now.', '%2 annotations are “%3” now.', done.annotations, annotations, to),
      {
        autoClose: UNDO_MS,
        actions: done.undo.length > 0 ? [{ label: trans.__('Undo'), callback: () => void takeBack(model, done) }] : [],
      },
    );
  };
  await doing(trans, work, trans.__('The labels were not changed.'));
  changes.tell(model.id);
}

async function takeBack({ host, id }: DatasetModel, done: Relabeled): Promise<void> {
  const { trans } = host;
  const work = async () => {
    const { annotations: back } = await host.api.images.undoRelabel(id, done.undo);
    const [count, all] = [back.toLocaleString(), done.annotations.toLocaleString()];
    Notification.info(
      back === done.annotations
        ? trans._n('%2 annotation has its label again.', '%2 annotations have their labels again.', back, count)
        : trans.__('%1 of %2 annotations have their labels again; the others were changed since.', count, all),
      NOTICE,
    );
  };
  await doing(trans, work, trans.__('The labels were not taken back.'));
  host.changes.tell(id);
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
