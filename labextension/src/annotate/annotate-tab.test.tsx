import { Editor } from '@jupyter-roboflow/widgets/engine';
import type { Sitting } from '@jupyter-roboflow/widgets/ui';
import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { DatasetModel } from '../document/dataset-model.js';
import { HostContext, type Host } from '../host.js';
import { marking } from '../marking.js';
import { Rest } from '../rest.js';
import { Store } from '../store.js';
import { AnnotateTab } from './AnnotateTab.js';
import { RestAnnotations } from './annotation-backend.js';

vi.mock('../images/NoImagesYet.js', () => ({ NoImagesYet: () => null }));

function shown(trans: Host['trans']): string {
  const nothing = () => undefined;
  const sitting: Sitting = {
    editor: new Editor(),
    state: {
      ...{ title: 'cells', count: 3, position: 1, name: 'a.jpg', picture: undefined, loading: false },
      ...{ problem: undefined, saving: 'unsaved', trouble: undefined, conflict: undefined, addsLabels: true },
    },
    ...{ subscribe: () => nothing, show: nothing, retry: nothing, addLabel: () => Promise.resolve(), resolve: nothing },
  };
  const model = {
    annotating: new Store({ made: 1, sitting }),
    dataset: new Store({ state: 'ready', value: undefined }),
    images: new Store(new Store({ total: 3 })),
    place: new Store({ query: '' }),
  };
  return renderToStaticMarkup(
    <HostContext.Provider value={{ trans } as Host}>
      <AnnotateTab model={model as unknown as DatasetModel} />
    </HostContext.Provider>,
  );
}

test('the annotator speaks the language of JupyterLab', () => {
  vi.spyOn(console, 'error').mockReturnValue(undefined); // React: effects of layout do nothing without a page
  const html = shown(marking);
  for (const text of ['⟦Not saved⟧', '⟦Annotator: cells⟧', '⟦0 annotations⟧', '⟦Undo⟧', '⟦Smart polygon⟧'])
    expect(html).toContain(text);
  expect(shown(nullTranslator.load('jupyter_roboflow'))).toContain('>Not saved<');
});

test('so does what the server says to it', async () => {
  const settings = ServerConnection.makeSettings({ baseUrl: 'http://localhost:8888/' });
  const gone = () => Promise.reject(new TypeError('fetch failed'));
  const backend = new RestAnnotations(new Rest(settings, gone), () => Promise.resolve([]), marking);
  await expect(backend.load('7')).rejects.toThrow(/⟦The Jupyter server does not answer\./);
});
