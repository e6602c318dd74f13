"""OpenCV's intelligent scissors (Mortensen and Barrett 1995): the cheapest path from pixel to pixel along edges."""

from __future__ import annotations

import threading
from typing import Any, TypeAlias

import cv2 as untyped
import numpy as np
from numpy.typing import NDArray

from ..assistant import Pixels

cv2: Any = untyped

Cells: TypeAlias = "NDArray[np.int32]"
"""(N, 2) whole pixels, columns x and y."""

CANNY = (25, 60)
"""Thresholds of an edge, lower than usual: a weak edge is one where there is no stronger one."""

MAGNITUDE = 120.0
"""A gradient above this is as good as any."""


class EdgeMap:
    """The cheapest paths from one pixel of a small picture to every other."""

    def __init__(self, pixels: Pixels, start: tuple[int, int], blur: float = 1.0) -> None:
        smooth = cv2.GaussianBlur(pixels, (0, 0), blur)
        self._tool = cv2.segmentation.IntelligentScissorsMB()
        self._tool.setEdgeFeatureCannyParameters(*CANNY)
        self._tool.setGradientMagnitudeMaxLimit(MAGNITUDE)
        self._tool.applyImage(smooth)
        self._tool.buildMap(start)
        self._lock = threading.Lock()

    def path_to(self, end: tuple[int, int]) -> Cells:
        """From the start to this pixel."""
        with self._lock:
            return self._tool.getContour(end).reshape(-1, 2)
