"""Polygons as single rings, for formats that know neither holes nor several parts."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry import Polygon as ShapelyPolygon
from shapely.geometry import box as shapely_box

from .polygon import Polygon, Ring, parts_of, ring_array
from .shape import Points


def is_one_ring(polygon: Polygon) -> bool:
    """Whether the polygon has one part and no hole."""
    parts = polygon.parts
    return len(parts) == 1 and not parts[0].holes


def bridge_rings(polygon: Polygon) -> Ring:
    """One ring that covers what the polygon covers, its rings joined by bridges without width.

    Every bridge is walked there and back, so it adds no area whichever way the ring is filled (even-odd or nonzero:
    holes turn the other way round than outlines). The nearest rings are joined first.
    """
    rings = [ring for part in _apart(polygon) for ring in _turned(part)]
    joined, *waiting = rings
    while waiting:
        pairs = [_nearest(joined, ring) for ring in waiting]
        index = min(range(len(waiting)), key=lambda i: pairs[i][0])
        _, here, there = pairs[index]
        ring = waiting.pop(index)
        loop = np.concatenate([ring[there:], ring[: there + 1]])
        joined = np.concatenate([joined[: here + 1], loop, joined[here:]])
    return tuple(joined.reshape(-1).tolist())


def cut_rings(polygon: Polygon) -> list[Ring]:
    """Rings that together cover what the polygon covers: a ring a part, parts with holes cut upright through them."""
    pieces = [piece for part in polygon.parts for piece in _cut(part.to_shapely())]
    return [part.points for piece in pieces for part in parts_of(piece)]


def _apart(polygon: Polygon) -> list[ShapelyPolygon]:
    """The parts, united first where they overlap: filled even-odd, a doubly covered area would be a hole."""
    pieces = [part.to_shapely() for part in polygon.parts]
    if len(pieces) == 1 or shapely.MultiPolygon(pieces).is_valid:
        return pieces
    return [part.to_shapely() for part in parts_of(polygon.to_shapely())]


def _turned(part: ShapelyPolygon) -> list[Points]:
    rings = [part.exterior, *part.interiors]
    return [
        shapely.get_coordinates(ring if ring.is_ccw == (i == 0) else ring.reverse())[:-1]
        for i, ring in enumerate(rings)
    ]


def _nearest(one: Points, other: Points) -> tuple[float, int, int]:
    """The smallest distance between vertices of two rings, and the two vertices' places."""
    best = (math.inf, 0, 0)
    for start in range(0, len(one), 512):
        block = one[start : start + 512]
        squared = ((block[:, None, :] - other[None, :, :]) ** 2).sum(axis=2)
        place = int(squared.argmin())
        here, there = divmod(place, len(other))
        if squared[here, there] < best[0]:
            best = (float(squared[here, there]), start + here, there)
    return best


def _cut(piece: ShapelyPolygon) -> list[ShapelyPolygon]:
    valid = piece if piece.is_valid else shapely.make_valid(piece)
    pieces = [part.to_shapely() for part in parts_of(valid)]
    done: list[ShapelyPolygon] = []
    while pieces:
        piece = pieces.pop()
        if not piece.interiors:
            done.append(piece)
            continue
        x0, y0, x1, y1 = piece.bounds
        middle = float(ring_array(tuple(shapely.get_coordinates(piece.interiors[0]).reshape(-1)))[:, 0].mean())
        for half in (shapely_box(middle, y0, x1, y1), shapely_box(x0, y0, middle, y1)):
            pieces += [part.to_shapely() for part in parts_of(shapely.intersection(piece, half))]
    return done
