import type { Host } from '../host.js';
import { Store } from '../store.js';
import type { Json } from '../wire.js';
import { RecipeBuilder } from './recipe/builder.js';
import { toWire, type Catalogue } from './recipe/recipe.js';

export interface Wishes {
  readonly name: string;
  readonly note: string;
  /** One of `SPLITTINGS`. */
  readonly splits: string;
  readonly includeUnlabeled: boolean;
  /** Leave out what cannot be read, where otherwise the whole version fails. */
  readonly skipBroken: boolean;
}

/** Shares of train, valid and test in per cent; `kept` leaves every image in its split. */
export const SPLITTINGS = ['kept', '70 20 10', '80 20 0', '60 20 20'] as const;

/** Most images of a selection that a recipe is tried on. */
const TRIED = 6;

/** A version on its way: its recipe, and what is wished for besides. It stays while the person looks at other tabs. */
export class Making extends Store<Wishes> {
  readonly builder: RecipeBuilder;

  constructor(
    private readonly host: Pick<Host, 'api' | 'jobs'>,
    private readonly datasetId: number,
    catalogue: Catalogue,
    /** Images that somebody selected: the recipe is tried on them. */
    selected: Iterable<number>,
    start: Json,
  ) {
    super({ name: '', note: '', splits: 'kept', includeUnlabeled: false, skipBroken: false });
    this.builder = new RecipeBuilder(host.api, datasetId, catalogue, [...selected].slice(0, TRIED), start);
  }

  /** Generate it as a job; what the server refuses is shown where it belongs. True when the job began. */
  async start(): Promise<boolean> {
    const { api, jobs } = this.host;
    try {
      await api.versions.create(this.datasetId, bodyOf(this.get(), toWire(this.builder.get().recipe)));
    } catch (error) {
      this.builder.refuse(error);
      return false;
    }
    jobs.hurry();
    return true;
  }

  close(): void {
    this.builder.close();
  }
}

/** What `POST datasets/{id}/versions` takes. */
export function bodyOf({ name, note, splits, includeUnlabeled, skipBroken }: Wishes, recipe: Json): Json {
  const [train = 0, valid = 0, test = 0] = splits.split(' ').map((share) => Number(share) / 100);
  return {
    recipe,
    ...(splits === 'kept' ? {} : { splits: { train, valid, test } }),
    ...(name.trim() ? { name: name.trim() } : {}),
    ...(note.trim() ? { note: note.trim() } : {}),
    options: { include_unlabeled: includeUnlabeled, on_error: skipBroken ? 'skip' : 'fail' },
  };
}
