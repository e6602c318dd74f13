"""Photographs of ellipses on a noisy, uneven ground, and the ellipses themselves."""

from __future__ import annotations

from typing import Any

import cv2 as untyped
import numpy as np
import shapely
import shapely.affinity
from numpy.typing import NDArray
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry.base import BaseGeometry

from jupyter_roboflow.domain.shapes import BBox, Polygon

cv2: Any = untyped

PINK = (60, 20, -40)
PALE = (25, 10, -15)


def ellipse(x: float, y: float, a: float, b: float, turn: float = 0.0) -> BaseGeometry:
    """An ellipse around (x, y) with half axes a and b, turned by degrees."""
    unit = ShapelyPoint(0, 0).buffer(1, 90)
    placed = shapely.affinity.rotate(shapely.affinity.scale(unit, a, b), turn, origin=(0, 0))
    return shapely.affinity.translate(placed, x, y)


def photo_of(
    area: BaseGeometry, width: int, height: int, colour: tuple[int, int, int] = PINK, *, seed: int = 0
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: the area a little different from a ground of clouds, blurred, with the noise of a camera."""
    rng = np.random.default_rng(seed)
    clouds = rng.normal(0, 12, (max(4, height // 16), max(4, width // 16), 3)).astype(np.float32)
    picture = cv2.resize(clouds, (width, height), interpolation=cv2.INTER_CUBIC) + 110
    shapely.prepare(area)
    xs, ys = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    picture[shapely.contains_xy(area, xs, ys)] += np.array(colour, np.float32)
    picture = cv2.GaussianBlur(picture, (0, 0), 1.0) + rng.normal(0, 8, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def loose_box(area: BaseGeometry, width: int, height: int, room: float = 0.12) -> BBox:
    """A box that leaves some of the area's size free on each side, within the picture."""
    x0, y0, x1, y1 = area.bounds
    dx, dy = room * (x1 - x0), room * (y1 - y0)
    return BBox.from_bounds((max(0, x0 - dx), max(0, y0 - dy), min(width, x1 + dx), min(height, y1 + dy)))


def overlap(found: list[Polygon], truth: BaseGeometry) -> float:
    """Intersection over union of the first polygon and the truth; 0 when nothing was found."""
    if not found:
        return 0.0
    area = found[0].to_shapely()
    return float(area.intersection(truth).area / area.union(truth).area)
