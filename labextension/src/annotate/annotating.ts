import {
  closePicture,
  decode,
  IndexedDbJournal,
  retryWhenOnline,
  Session,
  type ImageRef,
} from '@jupyter-roboflow/widgets/engine';
import { SessionSitting } from '@jupyter-roboflow/widgets/ui';
import type { Host } from '../host.js';
import type { ImageList } from '../images/image-list.js';
import { refusalOf } from '../parts/rights.js';
import { describe } from '../parts/trouble.js';
import type { Dataset } from '../wire.js';
import { RestAnnotations } from './annotation-backend.js';
import { imagesOf, imagesWith } from './going-through.js';

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
    /** Whether that image is shown even if the list does not have it. */
    anyway: boolean,
  ) {
    const { rest, labels } = host.api;
    const images = () => (anyway && imageId !== undefined ? imagesWith(list, imageId) : imagesOf(list, imageId));
    const backend = new RestAnnotations(rest, images, host.trans);
    const scope = [rest.url(''), dataset.owner, dataset.id, dataset.created_at].join(' ');
    this.session = new Session({ backend, journal: new IndexedDbJournal(scope, indexedDB), decode, closePicture });
    this.#stopRetrying = retryWhenOnline(this.session);
    const addLabel = async (name: string) => {
      try {
        return await labels.add(dataset.id, name);
      } catch (error) {
        throw new Error(describe(error, host.trans), { cause: error });
      }
    };
    this.sitting = new SessionSitting({ session: this.session, title: dataset.name, addLabel });
    this.#start = () => this.session.start(imageId === undefined ? undefined : String(imageId));
  }

  async start(): Promise<void> {
    const refusal = refusalOf('annotate', this.dataset.role, this.host.trans);
    this.session.editor.set({ readOnly: refusal !== undefined });
    const { items } = await this.host.api.labels.list(this.dataset.id);
    this.session.editor.setLabels(items);
    await this.#start();
    const { current, count } = this.session.state;
    if (current === undefined && count > 0) await this.session.openAt(0); // the list does not have the one asked for
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
