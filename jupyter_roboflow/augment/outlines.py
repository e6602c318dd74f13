"""Rings of marks as shapely areas and back: clipping, densifying, thinning out."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon as ShapelyPolygon
from shapely.geometry import box as shapely_box
from shapely.geometry.base import BaseGeometry

from ..domain.errors import InvalidShape
from ..domain.shapes import BBox, Part, Point, Points, Polygon, Shape
from ..domain.shapes.polygon import POINTS_LIMIT
from ..domain.shapes.shape import SMALLEST_SIDE
from .picture import Mark, Rings

EDGE_PX = 4.0
"""Longest straight piece, in pixels, of an edge that a map without straight lines will bend."""

THINNING_PX = 0.05
"""How far, in pixels, a bent outline may be from what is kept of it."""

SMALLEST_AREA = 1e-6
"""Square pixels below which a piece is a rounding error."""


def area_of(parts: tuple[Rings, ...]) -> BaseGeometry:
    """The covered area, valid; parts that overlap are united."""
    pieces = [ShapelyPolygon(rings[0], rings[1:]) for rings in parts]
    valid = [piece if piece.is_valid else shapely.make_valid(piece) for piece in pieces]
    return valid[0] if len(valid) == 1 else shapely.union_all(valid)


def within(area: BaseGeometry, size_wh: tuple[float, float]) -> tuple[Rings, ...]:
    """The parts of an area that lie within a frame `(0, 0)`–`size_wh`; slivers and mere lines are left out."""
    frame = shapely_box(0.0, 0.0, *size_wh)
    return tuple(_rings_of(piece, size_wh) for piece in polygons_in(shapely.intersection(area, frame)))


def polygons_in(area: Any) -> list[ShapelyPolygon]:
    """Every polygon of a shapely geometry, whatever else is in it."""
    if isinstance(area, ShapelyPolygon):
        return [area] if area.area > SMALLEST_AREA else []
    return [piece for part in getattr(area, "geoms", ()) for piece in polygons_in(part)]


def _rings_of(piece: ShapelyPolygon, size_wh: tuple[float, float]) -> Rings:
    rings = [piece.exterior, *piece.interiors]
    return tuple(np.clip(shapely.get_coordinates(ring)[:-1], 0.0, size_wh) for ring in rings)


def densified(ring: Points) -> Points:
    """The same ring with points along its edges, at most `EDGE_PX` apart."""
    return shapely.get_coordinates(shapely.segmentize(shapely.linearrings(ring), EDGE_PX))[:-1]


def thinned(parts: tuple[Rings, ...], tolerance: float = THINNING_PX) -> tuple[Rings, ...]:
    """The same outlines with as few points as keep them within `tolerance` pixels."""
    return tuple(tuple(_thin(ring, tolerance) for ring in rings) for rings in parts)


def _thin(ring: Points, tolerance: float) -> Points:
    if len(ring) < 8:
        return ring
    kept = shapely.get_coordinates(shapely.simplify(shapely.linearrings(ring), tolerance))[:-1]
    return kept if len(kept) >= 3 else ring


def shape_of(mark: Mark, size_wh: tuple[int, int]) -> Shape | None:
    """The shape that a mark has become, within the picture; None when nothing is left that has an area."""
    if mark.shape is not None:
        return mark.shape
    if mark.kind == "point":
        x, y = mark.parts[0][0][0].tolist()
        return Point(x, y)
    if mark.kind == "polygon":
        return polygon_of(mark.parts)
    x0, y0, x1, y1 = mark.bounds_xyxy()
    if x1 - x0 <= SMALLEST_SIDE or y1 - y0 <= SMALLEST_SIDE:
        return None
    pieces = BBox.from_bounds((x0, y0, x1, y1)).clip(size_wh)
    return pieces[0] if pieces else None


def polygon_of(parts: tuple[Rings, ...]) -> Polygon | None:
    """The polygon of some rings; parts that have shrunk to nothing are left out, None when all have."""
    tolerance = THINNING_PX
    while sum(len(ring) for rings in parts for ring in rings) > POINTS_LIMIT and tolerance < 10:
        parts = thinned(parts, tolerance)
        tolerance *= 2
    kept = tuple(part for rings in parts if (part := _part(rings)) is not None)
    return Polygon.of_parts(kept) if kept else None


def _part(rings: Rings) -> Part | None:
    try:
        outer = Part(_flat(rings[0]))
    except InvalidShape:
        return None
    holes: list[tuple[float, ...]] = []
    for ring in rings[1:]:
        try:
            holes.append(Part(_flat(ring)).points)
        except InvalidShape:  # a hole that has shrunk to a line hides nothing
            continue
    return Part.trusted(outer.points, tuple(holes))


def _flat(ring: Points) -> tuple[float, ...]:
    return tuple(ring.reshape(-1).tolist())
