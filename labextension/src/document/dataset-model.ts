import { Annotating } from '../annotate/annotating.js';
import type { Host } from '../host.js';
import { ImageList } from '../images/image-list.js';
import { parseQuery, withTerm } from '../images/query.js';
import { isSelected, NOTHING, select, type Selection, type SelectionAction } from '../images/selection.js';
import { whereOf } from '../images/where.js';
import { RestError } from '../rest.js';
import { Loaded, Store } from '../store.js';
import type { Upload } from '../upload/upload.js';
import { Making } from '../versions/making.js';
import type { Catalogue } from '../versions/recipe/recipe.js';
import type { Dataset, Health, Json, Label, Role, TagCount, Version } from '../wire.js';

export const TABS = ['images', 'annotate', 'health', 'versions', 'jobs', 'settings'] as const;
export type Tab = (typeof TABS)[number];

/** Where somebody is in a dataset: what a reload brings back. */
export interface Place {
  readonly tab: Tab;
  readonly query: string;
  readonly sort: string;
  /** The image on the Annotate tab. */
  readonly image?: number | undefined;
}

/** Images that are about to be deleted: selected in a list, which says what "everything" was. */
export interface Doomed {
  readonly selection: Selection;
  readonly list: ImageList;
}

export function isDoomed(doomed: readonly Doomed[], list: ImageList, id: number): boolean {
  return doomed.some(({ selection, list: of }) => (of === list || !selection.everything) && isSelected(selection, id));
}

/** Between the last letter of a query and looking for it. */
const TYPING_MS = 300;

export const START: Place = { tab: 'images', query: '', sort: 'id' };

/** One open dataset: what is known of it, and where the person is in it. */
export class DatasetModel {
  readonly dataset: Loaded<Dataset>;
  readonly labels: Loaded<readonly Label[]>;
  readonly health: Loaded<Health>;
  readonly versions: Loaded<readonly Version[]>;
  readonly tags: Loaded<readonly TagCount[]>;
  /** Every step that a recipe may have. */
  readonly steps: Loaded<Catalogue>;
  /** The version that is being put together, if any. */
  readonly making = new Store<Making | undefined>(undefined);
  readonly place: Store<Place>;
  /** What is in the query box, also while it is typed. */
  readonly typed: Store<string>;
  readonly images: Store<ImageList>;
  /** Whether another list is on its way. */
  readonly searching = new Store(true);
  readonly selection = new Store<Selection>(NOTHING);
  /** Images that are about to be deleted. */
  readonly doomed = new Store<readonly Doomed[]>([]);
  /** How many files there are so far in what was dropped, while that is found out. */
  readonly looking = new Store<number | undefined>(undefined);
  /** The upload under way or the last one, until its report is closed. */
  readonly upload = new Store<Upload | undefined>(undefined);
  /** The session of the Annotate tab, once somebody was there. */
  readonly annotating = new Store<Annotating | undefined>(undefined);
  /** Whether it was deleted, or taken from this person, while it is open. */
  readonly gone = new Store(false);
  #asking = false;
  /** Whether annotations were saved that lists and numbers do not show yet. */
  #stale = false;
  #unsaved = false;
  /** Whether a reload came into the middle of annotating, and nothing else was looked for since. */
  #resumes: boolean;
  #scrolled: { readonly list: ImageList; readonly top: number } | undefined;
  readonly #closing = new Set<() => void>();
  #next: ImageList | undefined;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly host: Host,
    readonly id: number,
    place: Place = START,
  ) {
    const { api } = host;
    this.dataset = new Loaded(() => api.datasets.get(id));
    this.labels = new Loaded(async () => (await api.labels.list(id)).items);
    this.tags = new Loaded(async () => (await api.images.tags(id)).items);
    this.health = new Loaded(() => api.datasets.health(id));
    this.versions = new Loaded(async () => (await api.versions.list(id)).items);
    this.steps = new Loaded(async () => new Map((await api.recipes.steps()).items.map((step) => [step.name, step])));
    this.place = new Store(place);
    this.#resumes = place.tab === 'annotate';
    this.typed = new Store(place.query);
    this.images = new Store(this.#list());
    host.changes.changed.connect(this.#refresh, this);
    api.rest.refused.connect(this.#suspect, this);
    void this.#search();
  }

  dispose(): void {
    clearTimeout(this.#typing);
    this.host.changes.changed.disconnect(this.#refresh, this);
    this.host.api.rest.refused.disconnect(this.#suspect, this);
    this.#stopAnnotating();
    this.stopMaking();
    for (const finish of [...this.#closing]) finish();
  }

  /** Do something when the dataset is closed, unless it is done before; returns how to say so. */
  whenClosed(finish: () => void): () => void {
    this.#closing.add(finish);
    return () => {
      this.#closing.delete(finish);
    };
  }

  /** Show a selection as about to be deleted; returns how to stop that. */
  doom(selection: Selection): () => void {
    const doomed: Doomed = { selection, list: this.images.get() };
    this.doomed.set([...this.doomed.get(), doomed]);
    return () => {
      this.doomed.set(this.doomed.get().filter((one) => one !== doomed));
    };
  }

  show(tab: Tab): void {
    if (this.#stale && tab !== 'annotate') {
      this.#stale = false;
      this.host.changes.tell(this.id);
    }
    this.place.set({ ...this.place.get(), tab });
  }

  /** A letter of a query: looked for once no other follows. */
  type(query: string): void {
    this.typed.set(query);
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.find(query);
    }, TYPING_MS);
  }

  /** Look for other images. */
  find(query: string, sort = this.place.get().sort): void {
    clearTimeout(this.#typing);
    this.typed.set(query);
    const place = this.place.get();
    if (place.query === query && place.sort === sort) return;
    this.#resumes = false;
    this.place.set({ ...place, query, sort });
    this.selection.set(NOTHING);
    void this.#search();
  }

  /** The images behind a number somewhere: on the Images tab, with the query that finds them. */
  showImages(query: string): void {
    this.find(query);
    this.show('images');
  }

  showImagesOf(ids: readonly number[]): void {
    this.showImages(withTerm('', 'id', ids.join(',')));
  }

  select(action: SelectionAction): void {
    this.selection.set(select(this.selection.get(), action));
  }

  /** How far down the grid is in a list, in CSS pixels: kept while another tab is in front. */
  scroll(list: ImageList, top: number): void {
    this.#scrolled = { list, top };
  }

  scrolledIn(list: ImageList): number {
    return this.#scrolled?.list === list ? this.#scrolled.top : 0;
  }

  /** Annotate one image, and from there those before and after it. */
  readonly open = (imageId: number): void => {
    this.place.set({ ...this.place.get(), tab: 'annotate', image: imageId });
    const there = this.annotating.get();
    if (there?.list === this.images.get() && there.show(imageId)) return;
    this.#stopAnnotating();
    this.annotate();
  };

  /** Begin to go through the images of the list, unless one does already. */
  annotate(): void {
    const dataset = this.dataset.get().value;
    const list = this.images.get();
    if (dataset === undefined || this.searching.get() || this.annotating.get()?.list === list) return;
    this.#stopAnnotating();
    const annotating = new Annotating(this.host, dataset, list, this.place.get().image, this.#resumes);
    annotating.session.subscribe(() => {
      this.#follow(annotating);
    });
    this.annotating.set(annotating);
    void annotating.start();
  }

  /** Begin to put a version together, from a recipe there is or from none. */
  make(catalogue: Catalogue, recipe: Json = {}): void {
    this.stopMaking();
    const { ids, everything } = this.selection.get();
    this.making.set(new Making(this.host, this.id, catalogue, everything ? [] : ids, recipe));
  }

  stopMaking(): void {
    this.making.get()?.close();
    this.making.set(undefined);
  }

  #follow({ session, list }: Annotating): void {
    const { current, saving } = session.state;
    const place = this.place.get();
    const image = current === undefined ? undefined : Number(current.id);
    if (image !== undefined && image !== place.image) {
      this.place.set({ ...place, image });
      const at = list === this.images.get() ? list.knownPlaceOf(image) : undefined;
      if (at !== undefined) this.select({ type: 'move', index: at }); // where the grid is come back to
    }
    if (saving === 'saved' && this.#unsaved) this.#stale = true;
    this.#unsaved = saving !== 'saved';
  }

  #stopAnnotating(): void {
    this.annotating.get()?.close();
    this.annotating.set(undefined);
  }

  /** My role in it, as far as it is known. */
  role(): Role | undefined {
    return this.dataset.get().value?.role;
  }

  async #search(): Promise<void> {
    const list = this.#list();
    this.searching.set(true);
    this.#next = list;
    await list.reload();
    if (this.#next !== list) return; // somebody typed on
    this.images.set(list);
    this.searching.set(false);
  }

  #list(): ImageList {
    const { query, sort } = this.place.get();
    return new ImageList(this.host.api, this.id, whereOf(parseQuery(query).terms), sort);
  }

  /** Something was not found: perhaps because the whole dataset is not there any more. */
  #suspect(_: unknown, { status }: RestError): void {
    if (status !== 404 || this.#asking || this.gone.get()) return;
    this.#asking = true;
    this.host.api.datasets
      .get(this.id)
      .catch((error: unknown) => {
        if (error instanceof RestError && error.status === 404) this.gone.set(true);
      })
      .finally(() => {
        this.#asking = false;
      });
  }

  #refresh(_: unknown, datasetId: number): void {
    if (datasetId !== this.id || this.gone.get()) return;
    void this.images.get().reload();
    this.dataset.refresh();
    this.labels.refresh();
    this.tags.refresh();
    this.health.refresh();
    this.versions.refresh();
  }
}
