import { About, WordsContext } from '@jupyter-roboflow/widgets/ui';
import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import packageJson from '../package.json' with { type: 'json' };
import type { Host } from './host.js';

/** Show the version and whether the server answers. */
export async function showAbout({ api, trans }: Host): Promise<void> {
  const health = await api.health();
  await showDialog({
    title: trans.__('Roboflow for Jupyter'),
    body: ReactWidget.create(
      <WordsContext.Provider value={trans}>
        <About version={packageJson.version} health={health} />
      </WordsContext.Provider>,
    ),
    buttons: [Dialog.okButton()],
  });
}
