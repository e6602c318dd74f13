import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { addCommands } from './commands.js';
import { RestBackend } from './rest-backend.js';

const plugin: JupyterFrontEndPlugin<void> = {
  id: '@jupyter-roboflow/labextension:plugin',
  description: 'Annotate, check, augment and export image datasets.',
  autoStart: true,
  optional: [ICommandPalette],
  activate(app: JupyterFrontEnd, palette: ICommandPalette | null) {
    addCommands(app.commands, new RestBackend(app.serviceManager.serverSettings), palette);
  },
};

export default plugin;
