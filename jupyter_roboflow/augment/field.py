"""A map given point by point, as elastic deformations are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..domain.shapes import Points

Displacement: TypeAlias = "NDArray[np.float64]"
"""(H, W, 2) float64: for each pixel of the result, how far away (x, y) in the source it comes from."""

ROUNDS = 30
"""Most steps of turning the map round; each halves the error at least where the map does not fold over."""

CLOSE_PX = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Where points go when each pixel of the result is taken from its own place in the source."""

    displacement: Displacement

    @classmethod
    def of_maps(cls, map_x: NDArray[Any], map_y: NDArray[Any]) -> Field:
        """From OpenCV's maps: (H, W) columns and rows in the source of each pixel centre."""
        rows, columns = np.indices((len(map_x), len(map_x[0])), dtype=np.float64)
        return cls(np.stack([map_x - columns, map_y - rows], axis=2).astype(np.float64))

    def points(self, points: Points) -> Points:
        """(N, 2) edge coordinates in the source → in the result."""
        found = points.copy()
        for _ in range(ROUNDS):
            off = points - (found + self._at(found))
            found += off
            if len(off) == 0 or float(np.abs(off).max()) < CLOSE_PX:
                break
        return found

    def _at(self, points: Points) -> Points:
        """The displacement at any place, between the pixel centres by their distance; beyond the frame, at its edge."""
        height, width = self.displacement.shape[0], self.displacement.shape[1]
        x = np.clip(points[:, 0] - 0.5, 0, width - 1)
        y = np.clip(points[:, 1] - 0.5, 0, height - 1)
        left, top = np.minimum(x.astype(int), max(0, width - 2)), np.minimum(y.astype(int), max(0, height - 2))
        right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
        fx, fy = (x - left)[:, None], (y - top)[:, None]
        d = self.displacement
        upper = d[top, left] * (1 - fx) + d[top, right] * fx
        lower = d[bottom, left] * (1 - fx) + d[bottom, right] * fx
        return upper * (1 - fy) + lower * fy
