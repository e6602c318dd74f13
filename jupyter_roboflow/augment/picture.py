"""A picture on its way through a recipe: pixels, and everything that is marked on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..domain.shapes import Point, Points, Polygon, Shape
from ..domain.shapes.polygon import ring_array

Pixels: TypeAlias = "NDArray[np.uint8]"
"""(H, W, 3) uint8, RGB, upright."""

Origins: TypeAlias = "NDArray[np.float32]"
"""(H, W, 3) float32: x·s, y·s and s, where s is the share of the pixel that comes from the image given, and x, y is the
place in it, in edge coordinates.
"""

Rings: TypeAlias = "tuple[Points, ...]"
"""The outer ring of one part and then its holes, each (N, 2) float64 pixels, not closed."""

ELLIPSE_POINTS = 72


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One annotation on its way. A box travels as a polygon and becomes a box again at the end, so it does not grow.

    `source` is the annotation's place in what was given, `picture` 0 for this image, 1… for the companions of a mosaic;
    `visible` the share of its own area that is left; `shape` what was given, as long as nothing has moved it.
    """

    kind: str
    parts: tuple[Rings, ...]
    label: str
    source: int
    picture: int = 0
    visible: float = 1.0
    shape: Shape | None = None

    def bounds_xyxy(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 in pixels."""
        outer = np.concatenate([rings[0] for rings in self.parts])
        (x0, y0), (x1, y1) = outer.min(axis=0).tolist(), outer.max(axis=0).tolist()
        return x0, y0, x1, y1


@dataclass(frozen=True, slots=True)
class Dropped:
    """A shape that went, and why; `source` and `picture` as in `Mark`, `step` where, as in `augment[2] rotate`."""

    source: int
    why: str
    step: str
    picture: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels and marks in the same frame. `piece` tells apart what came of one image (`r0c1`, `object3`); `origins`
    are moved with the pixels when somebody wants to compare them with the shapes.
    """

    pixels: Pixels
    marks: tuple[Mark, ...] = ()
    piece: str = ""
    origins: Origins | None = None

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.pixels.shape[1], self.pixels.shape[0]

    def with_pixels(self, pixels: Pixels) -> Picture:
        """The same marks on other pixels of the same size."""
        return replace(self, pixels=np.ascontiguousarray(pixels))

    def named(self, piece: str) -> Picture:
        """One of several pictures that come of this one."""
        return replace(self, piece=f"{self.piece}-{piece}" if self.piece else piece)


def mark_of(shape: Shape, label: str, source: int, *, picture: int = 0, ellipses: bool = False) -> Mark:
    """The mark of a shape; with `ellipses` a box travels as the ellipse inside it, which turns into tighter boxes."""
    if isinstance(shape, Polygon):
        parts = tuple(tuple(ring_array(ring) for ring in part.rings()) for part in shape.parts)
    elif isinstance(shape, Point):
        parts = ((np.array([(shape.x, shape.y)], dtype=np.float64),),)
    else:
        parts = ((_ellipse(shape) if ellipses else _corners(shape),),)
    return Mark(shape.kind, parts, label, source, picture, 1.0, shape)


def _corners(shape: Shape) -> Points:
    x0, y0, x1, y1 = shape.bounds()
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=np.float64)


def _ellipse(shape: Shape) -> Points:
    x0, y0, x1, y1 = shape.bounds()
    turns = np.linspace(0.0, 2 * np.pi, ELLIPSE_POINTS, endpoint=False)
    unit = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return np.array([(x0 + x1) / 2, (y0 + y1) / 2]) + unit * np.array([(x1 - x0) / 2, (y1 - y0) / 2])
