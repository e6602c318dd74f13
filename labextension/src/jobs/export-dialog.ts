import { InputDialog } from '@jupyterlab/apputils';
import type { DatasetModel } from '../document/dataset-model.js';
import { FORMAT_TITLES } from '../parts/formats.js';
import { doing } from '../parts/say.js';

/** Ask for a format and write the dataset, or one of its versions, in it. */
export async function exportDataset(model: DatasetModel, version?: { id: number; number: number }): Promise<void> {
  const { api, trans, jobs } = model.host;
  const { value } = await InputDialog.getItem({
    title: version ? trans.__('Export version %1', version.number) : trans.__('Export as it is now'),
    label: trans.__('Format'),
    items: Object.values(FORMAT_TITLES),
    okLabel: trans.__('Export'),
  });
  const format = Object.keys(FORMAT_TITLES).find((name) => FORMAT_TITLES[name] === value);
  if (format === undefined) return;
  const begin = () => api.jobs.export(model.id, format, version?.id);
  if (!(await doing(trans, begin, trans.__('The export was not started.')))) return;
  jobs.hurry();
  model.show('jobs');
}
