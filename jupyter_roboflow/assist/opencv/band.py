"""Outlines and paths made exact: a narrow band along them is straightened and searched at the full size."""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2 as untyped
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon as ShapelyPolygon
from shapely.geometry.base import BaseGeometry

from ...domain.shapes import Points
from ..assistant import Pixels
from .edges import EdgeMap
from .window import Window

cv2: Any = untyped

Columns: TypeAlias = "NDArray[np.int32]"
"""(N,) places along a track."""

REACH = 1.5
"""Pixels worked on before, to each side: no further off is the edge that was meant."""
BAND_PIXELS = 60_000
OVERLAP = 40
"""Samples that a closed outline is walked beyond its beginning, to each side."""
TOLERANCE = 0.5
SIDE_LIMIT = 32_000
"""What OpenCV can sample from is no larger."""


def sharpen(image: Pixels, piece: ShapelyPolygon, window: Window) -> BaseGeometry:
    """The piece with its rings on the nearest edges; as it was where it was found at full size."""
    if window.scale >= 1:
        return piece
    reach = REACH / window.scale
    rings = [_closed(image, shapely.get_coordinates(ring)[:-1], reach) for ring in (piece.exterior, *piece.interiors)]
    return shapely.make_valid(ShapelyPolygon(rings[0], rings[1:]).simplify(TOLERANCE))


def _closed(image: Pixels, ring: Points, reach: float) -> Points:
    line = np.concatenate([ring, ring[:1]])
    step = _step(line, reach)
    around = _resampled(line, step)[:-1]
    over = min(OVERLAP, len(around) // 2)
    track = np.concatenate([around[-over:], around, around[:over]])
    found, columns = _along(image, track, reach, step)
    kept = found[(columns >= over) & (columns < over + len(around))]
    return kept if len(kept) >= 4 else ring


def follow(image: Pixels, path: Points, reach: float) -> Points:
    """(N, 2) an open path, moved onto the edge that lies within `reach` pixels of it."""
    step = _step(path, reach)
    track = _resampled(path, step)
    return _along(image, track, reach, step)[0] if len(track) >= 8 else path


def _step(line: Points, reach: float) -> float:
    """How far apart samples are, in pixels of the picture, so that there are not too many of them."""
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    return max(1.0, float(np.sqrt(length * 2 * reach / BAND_PIXELS)))


def _resampled(line: Points, step: float) -> Points:
    """Points about `step` apart along a line, its ends included."""
    lengths: NDArray[np.float64] = np.zeros(len(line))
    lengths[1:] = np.hypot(*np.diff(line, axis=0).T).cumsum()
    count = max(2, round(float(lengths[-1]) / step) + 1)
    at = np.linspace(0.0, float(lengths[-1]), count)
    return np.stack([np.interp(at, lengths, line[:, 0]), np.interp(at, lengths, line[:, 1])], axis=1)


def _along(image: Pixels, track: Points, reach: float, step: float) -> tuple[Points, Columns]:
    """The edge along a track, as points of the picture and for each the sample of the track it belongs to."""
    normals = _normals(track, max(3, round(2 * reach / step)))
    half = max(2, round(reach / step))
    offsets = np.arange(-half, half + 1) * step
    spots = track[None, :, :] + offsets[:, None, None] * normals[None, :, :]
    low = np.maximum(0, np.floor(spots.min(axis=(0, 1))).astype(int) - 1)
    high = np.ceil(spots.max(axis=(0, 1))).astype(int) + 2
    around = image[low[1] : high[1], low[0] : high[0]]
    if not around.size or max(around.shape) > SIDE_LIMIT or len(track) > SIDE_LIMIT:
        return track, np.arange(len(track), dtype=np.int32)
    where = (spots - low - 0.5).astype(np.float32)  # OpenCV counts from the centre of the first pixel
    band = cv2.remap(around, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cells = EdgeMap(band, (0, half)).path_to((len(track) - 1, half))
    return spots[cells[:, 1], cells[:, 0]], cells[:, 0]


def _normals(track: Points, window: int) -> Points:
    """(N, 2) unit vectors across the track, averaged over some samples."""
    padded = np.pad(track, ((window, window), (0, 0)), mode="edge")
    along = padded[2 * window :] - padded[: -2 * window]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return np.stack([-along[:, 1], along[:, 0]], axis=1) / length
