import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { describe } from './trouble.js';

/** How long a notice is shown. Without a time JupyterLab keeps it among the others and shows it to nobody. */
export const NOTICE = { autoClose: 8000 } as const;

/** Do something the person asked for; what goes wrong is told where they see it. True when it was done. */
export async function doing(trans: TranslationBundle, work: () => Promise<unknown>, failed: string): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    Notification.error(`${failed} ${describe(error, trans)}`, { autoClose: false });
    return false;
  }
}
