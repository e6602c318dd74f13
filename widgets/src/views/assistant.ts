/** Whoever finds outlines behind a door: the server, or the kernel. */
import type { Assistant } from '../engine/assistant.js';
import type { Ring, WireShape } from '../engine/shapes/shape.js';
import type { Ask } from './door.js';

/** `outlines` is asked for outlines, `paths` for edges to follow. */
export function assistantOver(outlines: Ask, paths: Ask): Assistant {
  return {
    outline: async (imageId, prompt, signal) => {
      const { body } = await outlines({ method: 'POST', path: `images/${imageId}/outline`, body: prompt, signal });
      return (body as { shapes: readonly WireShape[] }).shapes;
    },
    path: async (imageId, from, to, signal) => {
      const ends = { start: [from.x, from.y], end: [to.x, to.y] };
      const { body } = await paths({ method: 'POST', path: `images/${imageId}/path`, body: ends, signal });
      return (body as { points: Ring }).points;
    },
  };
}
