import type { IStatusBar } from '@jupyterlab/statusbar';
import { ReactWidget } from '@jupyterlab/ui-components';
import { createElement } from 'react';
import { ids } from '../command-ids.js';
import { HostContext, useHost, type Host } from '../host.js';
import { useStore } from '../store.js';
import { underWay } from './job-watch.js';

/** How many jobs run and how far they are, in the status bar while there are any. */
export function addStatusItem(statusBar: IStatusBar, host: Host): void {
  const item = ReactWidget.create(createElement(HostContext.Provider, { value: host }, createElement(RunningJobs)));
  statusBar.registerStatusItem('roboflow:jobs', {
    item,
    align: 'left',
    rank: 20,
    isActive: () => host.jobs.running().length > 0,
    activeStateChanged: host.jobs.looked,
  });
}

function RunningJobs() {
  const { jobs, trans, commands } = useHost();
  const running = useStore(jobs).filter(underWay);
  const share = running.reduce((sum, job) => sum + job.progress, 0) / Math.max(1, running.length);
  const text = trans._n('%1 dataset job: %2 %%', '%1 dataset jobs: %2 %%', running.length, Math.round(share));
  return createElement(
    'button',
    {
      type: 'button',
      className: 'jp-rf-StatusItem',
      title: trans.__('Show the jobs'),
      onClick: () => void commands.execute(ids.showJobs),
    },
    text,
  );
}
