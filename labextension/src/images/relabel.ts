import { Dialog, Notification, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { createElement } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { doing } from '../parts/say.js';
import { chosenIn, later } from './bulk.js';
import { RelabelForm, type Relabeling } from './RelabelForm.js';

/** Give the annotations of the selected images another label, after a while in which that can be taken back. */
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
    const relabel = async () => {
      const wish = { ...chosen, target: to, ...(from === '' ? {} : { source: from }) };
      const { annotations } = await api.images.relabel(model.id, wish);
      Notification.success(trans.__('%1 annotations are “%2” now.', annotations.toLocaleString(), to));
    };
    await doing(trans, relabel, trans.__('The labels were not changed.'));
    changes.tell(model.id);
  };
  later(
    model,
    from === ''
      ? trans.__('All annotations of %1 images will be “%2”.', count, to)
      : trans.__('“%1” will be “%2” in %3 images.', from, to, count),
    work,
  );
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
