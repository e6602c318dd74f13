/** Polygons changed a vertex at a time. */
import { nearestEdge } from '../geometry/rings.js';
import { simplifyRing } from '../geometry/simplify.js';
import { mapRings, ringsOf, type Part, type Polygon } from '../polygon.js';
import type { Ring, XY } from '../shape.js';

/** The polygon with a vertex more on the edge that is nearest to a place, if one is within `margin` pixels. */
export function insertVertex(shape: Polygon, at: XY, margin: number): Polygon | undefined {
  let nearest = { ring: -1, vertex: 0, distance: Infinity };
  ringsOf(shape).forEach((ring, i) => {
    const edge = nearestEdge(ring, at, true);
    if (edge.distance < nearest.distance) nearest = { ring: i, ...edge };
  });
  if (nearest.distance > margin) return undefined;
  let count = 0;
  const after = 2 * nearest.vertex + 2;
  return mapRings(shape, (ring) =>
    count++ === nearest.ring ? [...ring.slice(0, after), at.x, at.y, ...ring.slice(after)] : ring,
  );
}

/** The polygon without a vertex. A ring of three goes altogether; the last one of all stays: undefined. */
export function deleteVertex(shape: Polygon, index: number): Polygon | undefined {
  let first = 0;
  const without = (ring: Ring): Ring => {
    const place = 2 * (index - first);
    first += ring.length / 2;
    return place >= 0 && place < ring.length ? ring.filter((_, i) => i !== place && i !== place + 1) : ring;
  };
  const parts = mapRings(shape, without).parts.flatMap((part): Part[] => {
    const holes = (part.holes ?? []).filter((hole) => hole.length >= 6);
    if (part.points.length < 6) return [];
    return [holes.length > 0 ? { points: part.points, holes } : { points: part.points }];
  });
  return parts.length > 0 ? { kind: 'polygon', parts } : undefined;
}

/** The polygon with fewer vertices and outlines that differ by at most `tolerance` pixels. */
export function simplify(shape: Polygon, tolerance: number): Polygon {
  return mapRings(shape, (ring) => simplifyRing(ring, tolerance));
}
