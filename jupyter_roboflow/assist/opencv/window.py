"""A cut-out of a picture at a size that can be worked on, and the way between its pixels and the picture's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

import cv2 as untyped
import numpy as np

from ...domain.shapes import Bounds, Points, SizeWH
from ..assistant import Pixels

cv2: Any = untyped


@dataclass(frozen=True, slots=True)
class Window:
    """Whole pixels `left`…`right`, `top`…`bottom` of a picture, shown as `width` × `height` pixels."""

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int

    @classmethod
    def around(cls, bounds: Bounds, size_wh: SizeWH, most_pixels: int) -> Self:
        """What lies in the bounds, cut at the picture's edges; made smaller when it has more than `most_pixels`."""
        x0, y0, x1, y1 = bounds
        width, height = int(size_wh[0]), int(size_wh[1])
        left, top = min(max(0, math.floor(x0)), width - 1), min(max(0, math.floor(y0)), height - 1)
        right, bottom = max(min(width, math.ceil(x1)), left + 1), max(min(height, math.ceil(y1)), top + 1)
        return cls(left, top, right, bottom, right - left, bottom - top).within(most_pixels)

    def within(self, most_pixels: int) -> Self:
        """The same cut-out in at most so many pixels."""
        wide, high = self.right - self.left, self.bottom - self.top
        scale = min(1.0, math.sqrt(most_pixels / (wide * high)))
        width, height = max(1, round(wide * scale)), max(1, round(high * scale))
        return type(self)(self.left, self.top, self.right, self.bottom, width, height)

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def scale(self) -> float:
        """Pixels here for one of the picture; at most 1."""
        return math.sqrt(self.width * self.height / ((self.right - self.left) * (self.bottom - self.top)))

    def cut(self, image: Pixels) -> Pixels:
        """(height, width, 3): the picture's pixels, averaged where it is made smaller."""
        piece = image[self.top : self.bottom, self.left : self.right]
        if piece.shape[:2] == (self.height, self.width):
            return np.ascontiguousarray(piece)
        return cv2.resize(piece, self.size_wh, interpolation=cv2.INTER_AREA)

    def inward(self, points: Points) -> Points:
        """(N, 2) pixels of the picture as pixels here."""
        return (points - (self.left, self.top)) * self._factors()

    def outward(self, points: Points) -> Points:
        """(N, 2) pixels here as pixels of the picture."""
        return points / self._factors() + (self.left, self.top)

    def _factors(self) -> Points:
        return np.array([self.width / (self.right - self.left), self.height / (self.bottom - self.top)])
