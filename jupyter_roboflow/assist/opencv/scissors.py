"""Live wire: paths from one point, searched on a cut-out around it that grows with how far the pointer goes."""

from __future__ import annotations

import numpy as np
import shapely

from ...domain.shapes import Points
from ..assistant import XY, Pixels, Wire
from .band import REACH, follow
from .edges import EdgeMap
from .window import Window

MAP_PIXELS = 200_000
KEPT_PIXELS = 1_000_000
SMALLEST_REACH = 64.0
ROOM = 1.25
"""A path may go around what is between its ends."""
TOLERANCE = 0.5
BYTES_A_PIXEL = 24


class ScissorsWire(Wire):
    """Keeps its cut-out twice: small with the cheapest path to each pixel, and larger to find the edge exactly."""

    def __init__(self, image: Pixels, start: XY, end: XY) -> None:
        distance = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
        reach = SMALLEST_REACH
        while reach < ROOM * distance:
            reach *= 2
        x, y = start
        around = (x - reach, y - reach, x + reach, y + reach)
        self._kept = Window.around(around, (image.shape[1], image.shape[0]), KEPT_PIXELS)
        self._pixels = self._kept.cut(image).copy()
        self._window = self._kept.within(MAP_PIXELS)
        self._start = start
        self._reach = reach / ROOM
        self._map = EdgeMap(self._window.cut(image), self._cell(start))
        self.size = self._pixels.nbytes + BYTES_A_PIXEL * self._window.width * self._window.height

    def reaches(self, end: XY) -> bool:
        return max(abs(end[0] - self._start[0]), abs(end[1] - self._start[1])) <= self._reach

    def path_to(self, end: XY) -> Points:
        ends = np.array([self._start, end], dtype=np.float64)
        path = self._window.outward(self._map.path_to(self._cell(end)).astype(np.float64) + 0.5)
        if self._window.scale < self._kept.scale:
            finer = follow(self._pixels, self._kept.inward(path), REACH * self._kept.scale / self._window.scale)
            path = self._kept.outward(finer)
        inner = path[1:-1]
        line = shapely.LineString(np.concatenate([ends[:1], inner, ends[1:]]))
        return shapely.get_coordinates(line.simplify(TOLERANCE))

    def _cell(self, point: XY) -> tuple[int, int]:
        x, y = np.floor(self._window.inward(np.array([point], dtype=np.float64)))[0]
        return min(max(0, int(x)), self._window.width - 1), min(max(0, int(y)), self._window.height - 1)
