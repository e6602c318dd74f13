import { Dialog, InputDialog, ReactWidget, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { DatasetModel } from '../document/dataset-model.js';
import { FORMAT_TITLES } from '../parts/formats.js';
import { doing } from '../parts/say.js';
import { describe } from '../parts/trouble.js';
import { RestError } from '../rest.js';
import type { ImportPreview } from '../wire.js';
import { ImportReport } from './ImportReport.js';

/**
 * Look into a file, show what an import would read and lose, and import it if that is what the person wants.
 * `orElse` is tried when it is in no format: true when that was it.
 */
export async function importFile(model: DatasetModel, file: File, orElse: () => Promise<boolean>): Promise<void> {
  const { trans } = model.host;
  let preview: ImportPreview | undefined;
  try {
    preview = await lookAsMeant(model, file);
  } catch (error) {
    if (error instanceof RestError && error.code === 'unknown_format' && (await orElse())) return;
    await showErrorMessage(trans.__('%1 cannot be imported', file.name), describe(error, trans));
  }
  if (preview === undefined) return;
  const { button } = await showDialog({
    title: trans.__('Import %1', file.name),
    body: ReactWidget.create(<ImportReport preview={preview} trans={trans} />),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Import') })],
  });
  if (button.accept) await start(model, file, preview.format);
}

/** What is in the file; when that could be several datasets, in the one that the person chooses. */
async function lookAsMeant(model: DatasetModel, file: File): Promise<ImportPreview | undefined> {
  try {
    return await look(model, file);
  } catch (error) {
    const formats = error instanceof RestError && error.code === 'ambiguous_format' ? error.details.formats : undefined;
    if (!Array.isArray(formats)) throw error;
    const format = await chooseFormat(model, file, formats.map(String));
    return format === undefined ? undefined : look(model, file, format);
  }
}

async function chooseFormat({ host: { trans } }: DatasetModel, file: File, formats: readonly string[]) {
  const titles = formats.map((format) => FORMAT_TITLES[format] ?? format);
  const { value } = await InputDialog.getItem({
    title: trans.__('%1 holds more than one dataset', file.name),
    label: trans.__('Which one is to be imported? The others can be imported after it.'),
    items: titles,
    okLabel: trans.__('Look into it'),
  });
  return value === null ? undefined : formats[titles.indexOf(value)];
}

/** What is in the file; undefined when the person does not want to wait for it. */
async function look(model: DatasetModel, file: File, format?: string): Promise<ImportPreview | undefined> {
  const { api, trans } = model.host;
  const giveUp = new AbortController();
  const waiting = new Dialog({
    title: trans.__('Looking into %1', file.name),
    body: trans.__('Finding its format and what is in it. Nothing is written yet.'),
    buttons: [Dialog.cancelButton()],
  });
  waiting.launch().then(
    () => {
      giveUp.abort();
    },
    () => undefined, // closed by us, the answer being there
  );
  try {
    const form = formOf(file, format);
    return await api.rest.form<ImportPreview>(`${importPath(model)}/preview`, form, giveUp.signal);
  } catch (error) {
    if (giveUp.signal.aborted) return undefined;
    throw error;
  } finally {
    waiting.dispose();
  }
}

async function start(model: DatasetModel, file: File, format: string): Promise<void> {
  const { api, trans, jobs } = model.host;
  const begin = () => api.rest.form(importPath(model), formOf(file, format));
  if (!(await doing(trans, begin, trans.__('The import was not started.')))) return;
  jobs.hurry();
  model.show('jobs');
}

function importPath(model: DatasetModel): string {
  return `datasets/${String(model.id)}/import`;
}

function formOf(file: File, format?: string): FormData {
  const form = new FormData();
  if (format !== undefined) form.append('format', format);
  form.append('file', file, file.name);
  return form;
}
