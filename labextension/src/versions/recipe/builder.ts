import type { Host } from '../../host.js';
import { RestError, reasonOf } from '../../rest.js';
import { Store } from '../../store.js';
import type { Json, PreviewItem } from '../../wire.js';
import { EMPTY, fromWire, refusalFrom, toWire, type Catalogue, type Recipe, type Refusal } from './recipe.js';

/** Between the last change and asking for pictures: a slider that is dragged asks once. */
const PAUSE_MS = 300;
const IMAGES = 4;
/** Most images and copies that are shown. */
const MOST_IMAGES = 12;
const MOST_COPIES = 3;
/** The longest side of a picture, in its own pixels: sharp on dense screens too. */
const SIDE = 360;

export interface BuilderState {
  readonly recipe: Recipe;
  readonly items: readonly PreviewItem[];
  /** Whether newer pictures are on their way. */
  readonly busy: boolean;
  /** Why there are none for the recipe as it is. */
  readonly refusal: Refusal | undefined;
  /** The server is away, or something else that is not the recipe's fault. */
  readonly trouble: unknown;
}

/** A recipe that is being put together, and what it makes of a few images: always those of its last change. */
export class RecipeBuilder extends Store<BuilderState> {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = new AbortController();

  constructor(
    private readonly api: Pick<Host['api'], 'recipes'>,
    private readonly datasetId: number,
    readonly catalogue: Catalogue,
    /** The images to show, when it is not any that are spread over the dataset. */
    private readonly imageIds: readonly number[] = [],
    start: Json = {},
    private readonly pauseMs = PAUSE_MS,
  ) {
    super({ recipe: EMPTY, items: [], busy: true, refusal: undefined, trouble: undefined });
    this.change(fromWire(start, catalogue));
  }

  readonly change = (recipe: Recipe): void => {
    this.set({ ...this.get(), recipe, busy: true });
    this.#stop();
    this.#timer = setTimeout(() => void this.look(), this.pauseMs);
  };

  /** Ask for the pictures now; what was asked before and is not there yet is given up. */
  readonly look = async (): Promise<void> => {
    this.#stop();
    const { signal } = (this.#asking = new AbortController());
    try {
      const { items } = await this.api.recipes.preview(this.datasetId, this.#spec(), signal);
      if (!signal.aborted) this.set({ ...this.get(), items, busy: false, refusal: undefined, trouble: undefined });
    } catch (error) {
      if (!signal.aborted) this.set({ ...this.get(), busy: false, ...blame(error) });
    }
  };

  /** Show a refusal that came from elsewhere, as when the version was asked for. */
  refuse(error: unknown): void {
    this.set({ ...this.get(), ...blame(error) });
  }

  close(): void {
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#asking.abort();
  }

  #spec() {
    const { recipe } = this.get();
    const shown = this.imageIds.length > 0 ? { image_ids: this.imageIds.slice(0, MOST_IMAGES) } : { count: IMAGES };
    return {
      recipe: toWire(recipe),
      copies: Math.max(1, Math.min(MOST_COPIES, recipe.multiplier - 1)),
      side: SIDE,
      ...shown,
    };
  }
}

/** Whether an error is about the recipe, or about whoever should have tried it. */
function blame(error: unknown): Pick<BuilderState, 'refusal' | 'trouble'> {
  const about = error instanceof RestError && (error.status === 422 || error.status === 400);
  return about
    ? { refusal: refusalFrom(reasonOf(error), error.details), trouble: undefined }
    : { refusal: undefined, trouble: error };
}
