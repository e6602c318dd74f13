"""Maps from one frame to another, for pixels and points alike.

Points are in edge coordinates: the first pixel covers `(0, 0)`–`(1, 1)`. OpenCV puts whole numbers at pixel *centres*;
the half pixel between the two is added and taken away here and nowhere else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..domain.shapes import Points
from .opencv import opencv

Matrix: TypeAlias = "NDArray[np.float64]"
"""(3, 3) float64, from old to new edge coordinates in pixels."""

FILLS: Mapping[str, int] = {"black": 0, "grey": 114, "white": 255}
"""Names of the plain colours that fill what no pixel of the picture covers."""

CV_SIDE_LIMIT = 32_766
"""OpenCV counts columns and rows of a warp in 16 bits."""


class Warp(ABC):
    """A map of the plane with the size of its result. `straight`: lines stay lines; `mirrors`: left becomes right."""

    straight: ClassVar[bool] = True
    side_limit: ClassVar[int] = 1_000_000
    """Longest side, in pixels, of a picture that can be moved this way."""

    @property
    @abstractmethod
    def size_wh(self) -> tuple[int, int]:
        """Width and height of the result in pixels."""

    @property
    def mirrors(self) -> bool:
        return False

    @abstractmethod
    def image(self, image: Any, blank: bool = False) -> Any:
        """The moved pixels of uint8 or float32; with `blank` there is 0 where no pixel of the old frame is seen."""

    @abstractmethod
    def points(self, points: Points) -> Points:
        """(N, 2) edge coordinates in the old frame → in the new one, also where that is outside."""


@dataclass(frozen=True, slots=True)
class Flip(Warp):
    """Mirrored left to right, top to bottom, or both. Exact: no pixel is interpolated."""

    size: tuple[int, int]
    horizontal: bool
    vertical: bool

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.size

    @property
    def mirrors(self) -> bool:
        return self.horizontal != self.vertical

    def image(self, image: Any, blank: bool = False) -> Any:
        cv = opencv()
        if not (self.horizontal or self.vertical):
            return image
        return cv.flip(image, (1 if not self.vertical else -1) if self.horizontal else 0)

    def points(self, points: Points) -> Points:
        moved = points.copy()
        if self.horizontal:
            moved[:, 0] = self.size[0] - moved[:, 0]
        if self.vertical:
            moved[:, 1] = self.size[1] - moved[:, 1]
        return moved


@dataclass(frozen=True, slots=True)
class QuarterTurns(Warp):
    """Turned clockwise by 90° as often as `turns` says. Exact."""

    size: tuple[int, int]
    turns: int

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.size if self.turns % 2 == 0 else (self.size[1], self.size[0])

    def image(self, image: Any, blank: bool = False) -> Any:
        return np.ascontiguousarray(np.rot90(image, -self.turns))

    def points(self, points: Points) -> Points:
        width, height = self.size
        x, y = points[:, 0], points[:, 1]
        turned = [(x, y), (height - y, x), (width - x, height - y), (y, width - x)][self.turns % 4]
        return np.stack(turned, axis=1)


@dataclass(frozen=True, slots=True)
class Crop(Warp):
    """The whole pixels from (x0, y0) to (x1, y1). Exact."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.x1 - self.x0, self.y1 - self.y0

    def image(self, image: Any, blank: bool = False) -> Any:
        return np.ascontiguousarray(image[self.y0 : self.y1, self.x0 : self.x1])

    def points(self, points: Points) -> Points:
        return points - (self.x0, self.y0)


@dataclass(frozen=True, slots=True)
class Pad(Warp):
    """Whole pixels added around: of a plain colour, or mirrored at the edge (`fill="reflect"`)."""

    size: tuple[int, int]
    left: int
    top: int
    right: int
    bottom: int
    fill: str = "black"

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.size[0] + self.left + self.right, self.size[1] + self.top + self.bottom

    def image(self, image: Any, blank: bool = False) -> Any:
        cv = opencv()
        around = (self.top, self.bottom, self.left, self.right)
        if self.fill == "reflect":
            return cv.copyMakeBorder(image, *around, cv.BORDER_REFLECT)
        colour = (0 if blank else FILLS[self.fill],) * 3
        return cv.copyMakeBorder(image, *around, cv.BORDER_CONSTANT, value=colour)

    def points(self, points: Points) -> Points:
        return points + (self.left, self.top)


@dataclass(frozen=True, slots=True)
class Scale(Warp):
    """Stretched to another size: averaged where it shrinks, interpolated where it grows."""

    size: tuple[int, int]
    to: tuple[int, int]

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.to

    def image(self, image: Any, blank: bool = False) -> Any:
        cv = opencv()
        if self.size == self.to:
            return image
        shrinks = self.to[0] <= self.size[0] and self.to[1] <= self.size[1]
        # Averages over areas wobble about the straight map by a tenth of a pixel; places are to lie on it.
        smooth = cv.INTER_AREA if shrinks and not blank else cv.INTER_LINEAR
        return cv.resize(image, self.to, interpolation=smooth)

    def points(self, points: Points) -> Points:
        return points * (self.to[0] / self.size[0], self.to[1] / self.size[1])


@dataclass(frozen=True, slots=True, eq=False)
class Projection(Warp):
    """An affine or perspective map by its matrix; the frame keeps its size unless `size` says another."""

    side_limit = CV_SIDE_LIMIT
    matrix: Matrix
    size: tuple[int, int]
    fill: str = "black"

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.size

    @property
    def mirrors(self) -> bool:
        return float(np.linalg.det(self.matrix)) < 0

    def image(self, image: Any, blank: bool = False) -> Any:
        cv = opencv()
        half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
        centres = np.linalg.inv(half) @ self.matrix @ half  # from pixel centres to pixel centres
        border = {"borderMode": cv.BORDER_CONSTANT, "borderValue": (0 if blank else FILLS[self.fill],) * 3}
        if np.allclose(self.matrix[2], (0, 0, 1), atol=1e-15):
            return cv.warpAffine(image, centres[:2], self.size, flags=cv.INTER_LINEAR, **border)
        return cv.warpPerspective(image, centres, self.size, flags=cv.INTER_LINEAR, **border)

    def points(self, points: Points) -> Points:
        moved = points @ self.matrix[:, :2].T + self.matrix[:, 2]
        return moved[:, :2] / moved[:, 2:]


def about_centre(linear: Matrix, size_wh: tuple[int, int], shift: tuple[float, float] = (0.0, 0.0)) -> Matrix:
    """The (3, 3) matrix that applies a (2, 2) linear map about the middle of a frame, and then a shift in pixels."""
    centre = np.array(size_wh, dtype=np.float64) / 2
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = centre - linear @ centre + shift
    return matrix
