import { painted } from '../../engine/canvas.js';

type Subscribe = (listener: () => void) => () => void;

const known = new WeakMap<object, Subscribe>();
let painting: Promise<void> | undefined;

/**
 * How components follow an annotator: at another image the canvas paints it first, and they come with the frame after.
 * The same function for the same `of`, so that nobody subscribes anew.
 */
export function paintFirst(of: object, subscribe: Subscribe, image: () => unknown): Subscribe {
  const there = known.get(of);
  if (there) return there;
  const made: Subscribe = (listener) => following(listener, subscribe, image);
  known.set(of, made);
  return made;
}

function following(listener: () => void, subscribe: Subscribe, image: () => unknown): () => void {
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
      void nextPaint().then(later);
    } else if (!waits) listener();
    shown = now;
  });
  return () => {
    ended = true;
    end();
  };
}

/** One for all that wait for the same frame. */
function nextPaint(): Promise<void> {
  painting ??= painted().finally(() => {
    painting = undefined;
  });
  return painting;
}
