import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal, type ISignal } from '@lumino/signaling';
import { createElement } from 'react';
import { HostContext, type Host } from '../host.js';
import { datasetIcon } from '../icons.js';
import { DatasetModel, type Place } from './dataset-model.js';
import { DatasetView } from './DatasetView.js';

/** A dataset as a document of the main area. */
export class DatasetWidget extends ReactWidget {
  readonly model: DatasetModel;
  readonly #moved = new Signal<this, Place>(this);
  readonly #stop: (() => void)[];

  constructor(
    private readonly host: Host,
    readonly datasetId: number,
    place?: Place,
  ) {
    super();
    this.model = new DatasetModel(host, datasetId, place);
    this.addClass('jp-rf-DatasetWidget');
    this.title.icon = datasetIcon;
    this.title.closable = true;
    const { trans } = host;
    this.title.label = trans.__('Dataset');
    this.#stop = [
      this.model.dataset.subscribe(() => {
        this.#name();
      }),
      this.model.place.subscribe(() => {
        this.#moved.emit(this.model.place.get());
      }),
    ];
    host.changes.deleted.connect(this.#onDeleted, this);
  }

  /** The person went to another tab or looks for something else. */
  get moved(): ISignal<this, Place> {
    return this.#moved;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#stop.forEach((stop) => {
      stop();
    });
    this.host.changes.deleted.disconnect(this.#onDeleted, this);
    this.model.dispose();
    super.dispose();
  }

  protected override render() {
    return createElement(HostContext.Provider, { value: this.host }, createElement(DatasetView, { model: this.model }));
  }

  #name(): void {
    const dataset = this.model.dataset.get().value;
    if (dataset === undefined) return;
    this.title.label = dataset.name;
    const { trans } = this.host;
    this.title.caption = trans.__('Dataset %1 of %2', dataset.name, dataset.owner);
  }

  #onDeleted(_: unknown, datasetId: number): void {
    if (datasetId === this.datasetId) this.close();
  }
}
