import { ids } from '../command-ids.js';
import { useHost } from '../host.js';
import { downloadIcon, importIcon, uploadIcon } from '../icons.js';
import { ImagesTab } from '../images/ImagesTab.js';
import { Button } from '../parts/Button.js';
import { refusalOf } from '../parts/rights.js';
import { Trouble } from '../parts/Waiting.js';
import { useStore } from '../store.js';
import type { DatasetModel, Tab } from './dataset-model.js';
import { Tabs, panelId, tabId, type TabItem } from './Tabs.js';

/** One dataset: its tabs and what is on them. */
export function DatasetView({ model }: { readonly model: DatasetModel }) {
  const load = useStore(model.dataset);
  const prefix = `jp-rf-dataset-${String(model.id)}`;
  const { tab } = useStore(model.place);
  if (load.state === 'failed' && load.value === undefined) {
    return <Trouble error={load.error} retry={model.dataset.reload} />;
  }
  return (
    <div className="jp-rf-Document">
      <TabRow model={model} prefix={prefix} />
      <div id={panelId(prefix)} className="jp-rf-Panel" role="tabpanel" aria-labelledby={tabId(prefix, tab)}>
        <TabPanel model={model} tab={tab} />
      </div>
    </div>
  );
}

function TabRow({ model, prefix }: { readonly model: DatasetModel; readonly prefix: string }) {
  const { trans, commands } = useHost();
  const { tab } = useStore(model.place);
  const role = useStore(model.dataset).value?.role;
  const items: readonly TabItem<Tab>[] = [{ id: 'images', title: trans.__('Images') }];
  const run = (command: string) => () => void commands.execute(command, { id: model.id });
  return (
    <Tabs
      name={trans.__('Parts of the dataset')}
      prefix={prefix}
      items={items}
      current={tab}
      onChange={(next) => {
        model.show(next);
      }}
    >
      <Button icon={uploadIcon} refusal={refusalOf('annotate', role, trans)} onClick={run(ids.uploadImages)}>
        {trans.__('Upload')}
      </Button>
      <Button icon={importIcon} refusal={refusalOf('manage', role, trans)} onClick={run(ids.import)}>
        {trans.__('Import')}
      </Button>
      <Button icon={downloadIcon} onClick={run(ids.export)}>
        {trans.__('Export')}
      </Button>
    </Tabs>
  );
}

function TabPanel({ model, tab }: { readonly model: DatasetModel; readonly tab: Tab }) {
  switch (tab) {
    default:
      return <ImagesTab model={model} />;
  }
}
