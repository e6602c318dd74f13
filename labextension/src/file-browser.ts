import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';
import { ids } from './command-ids.js';
import type { Documents } from './documents.js';
import { chooseDataset } from './filing.js';
import type { Host } from './host.js';
import { importIcon, uploadIcon } from './icons.js';
import { doing } from './parts/say.js';
import { addFiles } from './upload/adding.js';
import type { DroppedFile } from './upload/dropped-files.js';

const PICTURE = /\.(jpe?g|png|bmp|webp|tiff?|gif|avif|heic|heif)$/i;
const DATASET = /\.(zip|json)$/i;

/** "Add to dataset…" and "Import as dataset…" for files on the server. */
export function addFileCommands(
  app: JupyterFrontEnd,
  host: Host,
  documents: Documents,
  files: IFileBrowserFactory,
): void {
  const { trans } = host;
  const selected = () => [...(files.tracker.currentWidget?.selectedItems() ?? [])];
  app.commands.addCommand(ids.addFilesToDataset, {
    label: trans.__('Add to Dataset…'),
    icon: uploadIcon,
    isVisible: () => selected().some(({ path }) => PICTURE.test(path)),
    execute: async () => {
      const id = documents.current?.isVisible ? documents.current.datasetId : await chooseDataset(host);
      if (id !== undefined)
        await add(
          app,
          host,
          documents,
          id,
          selected().filter(({ path }) => PICTURE.test(path)),
        );
    },
  });
  app.commands.addCommand(ids.importFile, {
    label: trans.__('Import as Dataset…'),
    icon: importIcon,
    isVisible: () => selected().length === 1 && selected().every(({ path }) => DATASET.test(path)),
    execute: async () => {
      const [file] = selected();
      if (file === undefined) return;
      const name = file.name.replace(DATASET, '');
      await doing(
        trans,
        async () => {
          const { id } = await host.api.datasets.create(name);
          host.changes.tell(id);
          await add(app, host, documents, id, [file]);
        },
        trans.__('%1 was not imported.', file.name),
      );
    },
  });
}

async function add(
  app: JupyterFrontEnd,
  host: Host,
  documents: Documents,
  id: number,
  models: readonly Contents.IModel[],
): Promise<void> {
  const { trans } = host;
  const { model } = documents.open(id);
  const fetching = async () => {
    const files = await Promise.all(models.map((file) => fetched(app, host, file)));
    void addFiles(model, files);
  };
  await doing(trans, fetching, trans.__('The files could not be read.'));
}

/** A file of the file browser, as if it had been dropped. */
async function fetched(
  { serviceManager }: JupyterFrontEnd,
  { trans }: Host,
  { path, name }: Contents.IModel,
): Promise<DroppedFile> {
  const url = await serviceManager.contents.getDownloadUrl(path);
  const response = await ServerConnection.makeRequest(url, { cache: 'no-cache' }, serviceManager.serverSettings);
  if (!response.ok) throw new Error(trans.__('%1: the server answered %2.', name, response.status));
  const blob = await response.blob();
  return { file: new File([blob], name, { type: blob.type }), path: name };
}
