/** Edges of several rings, cut wherever two of them meet, so that no edge crosses another. */
import RBush from 'rbush';
import type { Ring } from '../shape.js';
import { valueAt } from './rings.js';

/** Nearer than this (in pixels) two places count as one. */
export const SNAP = 1e-6;

/** An edge between two places (indices into `Places`); bit i of `sources` is set when input i has it an odd number of times. */
export interface Edge {
  readonly a: number;
  readonly b: number;
  readonly source: number;
}

/** Points by their rounded coordinates: the first point seen at a place stands for it. */
export class Places {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly #known = new Map<string, number>();

  at(x: number, y: number): number {
    const column = Math.round(x / SNAP);
    const row = Math.round(y / SNAP);
    const found = this.#known.get(`${String(column)},${String(row)}`);
    if (found !== undefined) return found;
    const place = this.x.push(x) - 1;
    this.y.push(y);
    // Neighbouring cells stand for the same place, so that rounding never parts what belongs together.
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const key = `${String(column + dx)},${String(row + dy)}`;
        if (!this.#known.has(key)) this.#known.set(key, place);
      }
    }
    return place;
  }
}

export function edgesOf(rings: readonly Ring[], source: number, places: Places): Edge[] {
  return rings.flatMap((ring) => {
    const stops = Array.from({ length: ring.length / 2 }, (_, i) =>
      places.at(valueAt(ring, 2 * i), valueAt(ring, 2 * i + 1)),
    );
    return stops
      .map((a, i) => ({ a, b: stops[(i + 1) % stops.length] ?? a, source }))
      .filter((edge) => edge.a !== edge.b);
  });
}

interface Boxed {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly edge: number;
}

/** The same edges in pieces that meet only at their ends. Rounding can make new crossings, hence the rounds. */
export function cutAtCrossings(edges: readonly Edge[], places: Places): readonly Edge[] {
  let current = edges;
  for (let round = 0; round < 5; round++) {
    const cuts = crossings(current, places);
    if (cuts.every((set) => set === undefined)) return current;
    current = current.flatMap((edge, i) => pieces(edge, cuts[i], places));
  }
  return current;
}

function crossings(edges: readonly Edge[], places: Places): (Set<number> | undefined)[] {
  const tree = new RBush<Boxed>();
  const boxes = edges.map((edge, i) => boxOf(edge, i, places));
  tree.load(boxes);
  const cuts = new Array<Set<number> | undefined>(edges.length).fill(undefined);
  const cut = (i: number, place: number): void => {
    const edge = edges[i];
    if (edge && place !== edge.a && place !== edge.b) (cuts[i] ??= new Set()).add(place);
  };
  for (const box of boxes) {
    for (const other of tree.search(box)) {
      const [one, two] = [edges[box.edge], edges[other.edge]];
      if (other.edge <= box.edge || !one || !two) continue;
      for (const place of meetings(one, two, places)) {
        cut(box.edge, place);
        cut(other.edge, place);
      }
    }
  }
  return cuts;
}

function boxOf(edge: Edge, index: number, { x, y }: Places): Boxed {
  const [ax, ay, bx, by] = [valueAt(x, edge.a), valueAt(y, edge.a), valueAt(x, edge.b), valueAt(y, edge.b)];
  return {
    minX: Math.min(ax, bx) - SNAP,
    minY: Math.min(ay, by) - SNAP,
    maxX: Math.max(ax, bx) + SNAP,
    maxY: Math.max(ay, by) + SNAP,
    edge: index,
  };
}

/** The places that two edges share: ends of one that lie on the other, else where they cross. */
function meetings(one: Edge, two: Edge, places: Places): number[] {
  const touching = [
    ...[one.a, one.b].filter((end) => liesOn(end, two, places)),
    ...[two.a, two.b].filter((end) => liesOn(end, one, places)),
  ];
  if (touching.length > 0) return touching;
  const { x, y } = places;
  const [px, py, qx, qy] = [valueAt(x, one.a), valueAt(y, one.a), valueAt(x, two.a), valueAt(y, two.a)];
  const [rx, ry] = [valueAt(x, one.b) - px, valueAt(y, one.b) - py];
  const [sx, sy] = [valueAt(x, two.b) - qx, valueAt(y, two.b) - qy];
  const cross = rx * sy - ry * sx;
  if (cross === 0) return [];
  const t = ((qx - px) * sy - (qy - py) * sx) / cross;
  const u = ((qx - px) * ry - (qy - py) * rx) / cross;
  return t > 0 && t < 1 && u > 0 && u < 1 ? [places.at(px + t * rx, py + t * ry)] : [];
}

function liesOn(place: number, edge: Edge, { x, y }: Places): boolean {
  if (place === edge.a || place === edge.b) return true;
  const [ax, ay] = [valueAt(x, edge.a), valueAt(y, edge.a)];
  const [dx, dy] = [valueAt(x, edge.b) - ax, valueAt(y, edge.b) - ay];
  const [px, py] = [valueAt(x, place) - ax, valueAt(y, place) - ay];
  const length2 = dx * dx + dy * dy;
  const along = px * dx + py * dy;
  return along > 0 && along < length2 && Math.abs(px * dy - py * dx) <= SNAP * Math.sqrt(length2);
}

function pieces(edge: Edge, cuts: Set<number> | undefined, { x, y }: Places): Edge[] {
  if (cuts === undefined) return [edge];
  const [ax, ay] = [valueAt(x, edge.a), valueAt(y, edge.a)];
  const away = (place: number): number => Math.hypot(valueAt(x, place) - ax, valueAt(y, place) - ay);
  const stops = [edge.a, ...[...cuts].sort((p, q) => away(p) - away(q)), edge.b];
  return stops.slice(1).map((b, i) => ({ a: stops[i] ?? edge.a, b, source: edge.source }));
}
