import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, type ICommandPalette } from '@jupyterlab/apputils';
import { addIcon } from '@jupyterlab/ui-components';
import { showAbout } from './about.js';
import { ids } from './command-ids.js';
import { placeFrom, type Documents } from './documents.js';
import type { Host } from './host.js';
import { datasetIcon } from './icons.js';
import { deleteSelected } from './images/bulk.js';
import { addFiling } from './filing.js';
import { openInNotebook } from './notebook.js';
import { refusalOf } from './parts/rights.js';
import { doing } from './parts/say.js';

/** Adds every command of the panel, and lists those that need no argument in the palette. */
export function addCommands(
  app: JupyterFrontEnd,
  host: Host,
  documents: Documents,
  palette: ICommandPalette | null,
): void {
  addGeneral(app, host, documents);
  addToDocument(app, host, documents);
  addFiling(app, host, documents);
  const listed = [
    ...[
      ids.showDatasets,
      ids.createDataset,
      ids.uploadImages,
      ids.uploadFolder,
      ids.import,
      ids.export,
      ids.renameDataset,
    ],
    ...[ids.openInNotebook, ids.showJobs, ids.focusQuery, ids.selectAllImages, ids.deleteImages, ids.about],
  ];
  const { trans } = host;
  for (const command of listed) palette?.addItem({ command, category: trans.__('Datasets') });
}

function addGeneral({ commands, shell }: JupyterFrontEnd, host: Host, documents: Documents): void {
  const { trans } = host;
  commands.addCommand(ids.about, {
    label: trans.__('About Roboflow for Jupyter'),
    caption: trans.__('Show the version and whether the server answers'),
    execute: () => showAbout(host),
  });
  commands.addCommand(ids.showDatasets, {
    label: trans.__('Show Datasets'),
    caption: trans.__('Show the image datasets in the sidebar'),
    icon: datasetIcon,
    execute: () => {
      shell.activateById('roboflow-datasets');
    },
  });
  commands.addCommand(ids.createDataset, {
    label: (args) => (args.isLauncher ? trans.__('Image Dataset') : trans.__('New Image Dataset…')),
    caption: trans.__('Make a dataset of images to annotate'),
    icon: (args) => (args.isPalette ? undefined : args.isLauncher ? datasetIcon : addIcon),
    execute: () => createDataset(host, documents),
  });
  commands.addCommand(ids.openDataset, {
    label: trans.__('Open Dataset'),
    execute: (args) => {
      const { model } = documents.open(Number(args.id), placeFrom(args));
      if (args.tab !== undefined) model.show(placeFrom(args)?.tab ?? 'images');
    },
  });
}

async function createDataset(host: Host, documents: Documents): Promise<void> {
  const { api, trans, changes } = host;
  const { value } = await InputDialog.getText({
    title: trans.__('New dataset'),
    label: trans.__('Name'),
    placeholder: trans.__('Blood cells'),
    okLabel: trans.__('Create'),
  });
  if (value === null || value.trim() === '') return;
  const make = async () => {
    const { id } = await api.datasets.create(value);
    changes.tell(id);
    documents.open(id);
  };
  await doing(trans, make, trans.__('The dataset was not made.'));
}

/** Commands of the open dataset, most of them for keys. */
function addToDocument(app: JupyterFrontEnd, host: Host, documents: Documents): void {
  const { commands } = app;
  const { trans } = host;
  const isEnabled = () => documents.current !== undefined;
  commands.addCommand(ids.focusQuery, {
    label: trans.__('Find Images'),
    isEnabled,
    execute: () => {
      documents.current?.node.querySelector<HTMLElement>('.jp-rf-Query')?.focus();
    },
  });
  commands.addCommand(ids.selectAllImages, {
    label: trans.__('Select All Images'),
    isEnabled,
    execute: () => {
      documents.current?.model.select({ type: 'all' });
    },
  });
  commands.addCommand(ids.deleteImages, {
    label: trans.__('Delete Selected Images'),
    isEnabled: () => mayManage(host, documents),
    execute: () => documents.current && deleteSelected(documents.current.model),
  });
  commands.addCommand(ids.renameDataset, {
    label: trans.__('Rename Dataset…'),
    isEnabled: () => mayManage(host, documents),
    execute: () => documents.current && renameDataset(host, documents.current.datasetId),
  });
  commands.addCommand(ids.openInNotebook, {
    label: trans.__('Open Dataset in a Notebook'),
    caption: trans.__('A notebook with the cell that does the same in code'),
    isEnabled,
    execute: () => documents.current && openInNotebook(app, host, documents.current.model),
  });
}

/** Whether there is an open dataset whose content and name this person may change. */
function mayManage({ trans }: Host, { current }: Documents): boolean {
  return current !== undefined && refusalOf('manage', current.model.role(), trans) === undefined;
}

async function renameDataset({ api, trans, changes }: Host, id: number): Promise<void> {
  const { name } = await api.datasets.get(id);
  const { value } = await InputDialog.getText({
    title: trans.__('Rename dataset'),
    label: trans.__('Name'),
    text: name,
  });
  if (value === null || value === name) return;
  await doing(trans, () => api.datasets.rename(id, value), trans.__('The dataset was not renamed.'));
  changes.tell(id);
}
