import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { DatasetModel } from './document/dataset-model.js';
import type { Host } from './host.js';
import { cellFor } from './notebook-cell.js';
import { doing } from './parts/say.js';
import { toWire } from './versions/recipe/recipe.js';

/** A new notebook whose cell shows in code what the person has in front of them. */
export async function openInNotebook(app: JupyterFrontEnd, host: Host, model: DatasetModel): Promise<void> {
  const { trans } = host;
  const { contents } = app.serviceManager;
  const making = model.making.get()?.builder.get().recipe;
  const recipe = making && toWire(making);
  const source = cellFor(model.id, model.dataset.get().value?.name ?? '', model.place.get(), recipe);
  const make = async () => {
    const { path } = await contents.newUntitled({ type: 'notebook', path: '' });
    await contents.save(path, { type: 'notebook', format: 'json', content: notebookOf(source) });
    await app.commands.execute('docmanager:open', { path, factory: 'Notebook' });
  };
  await doing(trans, make, trans.__('The notebook was not made.'));
}

function notebookOf(source: string) {
  const cell = { cell_type: 'code', execution_count: null, id: 'roboflow', metadata: {}, outputs: [], source };
  const kernelspec = { name: 'python3', display_name: 'Python 3' };
  return { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}
