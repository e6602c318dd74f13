/**
 * Stands in for a view whose module is large: it comes as a trait, and a page imports it once, however many cells show
 * it. Importing the same text anew would take some 40 ms for each.
 */
import type { AnyModel, RenderProps } from '@anywidget/types';

interface Traits extends Record<string, unknown> {
  /** The text of the module. */
  _module: string;
}

type Render = (props: RenderProps<Traits>) => (() => void) | undefined;
type Kept = Map<string, Promise<Render>>;

const KEPT = Symbol.for('jupyter-roboflow.views');
const shared = globalThis as Partial<Record<symbol, Kept>>;
const kept = (shared[KEPT] ??= new Map<string, Promise<Render>>());

function renderOf(model: AnyModel<Traits>): Promise<Render> {
  const text = model.get('_module');
  let found = kept.get(text);
  if (found === undefined) {
    found = imported(text);
    kept.set(text, found);
    // What could not be imported is tried again the next time.
    found.catch(() => kept.delete(text));
  }
  return found;
}

async function imported(text: string): Promise<Render> {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    const module = (await import(url)) as { default: { render: Render } };
    return module.default.render;
  } finally {
    URL.revokeObjectURL(url);
  }
}

export default {
  /** The import begins with the model: before the cell has a place for the view. */
  async initialize({ model }: { model: AnyModel<Traits> }): Promise<void> {
    await renderOf(model);
  },
  async render(props: RenderProps<Traits>): Promise<(() => void) | undefined> {
    return (await renderOf(props.model))(props);
  },
};
