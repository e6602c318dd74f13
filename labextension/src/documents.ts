import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ids } from './command-ids.js';
import { START, type Place, type Tab } from './document/dataset-model.js';
import { TABS } from './document/dataset-model.js';
import { DatasetWidget } from './document/dataset-widget.js';
import type { Host } from './host.js';

type Open = MainAreaWidget<DatasetWidget>;

/** The open datasets: one document each, brought back by a reload where the person was in it. */
export class Documents {
  readonly tracker = new WidgetTracker<Open>({ namespace: 'roboflow-dataset' });

  constructor(
    private readonly shell: JupyterFrontEnd['shell'],
    private readonly host: Host,
  ) {
    this.tracker.currentChanged.connect(() => {
      host.current.set(this.current?.datasetId);
    });
  }

  restore(restorer: ILayoutRestorer): void {
    void restorer.restore(this.tracker, {
      command: ids.openDataset,
      args: ({ content }) => ({ id: content.datasetId, ...content.model.place.get() }),
      name: ({ content }) => String(content.datasetId),
    });
  }

  /** The document in front, else the one that was used last. */
  get current(): DatasetWidget | undefined {
    return this.tracker.currentWidget?.content;
  }

  /** The document of a dataset, in front of the others. */
  open(id: number, place?: Place): DatasetWidget {
    const there = this.tracker.find(({ content }) => content.datasetId === id);
    const widget = there ?? this.#make(id, place);
    this.shell.activateById(widget.id);
    return widget.content;
  }

  #make(id: number, place?: Place): Open {
    const content = new DatasetWidget(this.host, id, place);
    const widget = new MainAreaWidget({ content });
    widget.id = `roboflow-dataset-${String(id)}`;
    widget.toolbar.hide();
    content.moved.connect(() => void this.tracker.save(widget));
    void this.tracker.add(widget);
    this.shell.add(widget, 'main');
    return widget;
  }
}

/** A place from a command's arguments or a saved layout; what makes no sense is where one starts. */
export function placeFrom(args: Readonly<Record<string, unknown>>): Place | undefined {
  const { tab, query, sort, image } = args;
  if (tab === undefined && query === undefined && sort === undefined) return undefined;
  return {
    tab: TABS.includes(tab as Tab) ? (tab as Tab) : START.tab,
    query: typeof query === 'string' ? query : START.query,
    sort: typeof sort === 'string' ? sort : START.sort,
    image: typeof image === 'number' ? image : undefined,
  };
}
