import { painted } from '../../engine/canvas.js';

type Subscribe = (listener: () => void) => () => void;

/** Milliseconds after which components follow to an image that is still being loaded, and say so. */
const PATIENCE = 150;

const known = new WeakMap<object, Subscribe>();
let painting: Promise<void> | undefined;

/**
 * How components follow an annotator: at another image the canvas paints it first, and they come with the frame after.
 * Of an image that is loaded within a moment they need not say that it is being loaded. The same function for the same
 * `of`, so that nobody subscribes anew.
 */
export function paintFirst(of: object, subscribe: Subscribe, image: () => unknown, loading: () => boolean): Subscribe {
  const there = known.get(of);
  if (there) return there;
  const made: Subscribe = (listener) => following(listener, subscribe, image, loading);
  known.set(of, made);
  return made;
}

function following(
  listener: () => void,
  subscribe: Subscribe,
  image: () => unknown,
  loading: () => boolean,
): () => void {
  let shown = image();
  let waits = false;
  let ended = false;
  const later = () => {
    waits = false;
    if (!ended) listener();
  };
  const end = subscribe(() => {
    const now = image();
    if (now !== shown && !waits) {
      waits = true;
      void shownOrLate(loading).then(later);
    } else if (!waits) listener();
    shown = now;
  });
  return () => {
    ended = true;
    end();
  };
}

async function shownOrLate(loading: () => boolean): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (loading() && performance.now() < until) await nextPaint();
  await nextPaint();
}

/** One for all that wait for the same frame. */
function nextPaint(): Promise<void> {
  painting ??= painted().finally(() => {
    painting = undefined;
  });
  return painting;
}
