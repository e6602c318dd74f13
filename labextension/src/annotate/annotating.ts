import { closePicture, decode, IndexedDbJournal, Session } from '@jupyter-roboflow/widgets/engine';
import { SessionSitting } from '@jupyter-roboflow/widgets/ui';
import type { Host } from '../host.js';
import type { ImageList } from '../images/image-list.js';
import { refusalOf } from '../parts/rights.js';
import type { Dataset } from '../wire.js';
import { RestAnnotations } from './annotation-backend.js';

/** Images one can step through without another look at the grid: a whole list, or those around the one opened. */
const MOST = 5000;

/** Going through the images of a list, one after another. */
export class Annotating {
  readonly made = Date.now();
  readonly session: Session;
  readonly sitting: SessionSitting;
  readonly #start: () => Promise<void>;

  constructor(
    private readonly host: Host,
    private readonly dataset: Dataset,
    readonly list: ImageList,
    imageId: number | undefined,
  ) {
    const images = async () => {
      const infos = await list.around(imageId, MOST);
      return infos.map(({ id, filename, width, height }) => ({ id: String(id), filename, width, height }));
    };
    const { rest, labels } = host.api;
    const backend = new RestAnnotations(rest, images);
    const scope = [rest.url(''), dataset.owner, dataset.id, dataset.created_at].join(' ');
    this.session = new Session({ backend, journal: new IndexedDbJournal(scope, indexedDB), decode, closePicture });
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
    if (!this.session.state.images.some((image) => image.id === id)) return false;
    void this.session.open(id);
    return true;
  }

  close(): void {
    this.session.close();
  }
}
