/**
 * Areas combined: union, intersection, difference of polygons with holes.
 *
 * All edges are cut where they meet; of each piece it is known, by counting edges above its middle, which inputs cover
 * the area on either side; pieces with the result on one side only are its outline. Chained, they are rings.
 */
import type { Ring } from '../shape.js';
import { cutAtCrossings, edgesOf, Places, type Edge } from './edges.js';
import { isInside, signedArea, valueAt } from './rings.js';

/** One connected area: an outline and the rings cut out of it. */
export interface Area {
  readonly points: Ring;
  readonly holes?: readonly Ring[];
}

/** Which of the inputs cover a place → whether the result does. */
type Rule = (covered: readonly boolean[]) => boolean;

/** The areas covered by some input of `a` or `b`. */
export function union(a: readonly Area[], b: readonly Area[]): Area[] {
  return combine([...a, ...b], (covered) => covered.includes(true));
}

export function intersection(a: readonly Area[], b: readonly Area[]): Area[] {
  const some = (covered: readonly boolean[], from: number, to?: number): boolean =>
    covered.slice(from, to).includes(true);
  return combine([...a, ...b], (covered) => some(covered, 0, a.length) && some(covered, a.length));
}

/** The areas covered by `a` but not by `b`. */
export function difference(a: readonly Area[], b: readonly Area[]): Area[] {
  return combine([...a, ...b], (covered) => covered.lastIndexOf(true) < a.length && covered.includes(true));
}

function combine(inputs: readonly Area[], rule: Rule): Area[] {
  const places = new Places();
  const edges = inputs.flatMap((area, i) => edgesOf([area.points, ...(area.holes ?? [])], i, places));
  const original = places.x.length;
  const outline = outlineOf(merged(cutAtCrossings(edges, places)), places, inputs.length, rule);
  return areasOf(ringsOf(outline, places), places, original);
}

/** A piece and how often (odd or even) each input has it. */
interface Piece {
  readonly a: number;
  readonly b: number;
  readonly odd: boolean[];
}

function merged(edges: readonly Edge[]): Piece[] {
  const found = new Map<string, Piece>();
  for (const { a, b, source } of edges) {
    const [low, high] = a < b ? [a, b] : [b, a];
    const key = `${String(low)},${String(high)}`;
    let piece = found.get(key);
    if (piece === undefined) found.set(key, (piece = { a: low, b: high, odd: [] }));
    piece.odd[source] = piece.odd[source] !== true;
  }
  return [...found.values()].filter((piece) => piece.odd.includes(true));
}

/** Directed pieces of the outline, with the result on their right-hand side as seen on a screen (y down). */
function outlineOf(all: readonly Piece[], places: Places, inputs: number, rule: Rule): [number, number][] {
  const outline: [number, number][] = [];
  for (const piece of all) {
    const dx = valueAt(places.x, piece.b) - valueAt(places.x, piece.a);
    const dy = valueAt(places.y, piece.b) - valueAt(places.y, piece.a);
    // A ray straight up, or to the left for steep pieces: never along the piece itself.
    const steep = Math.abs(dy) > Math.abs(dx);
    const before = coverBeyond(piece, all, steep ? places.y : places.x, steep ? places.x : places.y, inputs);
    const after = before.map((covered, i) => covered !== (piece.odd[i] === true));
    const [far, near] = [rule(before), rule(after)];
    if (far === near) continue;
    const nearOnRight = steep ? dy < 0 : dx > 0;
    outline.push((near ? nearOnRight : !nearOnRight) ? [piece.a, piece.b] : [piece.b, piece.a]);
  }
  return outline;
}

/** Which inputs cover the area just beyond a piece's middle, towards smaller `across`. */
function coverBeyond(
  piece: Piece,
  all: readonly Piece[],
  along: number[],
  across: number[],
  inputs: number,
): boolean[] {
  const middle = (valueAt(along, piece.a) + valueAt(along, piece.b)) / 2;
  const height = (valueAt(across, piece.a) + valueAt(across, piece.b)) / 2;
  const covered = new Array<boolean>(inputs).fill(false);
  for (const other of all) {
    const [from, to] = [valueAt(along, other.a), valueAt(along, other.b)];
    if (other === piece || from > middle === to > middle) continue;
    const [start, end] = [valueAt(across, other.a), valueAt(across, other.b)];
    if (start + ((middle - from) / (to - from)) * (end - start) >= height) continue;
    other.odd.forEach((odd, i) => {
      if (odd) covered[i] = covered[i] !== true;
    });
  }
  return covered;
}

/** Closed chains of places. */
function ringsOf(outline: readonly [number, number][], places: Places): number[][] {
  const next = new Map<number, number[]>();
  for (const [from, to] of outline) next.set(from, [...(next.get(from) ?? []), to]);
  const rings: number[][] = [];
  for (const [start, ways] of next) {
    while (ways.length > 0) rings.push(...separated(walk(start, next, places)));
  }
  return rings;
}

/** One way round; where several go on, the sharpest turn is taken, so that rings that touch stay apart. */
function walk(start: number, next: ReadonlyMap<number, number[]>, places: Places): number[] {
  const ring: number[] = [];
  for (let here = start, from = start; ;) {
    ring.push(here);
    const step = takeSharpest(next.get(here), from, here, places);
    if (step === undefined) return [];
    if (step === start) return ring;
    from = here;
    here = step;
  }
}

/** A chain that passes a place twice is two rings that touch there. */
function separated(ring: readonly number[]): number[][] {
  const rings: number[][] = [];
  const open: number[] = [];
  const position = new Map<number, number>();
  for (const place of ring) {
    const seen = position.get(place);
    if (seen !== undefined) {
      const loop = open.splice(seen);
      for (const each of loop) position.delete(each);
      rings.push(loop);
    }
    position.set(place, open.push(place) - 1);
  }
  return [...rings, open].filter((each) => each.length >= 3);
}

function takeSharpest(choices: number[] = [], from: number, here: number, { x, y }: Places): number | undefined {
  if (choices.length < 2) return choices.pop();
  const back = Math.atan2(valueAt(y, from) - valueAt(y, here), valueAt(x, from) - valueAt(x, here));
  const turn = (to: number): number => {
    const angle = back - Math.atan2(valueAt(y, to) - valueAt(y, here), valueAt(x, to) - valueAt(x, here));
    return angle <= 0 ? angle + 2 * Math.PI : angle;
  };
  const best = choices.reduce((sharp, to) => (turn(to) < turn(sharp) ? to : sharp));
  choices.splice(choices.indexOf(best), 1);
  return best;
}

/** Outlines (clockwise on the screen) with the holes that lie in them. */
function areasOf(rings: readonly number[][], places: Places, original: number): Area[] {
  const flat = rings
    .map((ring) => flatRing(ring, places, original))
    .filter((ring) => Math.abs(signedArea(ring)) > 1e-9);
  const outer = flat.filter((ring) => signedArea(ring) > 0);
  const holes = outer.map((): Ring[] => []);
  for (const hole of flat.filter((ring) => signedArea(ring) < 0)) {
    const home = smallestAround(hole, outer);
    if (home >= 0) holes[home]?.push(hole);
  }
  return outer.map((points, i) => (holes[i]?.length ? { points, holes: holes[i] } : { points }));
}

function smallestAround(hole: Ring, outer: readonly Ring[]): number {
  // The middle of an edge: a corner may touch the outline.
  const at = { x: (valueAt(hole, 0) + valueAt(hole, 2)) / 2, y: (valueAt(hole, 1) + valueAt(hole, 3)) / 2 };
  let best = -1;
  outer.forEach((ring, i) => {
    if (isInside(ring, at) && (best < 0 || signedArea(ring) < signedArea(outer[best] ?? []))) best = i;
  });
  return best;
}

/** Coordinates of a ring, without the places that a cut has put into the middle of a straight edge. */
function flatRing(ring: readonly number[], { x, y }: Places, original: number): Ring {
  return ring
    .filter((place, i) => {
      if (place < original) return true;
      const [from, to] = [ring[(i + ring.length - 1) % ring.length] ?? place, ring[(i + 1) % ring.length] ?? place];
      const [dx, dy] = [valueAt(x, to) - valueAt(x, from), valueAt(y, to) - valueAt(y, from)];
      const off = (valueAt(x, place) - valueAt(x, from)) * dy - (valueAt(y, place) - valueAt(y, from)) * dx;
      return Math.abs(off) > 1e-5 * Math.hypot(dx, dy);
    })
    .flatMap((place) => [valueAt(x, place), valueAt(y, place)]);
}
