import {
  BackendError,
  saveOneOr,
  type AnnotationBackend,
  type AnnotationSet,
  type Assistant,
  type OneSaved,
  type SavedSet,
  type SaveRequest,
} from '@jupyter-roboflow/widgets/engine';
import type { TranslationBundle } from '@jupyterlab/translation';
import { describe } from '../parts/trouble.js';
import { RestError, type Rest } from '../rest.js';

/** What browsers show in a page; of anything else the server's thumbnail is shown. */
const SHOWABLE = /^image\/(jpeg|png|webp|gif|bmp|avif)$/;

/** The Backend of an annotating session over REST; what the server says is said in the language of JupyterLab. */
export class RestAnnotations implements AnnotationBackend {
  readonly assistant: Assistant;

  constructor(
    private readonly rest: Rest,
    private readonly list: AnnotationBackend['images'],
    private readonly trans: TranslationBundle,
  ) {
    this.assistant = {
      outline: async (imageId, prompt, signal) =>
        (await this.#asked(rest.post<{ shapes: Outlines }>(`images/${imageId}/outline`, prompt, signal))).shapes,
      path: async (imageId, from, to, signal) => {
        const ends = { start: [from.x, from.y], end: [to.x, to.y] };
        return (await this.#asked(rest.post<{ points: Points }>(`images/${imageId}/path`, ends, signal))).points;
      },
    };
  }

  images(): ReturnType<AnnotationBackend['images']> {
    return this.#asked(this.list());
  }

  load(imageId: string): Promise<AnnotationSet> {
    return this.#asked(this.rest.get<AnnotationSet>(annotationsOf(imageId)));
  }

  save(imageId: string, request: SaveRequest): Promise<SavedSet> {
    const { revision, state, annotations } = request;
    return saveOneOr(
      imageId,
      request,
      ({ method, path, body }) => this.#asked(this.rest.save<OneSaved>(method, path, body, revision)),
      () => this.#asked(this.rest.save<SavedSet>('PUT', annotationsOf(imageId), { annotations, state }, revision)),
    );
  }

  async picture(imageId: string): Promise<Blob> {
    const file = await this.#asked(this.rest.blob(`images/${imageId}/file`));
    return SHOWABLE.test(file.type) ? file : this.#asked(this.rest.blob(`images/${imageId}/thumbnail`));
  }

  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw error instanceof RestError ? backendError(error, this.trans) : error;
    }
  }
}

type Outlines = Awaited<ReturnType<Assistant['outline']>>;
type Points = Awaited<ReturnType<Assistant['path']>>;

function annotationsOf(imageId: string): string {
  return `images/${imageId}/annotations`;
}

/** What logging in again, waiting or a restart can put right is tried again; all else would be refused again. */
export function backendError(error: RestError, trans: TranslationBundle): BackendError {
  const { status, code } = error;
  const message = describe(error, trans);
  if (status === 409 && code === 'stale_revision') return new BackendError('conflict', message, code);
  const passes = error.unreachable || [401, 408, 429].includes(status) || status >= 500;
  return new BackendError(passes ? 'unavailable' : 'refused', message, code);
}
