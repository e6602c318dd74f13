import { ReactWidget } from '@jupyterlab/ui-components';
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
    this.title.caption = host.trans.__('Datasets');
    this.addClass('jp-rf-SidebarWidget');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', host.trans.__('Datasets'));
    const refresh = () => {
      this.list.found.refresh();
    };
    host.changes.changed.connect(refresh);
    host.changes.deleted.connect(refresh);
  }

  protected override render() {
    return createElement(
      HostContext.Provider,
      { value: this.host },
      createElement(DatasetsSidebar, { list: this.list }),
    );
  }
}
