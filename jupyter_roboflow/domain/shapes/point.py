"""A single location."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from .shape import Bounds, Points, Shape, SizeWH, check_coordinates, fields, number, numbers


@dataclass(frozen=True, slots=True)
class Point(Shape):
    """One point in pixels. The centre of the first pixel is `Point(0.5, 0.5)`."""

    x: float
    y: float

    kind: ClassVar[str] = "point"

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, number(getattr(self, name), name))
        check_coordinates((self.x, self.y), "point")

    def bounds(self) -> Bounds:
        return (self.x, self.y, self.x, self.y)

    def area(self) -> float:
        return 0.0

    def map_points(self, f: Callable[[Points], Points]) -> Point:
        x, y = map(float, f(np.array([(self.x, self.y)], dtype=np.float64))[0])
        return self if (x, y) == (self.x, self.y) else Point(x, y)

    def clip(self, size_wh: SizeWH) -> tuple[Point, ...]:
        return (self,) if 0 <= self.x <= size_wh[0] and 0 <= self.y <= size_wh[1] else ()

    def geometry(self) -> dict[str, Any]:
        return {"point": [self.x, self.y], "coords_unit": "px"}

    @classmethod
    def from_geometry(cls, geometry: Mapping[str, Any]) -> Self:
        x, y = numbers(fields(geometry, ("point",)).get("point"), "point", 2)
        return cls(x, y)
