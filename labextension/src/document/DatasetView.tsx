import { notebookIcon } from '@jupyterlab/ui-components';
import { useState, type DragEvent } from 'react';
import { AnnotateTab } from '../annotate/AnnotateTab.js';
import { ids } from '../command-ids.js';
import { HealthTab } from '../health/HealthTab.js';
import { useHost } from '../host.js';
import { downloadIcon, importIcon, uploadIcon } from '../icons.js';
import { ImagesTab } from '../images/ImagesTab.js';
import { underWay } from '../jobs/job-watch.js';
import { JobsTab } from '../jobs/JobsTab.js';
import { Button } from '../parts/Button.js';
import { refusalOf } from '../parts/rights.js';
import { Trouble } from '../parts/Waiting.js';
import { SettingsTab } from '../settings/SettingsTab.js';
import { useStore } from '../store.js';
import { addDrop } from '../upload/adding.js';
import { UploadStrip } from '../upload/UploadStrip.js';
import { VersionsTab } from '../versions/VersionsTab.js';
import type { DatasetModel, Tab } from './dataset-model.js';
import { Tabs, panelId, tabId, type TabItem } from './Tabs.js';

/** One dataset: its tabs and what is on them. */
export function DatasetView({ model }: { readonly model: DatasetModel }) {
  const load = useStore(model.dataset);
  const prefix = `jp-rf-dataset-${String(model.id)}`;
  const { tab } = useStore(model.place);
  const drop = useDrop(model);
  if (useStore(model.gone)) return <Gone model={model} />;
  if (load.state === 'failed' && load.value === undefined) {
    return <Trouble error={load.error} retry={model.dataset.reload} />;
  }
  return (
    <div className={`jp-rf-Document${drop.over ? ' jp-rf-mod-over' : ''}`} {...drop.handlers}>
      <TabRow model={model} prefix={prefix} />
      <div id={panelId(prefix)} className="jp-rf-Panel" role="tabpanel" aria-labelledby={tabId(prefix, tab)}>
        <TabPanel model={model} tab={tab} />
      </div>
      <UploadStrip model={model} />
    </div>
  );
}

/** It was deleted, or the person was taken out of it, while they had it open. */
function Gone({ model }: { readonly model: DatasetModel }) {
  const { trans, changes } = useHost();
  return (
    <div className="jp-rf-Document">
      <div className="jp-rf-Message jp-rf-mod-error" role="alert">
        <p>{trans.__('“%1” is not there any more: it was deleted, or you may not see it now.', nameOf(model))}</p>
        <Button
          onClick={() => {
            changes.tellDeleted(model.id);
          }}
        >
          {trans.__('Close')}
        </Button>
      </div>
    </div>
  );
}

function nameOf(model: DatasetModel): string {
  const { trans } = model.host;
  return model.dataset.get().value?.name ?? trans.__('This dataset');
}

function TabRow({ model, prefix }: { readonly model: DatasetModel; readonly prefix: string }) {
  const { trans, commands, jobs } = useHost();
  const { tab } = useStore(model.place);
  const role = useStore(model.dataset).value?.role;
  const running = useStore(jobs).filter((job) => job.dataset_id === model.id && underWay(job)).length;
  const items: readonly TabItem<Tab>[] = [
    { id: 'images', title: trans.__('Images') },
    { id: 'annotate', title: trans.__('Annotate') },
    { id: 'health', title: trans.__('Health') },
    { id: 'versions', title: trans.__('Versions') },
    { id: 'jobs', title: trans.__('Jobs'), badge: running },
    { id: 'settings', title: trans.__('Settings') },
  ];
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
      <Button
        icon={uploadIcon}
        title={trans.__('Upload images')}
        refusal={refusalOf('annotate', role, trans)}
        onClick={run(ids.uploadImages)}
      >
        {trans.__('Upload')}
      </Button>
      <Button
        icon={importIcon}
        title={trans.__('Import annotations, with or without images')}
        refusal={refusalOf('manage', role, trans)}
        onClick={run(ids.import)}
      >
        {trans.__('Import')}
      </Button>
      <Button icon={downloadIcon} title={trans.__('Export this dataset')} onClick={run(ids.export)}>
        {trans.__('Export')}
      </Button>
      <Button
        icon={notebookIcon}
        title={trans.__('Open what is shown here in a notebook')}
        onClick={run(ids.openInNotebook)}
      />
    </Tabs>
  );
}

function TabPanel({ model, tab }: { readonly model: DatasetModel; readonly tab: Tab }) {
  switch (tab) {
    case 'images':
      return <ImagesTab model={model} />;
    case 'annotate':
      return <AnnotateTab model={model} />;
    case 'health':
      return <HealthTab model={model} />;
    case 'versions':
      return <VersionsTab model={model} />;
    case 'jobs':
      return <JobsTab model={model} />;
    case 'settings':
      return <SettingsTab model={model} />;
  }
}

/** Files may be dropped anywhere on the document. */
function useDrop(model: DatasetModel) {
  const [over, setOver] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void addDrop(model, event.dataTransfer);
    },
  };
  return { over, handlers };
}
