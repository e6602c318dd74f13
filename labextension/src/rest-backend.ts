import type { Backend, Health } from '@jupyter-roboflow/widgets/engine';
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** The Backend behind `<base_url>roboflow/api/`, reached the way JupyterLab reaches everything: token, cookie, XSRF. */
export class RestBackend implements Backend {
  constructor(
    private readonly settings: ServerConnection.ISettings,
    private readonly request: typeof ServerConnection.makeRequest = ServerConnection.makeRequest,
  ) {}

  async health(): Promise<Health> {
    try {
      const response = await this.request(this.url('health/live'), { method: 'GET' }, this.settings);
      return response.ok
        ? { state: 'live' }
        : { state: 'unreachable', reason: `it answered ${String(response.status)}` };
    } catch (error) {
      return { state: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  private url(path: string): string {
    return URLExt.join(this.settings.baseUrl, 'roboflow', 'api', path);
  }
}
