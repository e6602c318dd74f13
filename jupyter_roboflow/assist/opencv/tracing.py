"""From a mask to outlines along the edges of its pixels."""

from __future__ import annotations

from typing import Any

import cv2 as untyped
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon as ShapelyPolygon
from shapely.geometry.base import BaseGeometry

cv2: Any = untyped

SMALLEST_HOLE = 0.01
"""Holes with less than this share of the area around them are filled."""


def trace(mask: NDArray[np.uint8]) -> list[ShapelyPolygon]:
    """The pieces of a (H, W) mask with their holes, in pixel edges, the largest first.

    OpenCV's contours run through the centres of the outermost pixels of a piece, so each piece is grown by half a
    pixel; holes shrink by as much.
    """
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    rings = [contour.reshape(-1, 2).astype(np.float64) + 0.5 for contour in contours]
    pieces: list[ShapelyPolygon] = []
    for index, ring in enumerate(rings):
        if hierarchy[0][index][3] < 0 and len(ring) >= 4:
            holes = [rings[i] for i in range(len(rings)) if hierarchy[0][i][3] == index and len(rings[i]) >= 4]
            pieces += polygons_in(_grown(ShapelyPolygon(ring, holes)))
    return sorted(pieces, key=lambda piece: -piece.area)


def _grown(piece: ShapelyPolygon) -> BaseGeometry:
    return shapely.make_valid(piece).buffer(0.5, quad_segs=2)


def polygons_in(area: Any) -> list[ShapelyPolygon]:
    """Every polygon of a shapely geometry, whatever else is in it."""
    if isinstance(area, ShapelyPolygon):
        return [] if area.is_empty else [area]
    return [piece for part in getattr(area, "geoms", ()) for piece in polygons_in(part)]


def without_small_holes(piece: ShapelyPolygon) -> ShapelyPolygon:
    """The piece with holes filled that are too small to have been meant."""
    full = ShapelyPolygon(piece.exterior).area
    holes = [ring for ring in piece.interiors if ShapelyPolygon(ring).area >= SMALLEST_HOLE * full]
    return ShapelyPolygon(piece.exterior, holes)
