import { About } from '@jupyter-roboflow/widgets/ui';
import type { Backend } from '@jupyter-roboflow/widgets/engine';
import { Dialog, ReactWidget, showDialog, type ICommandPalette } from '@jupyterlab/apputils';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import packageJson from '../package.json' with { type: 'json' };

export const ABOUT = 'roboflow:about';

/** Adds every command of the extension, and lists each in the palette where there is one. */
export function addCommands(
  commands: JupyterFrontEnd['commands'],
  backend: Backend,
  palette: ICommandPalette | null,
): void {
  commands.addCommand(ABOUT, {
    label: 'About Roboflow for Jupyter',
    caption: 'Show the version and whether the server answers',
    execute: () => showAbout(backend),
  });
  palette?.addItem({ command: ABOUT, category: 'Roboflow' });
}

async function showAbout(backend: Backend): Promise<void> {
  const health = await backend.health();
  await showDialog({
    title: 'Roboflow for Jupyter',
    body: ReactWidget.create(<About version={packageJson.version} health={health} />),
    buttons: [Dialog.okButton()],
  });
}
