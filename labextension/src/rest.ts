import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';
import type { WireError } from './wire.js';

/** What the server said no with, or that it did not answer (`unreachable`). */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'RestError';
  }

  /** Nobody said no: the same call may do later. */
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

type Send = typeof ServerConnection.makeRequest;
/** A list is a parameter that comes several times. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Calls below `<base_url>roboflow/api/`, the way JupyterLab reaches everything: token, cookie, XSRF. */
export class Rest {
  readonly #refused = new Signal<this, RestError>(this);

  constructor(
    readonly settings: ServerConnection.ISettings,
    private readonly send: Send = ServerConnection.makeRequest,
  ) {}

  /** Every no of the server, besides being thrown. */
  get refused(): ISignal<this, RestError> {
    return this.#refused;
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.ask<T>('GET', path + asQuery(query));
  }

  /** `signal` gives it up. */
  post<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
    return this.ask<T>('POST', path, { ...json(body), ...(signal ? { signal } : {}) });
  }

  put<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    const given = json(body);
    return this.ask<T>('PUT', path, { ...given, headers: { ...given.headers, ...headers } });
  }

  /** A change that holds on top of what was loaded at a revision. */
  save<T>(method: 'PUT' | 'POST' | 'DELETE', path: string, body: unknown, revision: number): Promise<T> {
    const given = body === undefined ? { headers: {} } : json(body);
    const headers = { ...given.headers, 'If-Match': `"${String(revision)}"` };
    return this.ask<T>(method, path, { ...given, headers });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.ask<T>('PATCH', path, json(body));
  }

  delete(path: string, query: Query = {}): Promise<undefined> {
    return this.ask<undefined>('DELETE', path + asQuery(query));
  }

  /** A form with files; `signal` gives it up. */
  form<T>(path: string, form: FormData, signal?: AbortSignal): Promise<T> {
    return this.ask<T>('POST', path, { body: form, ...(signal ? { signal } : {}) });
  }

  async blob(path: string): Promise<Blob> {
    return (await this.response('GET', path, {})).blob();
  }

  /** The address of something below the interface, for an `<img>` or a link. */
  url(path: string): string {
    return URLExt.join(this.settings.baseUrl, 'roboflow', 'api') + '/' + path;
  }

  /** Where people log in. */
  get loginUrl(): string {
    return URLExt.join(this.settings.baseUrl, 'login');
  }

  private async ask<T>(method: string, path: string, init: RequestInit = {}): Promise<T> {
    const text = await (await this.response(method, path, init)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private async response(method: string, path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      // 'no-cache': with JupyterLab's own 'no-store' a time is added to the query, which our server takes for a mistake
      response = await this.send(this.url(path), { cache: 'no-cache', ...init, method }, this.settings);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new RestError(0, 'unreachable', reasonOf(error));
    }
    if (response.ok) return response;
    const error = await errorOf(response);
    this.#refused.emit(error);
    throw error;
  }
}

/** The part of an address behind the question mark, with its mark. */
export function asQuery(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => {
    const values: readonly (string | number)[] = value === undefined ? [] : typeof value === 'object' ? value : [value];
    return values.filter((one) => one !== '').map((one) => [name, String(one)] as [string, string]);
  });
  return given.length ? `?${new URLSearchParams(given).toString()}` : '';
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function json(body: unknown): { body: string; headers: Record<string, string> } {
  return { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

async function errorOf(response: Response): Promise<RestError> {
  const { status } = response;
  const otherwise = `The server answered ${String(status)} ${response.statusText}`.trim();
  try {
    const { error } = (await response.json()) as { error?: Partial<WireError> };
    if (error?.code === undefined) return new RestError(status, `http_${String(status)}`, otherwise);
    return new RestError(status, error.code, error.message ?? otherwise, error.details);
  } catch {
    return new RestError(status, `http_${String(status)}`, otherwise); // a proxy's page, not ours
  }
}
