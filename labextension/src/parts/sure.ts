import { Dialog, showDialog } from '@jupyterlab/apputils';

/** Whether the person really means it. */
export async function sure(title: string, body: string, label: string): Promise<boolean> {
  const { button } = await showDialog({ title, body, buttons: [Dialog.cancelButton(), Dialog.warnButton({ label })] });
  return button.accept;
}
