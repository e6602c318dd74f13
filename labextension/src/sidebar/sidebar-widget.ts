import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { createElement } from 'react';
import { HostContext, type Host } from '../host.js';
import { datasetIcon } from '../icons.js';
import { DatasetsList } from './datasets-list.js';
import { DatasetsSidebar } from './DatasetsSidebar.js';

/** The left sidebar "Datasets". */
export class SidebarWidget extends ReactWidget {
  readonly list: DatasetsList;

  constructor(private readonly host: Host) {
    super();
    this.list = new DatasetsList(host.api);
    this.id = 'roboflow-datasets';
    this.title.icon = datasetIcon;
    const { trans } = host;
    this.title.caption = trans.__('Datasets');
    this.addClass('jp-rf-SidebarWidget');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Datasets'));
    const refresh = () => {
      this.list.found.refresh();
    };
    host.changes.changed.connect(refresh);
    host.changes.deleted.connect(refresh);
  }

  /** Notebooks and other people make datasets too. */
  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.list.found.refresh();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.list.found.refresh();
    void this.renderPromise?.then(() => {
      this.node.querySelector<HTMLElement>('input')?.focus();
    });
  }

  protected override render() {
    return createElement(
      HostContext.Provider,
      { value: this.host },
      createElement(DatasetsSidebar, { list: this.list }),
    );
  }
}
