import {
  closePicture,
  decode,
  IndexedDbJournal,
  retryWhenOnline,
  Session,
  type ImageList as Images,
  type ImageRef,
} from '@jupyter-roboflow/widgets/engine';
import { SessionSitting } from '@jupyter-roboflow/widgets/ui';
import type { Host } from '../host.js';
import type { ImageList } from '../images/image-list.js';
import { refusalOf } from '../parts/rights.js';
import type { Dataset, ImageInfo } from '../wire.js';
import { RestAnnotations } from './annotation-backend.js';

/** Images whose order stays as it was when the first was opened; of more those near are asked for. */
const MOST = 5000;

/** Going through the images of a list, one after another. */
export class Annotating {
  readonly made = Date.now();
  readonly session: Session;
  readonly sitting: SessionSitting;
  readonly #start: () => Promise<void>;
  readonly #stopRetrying: () => void;

  constructor(
    private readonly host: Host,
    private readonly dataset: Dataset,
    readonly list: ImageList,
    imageId: number | undefined,
  ) {
    const images = async () => {
      const { total = 0 } = list.get();
      return total > MOST ? imagesOf(list, total) : (await list.around(imageId, MOST)).map(refOf);
    };
    const { rest, labels } = host.api;
    const backend = new RestAnnotations(rest, images);
    const scope = [rest.url(''), dataset.owner, dataset.id, dataset.created_at].join(' ');
    this.session = new Session({ backend, journal: new IndexedDbJournal(scope, indexedDB), decode, closePicture });
    this.#stopRetrying = retryWhenOnline(this.session);
    const addLabel = (name: string) => labels.add(dataset.id, name);
    this.sitting = new SessionSitting({ session: this.session, title: dataset.name, addLabel });
    this.#start = () => this.session.start(imageId === undefined ? undefined : String(imageId));
  }

  async start(): Promise<void> {
    const refusal = refusalOf('annotate', this.dataset.role, this.host.trans);
    this.session.editor.set({ readOnly: refusal !== undefined });
    const { items } = await this.host.api.labels.list(this.dataset.id);
    this.session.editor.setLabels(items);
    await this.#start();
  }

  /** Show an image; false when it is not among those gone through. */
  show(imageId: number): boolean {
    const id = String(imageId);
    const { images, count } = this.session.state;
    const isHere = count > images.length ? this.list.knownPlaceOf(imageId) !== undefined : isAmong(images, id);
    if (!isHere) return false;
    void this.session.open(id);
    return true;
  }

  close(): void {
    this.#stopRetrying();
    this.session.close();
  }
}

function isAmong(images: readonly ImageRef[], id: string): boolean {
  return images.some((image) => image.id === id);
}

function imagesOf(list: ImageList, count: number): Images {
  return {
    count,
    at: async (position) => refOf(await list.one(position)),
    positionOf: (id) => list.placeOf(Number(id)),
  };
}

function refOf({ id, filename, width, height }: ImageInfo): ImageRef {
  return { id: String(id), filename, width, height };
}
