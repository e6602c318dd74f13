/** Douglas and Peucker's line simplification, without recursion so that a long scribble cannot overflow the stack. */
import type { Ring } from '../shape.js';
import { segmentDistance, valueAt } from './rings.js';

/** The line of flat points with no more than `tolerance` pixels of difference; its ends stay. */
export function simplifyLine(line: Ring, tolerance: number): Ring {
  const count = line.length / 2;
  if (count < 3) return line;
  const keep = new Uint8Array(count);
  keep[0] = keep[count - 1] = 1;
  const spans: [number, number][] = [[0, count - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const { vertex, distance } = farthest(line, from, to);
    if (distance <= tolerance) continue;
    keep[vertex] = 1;
    spans.push([from, vertex], [vertex, to]);
  }
  return line.filter((_, i) => keep[i >> 1] === 1);
}

/** A closed ring simplified from its first point and the one farthest from it; never below three points. */
export function simplifyRing(ring: Ring, tolerance: number): Ring {
  const count = ring.length / 2;
  if (count <= 4) return ring;
  let [far, reach] = [0, -1];
  for (let i = 1; i < count; i++) {
    const distance = Math.hypot(valueAt(ring, 2 * i) - valueAt(ring, 0), valueAt(ring, 2 * i + 1) - valueAt(ring, 1));
    if (distance > reach) [far, reach] = [i, distance];
  }
  const there = simplifyLine(ring.slice(0, 2 * far + 2), tolerance);
  const back = simplifyLine([...ring.slice(2 * far), ...ring.slice(0, 2)], tolerance);
  const simple = [...there, ...back.slice(2, -2)];
  return simple.length >= 6 ? simple : ring;
}

function farthest(line: Ring, from: number, to: number): { vertex: number; distance: number } {
  const best = { vertex: from, distance: -1 };
  const [ax, ay, bx, by] = [
    valueAt(line, 2 * from),
    valueAt(line, 2 * from + 1),
    valueAt(line, 2 * to),
    valueAt(line, 2 * to + 1),
  ];
  for (let i = from + 1; i < to; i++) {
    const distance = segmentDistance({ x: valueAt(line, 2 * i), y: valueAt(line, 2 * i + 1) }, ax, ay, bx, by);
    if (distance > best.distance) [best.vertex, best.distance] = [i, distance];
  }
  return best;
}
