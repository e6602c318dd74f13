import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, Notification } from '@jupyterlab/apputils';
import { ids } from './command-ids.js';
import type { DatasetModel } from './document/dataset-model.js';
import type { Documents } from './documents.js';
import type { Host } from './host.js';
import { downloadIcon, importIcon, uploadIcon } from './icons.js';
import { exportDataset } from './jobs/export-dialog.js';
import { NOTICE } from './parts/say.js';
import { addFiles, chooseFiles } from './upload/adding.js';

/** Commands that bring files into a dataset and out of it. */
export function addFiling({ commands }: JupyterFrontEnd, host: Host, documents: Documents): void {
  const { trans } = host;
  /** The dataset a command is about: the one it names, the open one, the one the person then chooses. */
  const target = async (id: unknown): Promise<DatasetModel | undefined> => {
    const chosen = typeof id === 'number' ? id : (documents.current?.datasetId ?? (await chooseDataset(host)));
    return chosen === undefined ? undefined : documents.open(chosen).model;
  };
  commands.addCommand(ids.uploadImages, {
    label: trans.__('Upload Images…'),
    icon: (args) => (args.isPalette ? undefined : uploadIcon),
    execute: async (args) => {
      const model = await target(args.id);
      if (model) await addFiles(model, await chooseFiles({ accept: 'image/*,.zip', multiple: true }));
    },
  });
  commands.addCommand(ids.uploadFolder, {
    label: trans.__('Upload a Folder of Images…'),
    icon: (args) => (args.isPalette ? undefined : uploadIcon),
    execute: async (args) => {
      const model = await target(args.id);
      if (model) await addFiles(model, await chooseFiles({ accept: '', multiple: true, folder: true }));
    },
  });
  commands.addCommand(ids.import, {
    label: trans.__('Import a Dataset…'),
    caption: trans.__('From a zip in COCO, YOLO or Pascal VOC, or a COCO .json file'),
    icon: (args) => (args.isPalette ? undefined : importIcon),
    execute: async (args) => {
      const model = await target(args.id);
      if (model) await addFiles(model, await chooseFiles({ accept: '.zip,.json', multiple: false }));
    },
  });
  commands.addCommand(ids.export, {
    label: trans.__('Export the Dataset…'),
    icon: (args) => (args.isPalette ? undefined : downloadIcon),
    execute: async (args) => {
      const model = await target(args.id);
      if (model) await exportDataset(model);
    },
  });
  commands.addCommand(ids.showJobs, {
    label: trans.__('Show Dataset Jobs'),
    execute: async () => {
      const running = host.jobs.running().flatMap(({ dataset_id: id }) => id ?? []);
      const here = running.find((id) => id === documents.current?.datasetId);
      (await target(here ?? running[0]))?.show('jobs');
    },
  });
}

/** Ask which dataset is meant. */
export async function chooseDataset({ api, trans }: Host): Promise<number | undefined> {
  const { items } = await api.datasets.page('', 1, 500);
  if (items.length === 0) {
    Notification.info(trans.__('There is no dataset yet. Make one first.'), NOTICE);
    return undefined;
  }
  const names = items.map(({ name, owner, role }) => (role === 'owner' ? name : `${name} (${owner})`));
  const { value } = await InputDialog.getItem({ title: trans.__('Which dataset?'), items: names, editable: false });
  return value === null ? undefined : items[names.indexOf(value)]?.id;
}
