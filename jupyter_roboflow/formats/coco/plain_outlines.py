"""Outlines that need no closer look, as nearly all of COCO are: checked, measured and written as text many at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from typing import cast

import msgspec
import numpy as np

from ...domain.shapes import Bounds
from ...domain.shapes.polygon import POINTS_LIMIT
from ...domain.shapes.rings import Flags, Floats, Indices, RingBatch
from ...domain.shapes.stored_polygon import StoredPolygon
from .spool import Rle

Size = tuple[int, int]
"""Width and height in pixels; 0, 0 when nobody knows."""

_MANY = 8
"""More outlines than this in one object are looked at one by one."""

_encode = msgspec.json.Encoder().encode


def is_plain(segmentation: list[list[float]] | Rle | None) -> bool:
    """Whether it is a few outlines of at least three points each."""
    if type(segmentation) is not list or not 1 <= len(segmentation) <= _MANY:
        return False
    if len(segmentation) == 1:
        count = len(segmentation[0])
        return 6 <= count <= POINTS_LIMIT and not count % 2
    return all(6 <= len(ring) <= POINTS_LIMIT // _MANY and not len(ring) % 2 for ring in segmentation)


def plain_polygons(outlines: Sequence[list[list[float]]], sizes: Sequence[Size]) -> list[StoredPolygon | None]:
    """The polygon of each object's outlines, in order; None for those that have to be looked at closely.

    `outlines` are plain ones; `sizes` are those of the objects' images.
    """
    if not outlines:
        return []
    rings = list(chain.from_iterable(outlines))
    batch = RingBatch(rings)
    counts = np.fromiter(map(len, outlines), np.int64, len(outlines))
    starts = np.cumsum(counts) - counts
    bounds, areas = _measured(batch, starts)
    good = _sound(batch, counts, starts) & _within(bounds, areas, np.array(sizes, dtype=np.float64))
    texts = iter(_encode(rings).decode()[2:-2].split("],["))
    return [
        StoredPolygon.of_rings(of_object, cast(Bounds, tuple(box)), area) if taken else None
        for of_object, box, area, taken in zip(
            (list(islice(texts, count)) for count in counts.tolist()),
            bounds.tolist(),
            areas.tolist(),
            good.tolist(),
            strict=True,
        )
    ]


def _measured(batch: RingBatch, starts: Indices) -> tuple[Floats, Floats]:
    """Bounds and area of every object, whose rings begin at `starts`."""
    bounds = batch.bounds()
    low = np.minimum.reduceat(bounds[:, :2], starts, axis=0)
    high = np.maximum.reduceat(bounds[:, 2:], starts, axis=0)
    return np.concatenate((low, high), axis=1), np.add.reduceat(batch.areas(), starts)


def _sound(batch: RingBatch, counts: Indices, starts: Indices) -> Flags:
    """Which objects' rings may stay as they are and, where there are several, lie apart from each other."""
    return np.logical_and.reduceat(batch.sound(), starts) & ~batch.groups_overlap(counts)


def _within(bounds: Floats, areas: Floats, sizes: Floats) -> Flags:
    """Which objects lie in their picture, and have an area: where loops cancel each other, shapely has to look."""
    inside = (bounds[:, :2] >= 0).all(axis=1) & (bounds[:, 2:] <= sizes).all(axis=1)
    sides = bounds[:, 2:] - bounds[:, :2]
    return inside & (areas > 1e-9 * sides[:, 0] * sides[:, 1])
