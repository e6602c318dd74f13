"""An axis-aligned box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from ..errors import InvalidShape
from .shape import SMALLEST_SIDE, Bounds, Points, Shape, SizeWH, check_coordinates, fields, number, numbers


@dataclass(frozen=True, slots=True)
class BBox(Shape):
    """A box by its top-left corner, width and height, in pixels. The first pixel alone is `BBox(0, 0, 1, 1)`."""

    x: float
    y: float
    width: float
    height: float

    kind: ClassVar[str] = "bbox"

    def __post_init__(self) -> None:
        for name in ("x", "y", "width", "height"):
            object.__setattr__(self, name, number(getattr(self, name), name))
        check_coordinates((self.x, self.y, self.width, self.height), "bbox")
        if self.width <= SMALLEST_SIDE or self.height <= SMALLEST_SIDE:
            raise InvalidShape(
                f"A box has a positive width and height, not {self.width:g} × {self.height:g}.",
                code="geometry_zero_area",
            )

    @classmethod
    def trusted(cls, x: float, y: float, width: float, height: float) -> BBox:
        """A box whose numbers were checked when they were stored; no check is made again."""
        box = object.__new__(cls)
        object.__setattr__(box, "x", x)
        object.__setattr__(box, "y", y)
        object.__setattr__(box, "width", width)
        object.__setattr__(box, "height", height)
        return box

    @classmethod
    def from_bounds(cls, bounds: Bounds) -> BBox:
        """The box between two corners: x0, y0, x1, y1 in pixels."""
        x0, y0, x1, y1 = bounds
        return cls(x0, y0, x1 - x0, y1 - y0)

    def bounds(self) -> Bounds:
        return (self.x, self.y, self.x + self.width, self.y + self.height)

    def area(self) -> float:
        return self.width * self.height

    def map_points(self, f: Callable[[Points], Points]) -> BBox:
        """The box around the four mapped corners."""
        x0, y0, x1, y1 = self.bounds()
        corners = f(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=np.float64))
        left, top = map(float, corners.min(axis=0))
        right, bottom = map(float, corners.max(axis=0))
        if (left, top, right, bottom) == (x0, y0, x1, y1):
            return self
        return BBox.from_bounds((left, top, right, bottom))

    def clip(self, size_wh: SizeWH) -> tuple[BBox, ...]:
        x0, y0, x1, y1 = self.bounds()
        width, height = size_wh
        if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
            return (self,)
        inside = (max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height)))
        if inside[2] - inside[0] <= SMALLEST_SIDE or inside[3] - inside[1] <= SMALLEST_SIDE:
            return ()
        return (_exactly_within(inside, size_wh),)

    def geometry(self) -> dict[str, Any]:
        return {"bbox": [self.x, self.y, self.width, self.height], "coords_unit": "px"}

    @classmethod
    def from_geometry(cls, geometry: Mapping[str, Any]) -> Self:
        values = numbers(fields(geometry, ("bbox",)).get("bbox"), "bbox", 4)
        return cls(*values)


def _exactly_within(bounds: Bounds, size_wh: SizeWH) -> BBox:
    """A box whose right and bottom edges do not overshoot the picture by a rounding step (x + (x1 - x) > x1)."""
    box = BBox.from_bounds(bounds)
    width = box.width if box.x + box.width <= size_wh[0] else float(np.nextafter(box.width, 0.0))
    height = box.height if box.y + box.height <= size_wh[1] else float(np.nextafter(box.height, 0.0))
    return BBox(box.x, box.y, width, height)
