import { Notification } from '@jupyterlab/apputils';
import { ids } from '../command-ids.js';
import type { Host } from '../host.js';
import { serverText } from '../server-texts/server-text.js';
import type { Job } from '../wire.js';
import { download } from './download.js';
import { jobTexts } from './job-texts.js';

/** Say when a job ends, wherever the person is by then, and let every open part of the panel look again. */
export function announceJobs(host: Host): void {
  host.jobs.finished.connect((_, job) => {
    if (job.dataset_id !== null) host.changes.tell(job.dataset_id);
    announce(host, job);
  });
}

function announce(host: Host, job: Job): void {
  const { trans } = host;
  const title = jobTexts(trans).title(job);
  if (job.state === 'succeeded') {
    Notification.success(trans.__('%1 done.', title), { autoClose: 8000, actions: actionsOf(host, job) });
  } else if (job.state === 'failed') {
    const reason = serverText(trans, job.error?.message ?? '');
    Notification.error(`${trans.__('%1 failed.', title)} ${reason}`, {
      autoClose: false,
      actions: [showing(host, job)],
    });
  }
}

function actionsOf(host: Host, job: Job): Notification.IAction[] {
  const { trans } = host;
  const { result_url: made } = job;
  if (!made?.startsWith('exports/')) return [showing(host, job)];
  const save = () => {
    download(host.api.rest.url(`${made}/file`));
  };
  return [{ label: trans.__('Download'), callback: save }];
}

function showing({ commands, trans }: Host, job: Job): Notification.IAction {
  const show = () => void commands.execute(ids.openDataset, { id: job.dataset_id, tab: 'jobs' });
  return { label: trans.__('Show'), callback: show };
}
