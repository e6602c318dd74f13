import type { Backend, Health as ServerHealth } from '@jupyter-roboflow/widgets/engine';
import type { Rest } from './rest.js';
import { reasonOf, type Query } from './rest.js';
import type * as wire from './wire.js';

const part = encodeURIComponent;

/** Every call the panel makes, by what it is about. */
export class Api implements Backend {
  constructor(readonly rest: Rest) {}

  async health(): Promise<ServerHealth> {
    try {
      await this.rest.get('health/live');
      return { state: 'live' };
    } catch (error) {
      return { state: 'unreachable', reason: reasonOf(error) };
    }
  }

  me = () => this.rest.get<wire.Me>('auth/me');

  readonly datasets = {
    page: (search: string, page: number, limit = 100) =>
      this.rest.get<wire.Page<wire.Dataset>>('datasets', { search, page, limit }),
    get: (id: number) => this.rest.get<wire.Dataset>(`datasets/${String(id)}`),
    create: (name: string) => this.rest.post<wire.Dataset>('datasets', { name }),
    rename: (id: number, name: string) => this.rest.patch<wire.Dataset>(`datasets/${String(id)}`, { name }),
    delete: (id: number) => this.rest.delete(`datasets/${String(id)}`),
    health: (id: number) => this.rest.get<wire.Health>(`datasets/${String(id)}/health`),
    audit: (id: number, page: number) =>
      this.rest.get<wire.Page<wire.AuditEntry>>(`datasets/${String(id)}/audit`, { page, limit: 50 }),
    split: (id: number, fractions: Readonly<Record<string, number>>, stratify: boolean) =>
      this.rest.post<{ images: Readonly<Record<string, number>> }>(`datasets/${String(id)}/splits`, {
        fractions,
        stratify,
      }),
  };

  readonly collaborators = {
    list: (id: number) =>
      this.rest.get<{ items: readonly wire.Collaborator[] }>(`datasets/${String(id)}/collaborators`),
    set: (id: number, username: string, role: string) =>
      this.rest.put(`datasets/${String(id)}/collaborators/${part(username)}`, { role }),
    remove: (id: number, username: string) =>
      this.rest.delete(`datasets/${String(id)}/collaborators/${part(username)}`),
  };

  readonly labels = {
    list: (id: number) => this.rest.get<{ items: readonly wire.Label[] }>(`datasets/${String(id)}/labels`),
    add: (id: number, name: string) => this.rest.post<wire.Label>(`datasets/${String(id)}/labels`, { name }),
    edit: (id: number, label: string, change: { name?: string; color?: string }) =>
      this.rest.patch<wire.Label>(`datasets/${String(id)}/labels/${part(label)}`, change),
    delete: (id: number, label: string) => this.rest.delete(`datasets/${String(id)}/labels/${part(label)}`),
    order: (id: number, names: readonly string[]) => this.rest.put(`datasets/${String(id)}/label-order`, { names }),
    merge: (id: number, source: string, target: string) =>
      this.rest.post<{ annotations: number }>(`datasets/${String(id)}/label-merges`, { source, target }),
  };

  readonly images = {
    page: (id: number, query: Query) =>
      this.rest.get<wire.Page<wire.ImageInfo>>(`datasets/${String(id)}/images`, query),
    change: (id: number, ids: readonly number[], change: wire.ImageChange) =>
      this.rest.patch(`datasets/${String(id)}/images`, { ids, ...change }),
    changeAll: (id: number, body: wire.Bulk & wire.ImageChange) =>
      this.rest.post<{ images: number; undo: readonly wire.BulkUndo[] }>(`datasets/${String(id)}/images/change`, body),
    relabel: (id: number, body: wire.Bulk & { target: string; source?: string }) =>
      this.rest.post<wire.Relabeled>(`datasets/${String(id)}/images/relabel`, body),
    undoRelabel: (id: number, undo: readonly wire.RelabelUndo[]) =>
      this.rest.post<wire.Relabeled>(`datasets/${String(id)}/images/relabel/undo`, { undo }),
    delete: (id: number, body: wire.Bulk) =>
      this.rest.post<{ images: number }>(`datasets/${String(id)}/images/delete`, body),
    tags: (id: number) => this.rest.get<{ items: readonly wire.TagCount[] }>(`datasets/${String(id)}/tags`),
    thumbnail: (id: number) => this.rest.url(`images/${String(id)}/thumbnail`),
    file: (id: number) => this.rest.url(`images/${String(id)}/file`),
  };

  readonly recipes = {
    steps: () => this.rest.get<{ items: readonly wire.StepDescription[] }>('augment/steps'),
    preview: (id: number, spec: wire.PreviewSpec, signal: AbortSignal) =>
      this.rest.post<{ items: readonly wire.PreviewItem[] }>(`datasets/${String(id)}/augment/preview`, spec, signal),
  };

  readonly versions = {
    list: (id: number) => this.rest.get<{ items: readonly wire.Version[] }>(`datasets/${String(id)}/versions`),
    create: (id: number, body: unknown) => this.rest.post<{ job_id: number }>(`datasets/${String(id)}/versions`, body),
    delete: (id: number) => this.rest.delete(`versions/${String(id)}`),
    diff: (before: number, after: number) =>
      this.rest.get<wire.VersionDiff>(`versions/${String(before)}/diff/${String(after)}`),
    thumbnail: (id: number, position: number) =>
      this.rest.url(`versions/${String(id)}/images/${String(position)}/thumbnail`),
  };

  readonly jobs = {
    page: (query: Query) => this.rest.get<wire.Page<wire.Job>>('jobs', query),
    cancel: (id: number) => this.rest.post<wire.Job>(`jobs/${String(id)}/cancel`),
    export: (id: number, format: string, version?: number) =>
      this.rest.post<{ job_id: number }>(`datasets/${String(id)}/export`, {
        format,
        ...(version === undefined ? {} : { version }),
      }),
    exports: (id: number) => this.rest.get<{ items: readonly wire.Export[] }>(`datasets/${String(id)}/exports`),
    export_of: (path: string) => this.rest.get<wire.Export>(path),
  };

  readonly tokens = {
    list: () => this.rest.get<{ items: readonly wire.AccessToken[] }>('auth/tokens'),
    create: (name: string, scope: string) =>
      this.rest.post<{ token: string; details: wire.AccessToken }>('auth/tokens', { name, scope }),
    revoke: (id: number) => this.rest.delete(`auth/tokens/${String(id)}`),
  };
}
