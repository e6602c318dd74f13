/** The Jupyter server of this page as a door: it answers while the kernel is busy. */
import { BackendError } from '../engine/backend.js';
import { checked, type Ask, type Question, type Reply } from './door.js';

export interface ServerSettings {
  /** Ends with a slash. */
  readonly api: string;
  /** Jupyter's own token, where the page has one instead of a cookie. */
  readonly token?: string;
}

/** A dataset as a widget knows it: enough to tell whether a server has the same one. */
export interface Place {
  readonly kind: string;
  readonly id: number;
  readonly name?: string;
  readonly owner?: string;
  readonly created_at?: string;
  /** What the kernel's user is in it. */
  readonly role?: string;
}

interface Page {
  readonly querySelector: (selector: string) => { readonly textContent: string | null } | null;
  readonly cookie: string;
}

/** Where the interface would be, when a Jupyter server served this page. */
export function serverOf(page: Page, href: string): ServerSettings | undefined {
  const text = page.querySelector('#jupyter-config-data')?.textContent;
  if (!text) return undefined;
  try {
    const { baseUrl, token } = JSON.parse(text) as { baseUrl?: unknown; token?: unknown };
    if (typeof baseUrl !== 'string') return undefined;
    const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`, href);
    const api = new URL('roboflow/api/', base).href;
    return typeof token === 'string' && token !== '' ? { api, token } : { api };
  } catch {
    return undefined;
  }
}

export function restDoor({ api, token }: ServerSettings, page: Pick<Page, 'cookie'>, send: typeof fetch): Ask {
  return async ({ method, path, body, revision, signal }: Question) => {
    const xsrf = /(?:^|;\s*)_xsrf=([^;]*)/.exec(page.cookie)?.[1];
    const headers = {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(revision === undefined ? {} : { 'If-Match': `"${String(revision)}"` }),
      ...(xsrf === undefined ? {} : { 'X-XSRFToken': decodeURIComponent(xsrf) }),
      ...(token === undefined ? {} : { Authorization: `token ${token}` }),
    };
    const content = { ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal && { signal }) };
    let response: Response;
    try {
      response = await send(api + path, { method, headers, credentials: 'same-origin', ...content });
      return checked(await replyOf(response));
    } catch (error) {
      if (error instanceof BackendError) throw error;
      throw new BackendError('unavailable', 'The server does not answer.');
    }
  };
}

async function replyOf(response: Response): Promise<Reply> {
  const { status } = response;
  const type = response.headers.get('Content-Type') ?? '';
  if (type.startsWith('application/json')) return { status, body: await response.json() };
  if (!response.ok) return { status, body: undefined };
  return { status, body: undefined, file: await response.blob() };
}

/** Whether the server has the very dataset that the widget shows: it may be another installation's kernel. */
export async function hasDataset(ask: Ask, place: Place): Promise<boolean> {
  if (place.kind !== 'dataset') return false;
  try {
    const { body } = await ask({ method: 'GET', path: `datasets/${String(place.id)}` });
    const found = body as Place;
    const sameTime = Date.parse(found.created_at ?? '') === Date.parse(place.created_at ?? '');
    return sameTime && found.id === place.id && found.name === place.name && found.owner === place.owner;
  } catch {
    return false;
  }
}
