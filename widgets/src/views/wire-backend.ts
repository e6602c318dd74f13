/** The Backend of a session over a door: REST or the kernel, or both where each has what the other has not. */
import type { WireProposal } from '../engine/annotation.js';
import type { Assistant } from '../engine/assistant.js';
import {
  BackendError,
  type AnnotationBackend,
  type AnnotationSet,
  type ImageList,
  type ImageRef,
  type SavedSet,
  type SaveRequest,
} from '../engine/backend.js';
import type { Label } from '../engine/editor-state.js';
import { assistantOver } from './assistant.js';
import { saveOneOr, type OneSaved } from '../engine/one-change.js';
import type { Ask } from './door.js';

export interface WireOptions {
  readonly ask: Ask;
  /** The kernel, where it is not who `ask` asks. */
  readonly kernel: Ask;
  /** Whether it is the kernel that `ask` asks, once that is known. */
  readonly viaKernel?: Promise<boolean>;
  readonly datasetId: number;
  /** The images in their order, when the widget says so; else the kernel is asked. */
  readonly ids: readonly number[] | undefined;
  /** Whether the kernel has proposals. */
  readonly proposes: boolean;
  /** Whether a model in the kernel finds outlines: then it is asked, not the server. */
  readonly assists?: boolean;
}

/** Images asked for at once: what fits into an address. More are asked for by pages, as somebody comes near. */
const AT_ONCE = 500;
const PAGE = 100;
const SHOWABLE = /^image\/(jpeg|png|webp|gif|bmp|avif)$/;
/** Milliseconds that an image waits for the proposals of a busy kernel; after that they come when they come. */
const PATIENCE = 3000;

export class WireBackend implements AnnotationBackend {
  readonly #options: WireOptions;

  /** A model in the kernel finds outlines in the place of OpenCV; edges are whose answer comes while it is busy. */
  readonly assistant: Assistant;

  constructor(options: WireOptions) {
    this.#options = options;
    const { ask, kernel, assists = false } = options;
    this.assistant = assistantOver(assists ? kernel : ask, ask);
  }

  async images(): Promise<readonly ImageRef[] | ImageList> {
    const ids = this.#options.ids ?? (await this.#ids());
    if (ids.length > AT_ONCE) return this.#pages(ids);
    const found = new Map((await this.#some(ids)).map((image) => [image.id, image]));
    // An image that was deleted since is passed over.
    return ids.flatMap((id) => {
      const image = found.get(id);
      return image ? [{ ...image, id: String(id) }] : [];
    });
  }

  /** Images that are asked for as somebody comes near. */
  #pages(ids: readonly number[]): ImageList {
    const pages = new Map<number, Promise<ImageJson[]>>();
    const page = (number: number): Promise<ImageJson[]> => {
      const asked = pages.get(number) ?? this.#some(ids.slice(number * PAGE, (number + 1) * PAGE));
      pages.set(number, asked);
      asked.catch(() => pages.delete(number));
      return asked;
    };
    return {
      count: ids.length,
      at: async (position) => {
        const id = ids[position] ?? 0;
        const found = (await page(Math.floor(position / PAGE))).find((image) => image.id === id);
        // One that was deleted since says so when it is loaded.
        return { ...(found ?? { filename: `Image ${String(id)}`, width: 1, height: 1 }), id: String(id) };
      },
      positionOf: (imageId) => {
        const position = ids.indexOf(Number(imageId));
        return Promise.resolve(position < 0 ? undefined : position);
      },
    };
  }

  async load(imageId: string): Promise<AnnotationSet> {
    const path = `images/${imageId}/annotations`;
    const [{ body }, proposed] = await Promise.all([
      this.#options.ask({ method: 'GET', path }),
      this.#proposals(imageId),
    ]);
    const { revision, state, annotations } = body as AnnotationSet;
    return { revision, state, annotations, ...proposed };
  }

  async save(imageId: string, request: SaveRequest): Promise<SavedSet> {
    const { ask } = this.#options;
    const { revision, state, annotations } = request;
    const whole = async () => {
      const path = `images/${imageId}/annotations`;
      const saved = await ask({ method: 'PUT', path, body: { annotations, state }, revision });
      return saved.body as SavedSet;
    };
    // The kernel knows whole sets alone.
    if (await this.#viaKernel()) return whole();
    return saveOneOr(imageId, request, async (one) => (await ask({ ...one, revision })).body as OneSaved, whole);
  }

  async picture(imageId: string): Promise<Blob> {
    const { ask, kernel } = this.#options;
    const path = `images/${imageId}/file`;
    const { file } = await ask({ method: 'GET', path });
    if (file && (SHOWABLE.test(file.type) || (await this.#viaKernel()))) return file;
    // What browsers cannot show (TIFF, HEIC) the kernel turns into what they can.
    const shown = await kernel({ method: 'GET', path });
    if (shown.file === undefined) throw new BackendError('refused', 'There are no bytes of this image.');
    return shown.file;
  }

  async labels(): Promise<readonly Label[]> {
    const { body } = await this.#options.ask({ method: 'GET', path: this.#dataset('labels') });
    return (body as { items: readonly Label[] }).items;
  }

  async addLabel(name: string): Promise<Label> {
    const { body } = await this.#options.ask({ method: 'POST', path: this.#dataset('labels'), body: { name } });
    return body as Label;
  }

  async #viaKernel(): Promise<boolean> {
    const { ask, kernel, viaKernel } = this.#options;
    return (await viaKernel) ?? ask === kernel;
  }

  async #ids(): Promise<readonly number[]> {
    const { body } = await this.#options.kernel({ method: 'GET', path: 'ids' });
    return (body as { ids: readonly number[] }).ids;
  }

  async #some(ids: readonly number[]): Promise<ImageJson[]> {
    const query = `ids=${ids.join(',')}&limit=${String(AT_ONCE)}`;
    const { body } = await this.#options.ask({ method: 'GET', path: `${this.#dataset('images')}?${query}` });
    return (body as { items: ImageJson[] }).items;
  }

  async #proposals(imageId: string): Promise<Pick<AnnotationSet, 'proposals' | 'later'>> {
    const { kernel, proposes } = this.#options;
    if (!proposes) return { proposals: [] };
    const none: readonly WireProposal[] = [];
    const asked = kernel({ method: 'GET', path: `images/${imageId}/proposals` }).then(
      ({ body }) => (body as { items: readonly WireProposal[] }).items,
      () => none,
    );
    const late = new Promise<undefined>((resolve) => {
      setTimeout(resolve, PATIENCE);
    });
    const proposals = await Promise.race([asked, late]);
    return proposals ? { proposals } : { later: asked };
  }

  #dataset(what: string): string {
    return `datasets/${String(this.#options.datasetId)}/${what}`;
  }
}

interface ImageJson {
  readonly id: number;
  readonly filename: string;
  readonly width: number;
  readonly height: number;
}
