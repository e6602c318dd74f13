import { Notification } from '@jupyterlab/apputils';
import { reasonOf } from '../rest.js';

/** Do something the person asked for; what goes wrong is told where they see it. True when it was done. */
export async function doing(work: () => Promise<unknown>, failed: string): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    Notification.error(`${failed} ${reasonOf(error)}`, { autoClose: false });
    return false;
  }
}
