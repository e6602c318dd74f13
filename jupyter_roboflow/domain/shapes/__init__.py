"""Shapes: the geometry of annotations. `SHAPES` lists the kinds by their name on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidShape
from .bbox import BBox
from .kept import KeptShape, unknown_kind
from .point import Point
from .polygon import Part, Polygon
from .shape import Bounds, Points, Shape, SizeWH

SHAPES: dict[str, type[Shape]] = {kind.kind: kind for kind in (BBox, Polygon, Point)}


def shape_from(shape_type: object, geometry: Mapping[str, Any]) -> Shape:
    """The Shape of a kind (`bbox`, `polygon`, `point`) from its JSON geometry; `InvalidShape` says what is wrong."""
    kind = SHAPES.get(shape_type) if isinstance(shape_type, str) else None
    if kind is None:
        given = repr(shape_type[:40]) if isinstance(shape_type, str) else type(shape_type).__name__
        raise InvalidShape(f"Unknown shape type {given}; one of {', '.join(SHAPES)}.", code="unknown_shape_type")
    return kind.from_geometry(geometry)


def shape_or_kept(shape_type: str, geometry: Mapping[str, Any]) -> Shape:
    """As `shape_from`; a kind that this version does not know is kept as it is."""
    return shape_from(shape_type, geometry) if shape_type in SHAPES else KeptShape.from_json(shape_type, geometry)


def check_within(shape: Shape, size_wh: SizeWH) -> None:
    """Raise `InvalidShape` (`geometry_out_of_bounds`) when nothing of the shape lies within the picture.

    So it does (`unknown_shape_type`) for a shape of an unknown kind: nobody here knows where it lies.
    """
    if isinstance(shape, KeptShape):
        raise unknown_kind(shape.kind)
    x0, y0, x1, y1 = shape.bounds()
    width, height = size_wh
    if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
        return
    if not shape.clip(size_wh):
        raise InvalidShape(
            f"The {shape.kind} at {x0:g}, {y0:g} – {x1:g}, {y1:g} lies outside the {width:g} × {height:g} picture.",
            code="geometry_out_of_bounds",
        )


__all__ = [
    "SHAPES",
    "BBox",
    "Bounds",
    "KeptShape",
    "Part",
    "Point",
    "Points",
    "Polygon",
    "Shape",
    "SizeWH",
    "check_within",
    "shape_from",
    "shape_or_kept",
    "unknown_kind",
]
