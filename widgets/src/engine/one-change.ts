/** A save of a large set in which one annotation came, went or changed: that one alone is sent, and the rest is not read again. */
import { sameJson, type WireAnnotation } from './annotation.js';
import { BackendError, type SavedSet, type SaveRequest } from './backend.js';

/** A question of the REST interface; the revision goes with it as for a whole set. */
export interface OneChange {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** What the interface answers: the annotation as it is now, unless it is gone. */
export type OneSaved = Partial<WireAnnotation> & { readonly revision: number };

/** Annotations below which the whole set is sent: it is as quick, and says everything at once. */
const MANY = 100;

/** Save by `one` what can be saved by itself, everything else by `whole`. */
export async function saveOneOr(
  imageId: string,
  request: SaveRequest,
  one: (change: OneChange) => Promise<OneSaved>,
  whole: () => Promise<SavedSet>,
): Promise<SavedSet> {
  const change = oneChange(imageId, request);
  if (change === undefined) return whole();
  try {
    return savedWith(request, await one(change));
  } catch (error) {
    // Gone in the meantime, as a rule: the whole set finds out what else is new.
    if (error instanceof BackendError && error.kind === 'refused') return whole();
    throw error;
  }
}

function oneChange(imageId: string, request: SaveRequest): OneChange | undefined {
  const { annotations, changes, state, stateBefore } = request;
  const [change, ...others] = changes.touched;
  if (change === undefined || others.length > 0 || changes.order !== undefined) return undefined;
  if (annotations.length < MANY || state !== stateBefore) return undefined;
  if (change.after === undefined) return { method: 'DELETE', path: `annotations/${change.id}` };
  const { id, ...content } = change.after;
  return change.before === undefined
    ? { method: 'POST', path: `images/${imageId}/annotations`, body: change.after }
    : { method: 'PUT', path: `annotations/${id}`, body: content };
}

/** The other side may have written it a little otherwise. */
function savedWith({ annotations, changes, state }: SaveRequest, answer: OneSaved): SavedSet {
  const { revision } = answer;
  const sent = changes.touched[0]?.after;
  if (sent === undefined) return { revision, state };
  const { id, label, shape_type, geometry, attributes } = { ...sent, ...answer };
  const saved = { id, label, shape_type, geometry, attributes };
  if (sameJson(saved, sent)) return { revision, state };
  return { revision, state, annotations: annotations.map((each) => (each.id === sent.id ? saved : each)) };
}
