"""Where each pixel of a result comes from, to compare moved outlines with moved pixels however small they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ..domain.shapes import Points
from .outlines import area_of
from .picture import Origins, Rings

SAMPLES, MOST, LEAST = 16_000, 800, 100
"""Places at which all objects of a picture are compared, and one of them; of small ones several in each pixel."""

FINEST = 8
"""Most places along the side of a pixel."""

COARSE = 8
"""Every so many pixels it is looked where an object has come to be, before it is looked closely."""

_Values: TypeAlias = "NDArray[np.float32]"


def own_places(size_wh: tuple[int, int]) -> Origins:
    """Every pixel of a picture from its own place."""
    width, height = size_wh
    places = np.ones((height, width, 3), dtype=np.float32)
    places[..., 0] = np.arange(width, dtype=np.float32) + 0.5
    places[..., 1] = (np.arange(height, dtype=np.float32) + 0.5)[:, None]
    return places


def overlaps(
    given: Mapping[int, Sequence[Rings]], moved: Mapping[int, Sequence[Rings]], origins: Origins
) -> dict[int, float]:
    """The IoU (0 to 1) of each moved outline with the pixels that come from within the outline given, by source."""
    field = _Field.of(origins)
    count = min(MOST, max(LEAST, SAMPLES // max(1, len(moved))))
    return {
        source: _overlap(area_of(tuple(given[source])), area_of(tuple(after)), field, count)
        for source, after in moved.items()
    }


def _overlap(before: BaseGeometry, after: BaseGeometry, field: _Field, count: int) -> float:
    rows, columns = field.near(before, after)
    if not len(rows):
        return 0.0
    if len(rows) > count:
        chosen = np.random.default_rng(0).integers(len(rows), size=count)
        rows, columns = rows[chosen], columns[chosen]
    found, here, seen = field.samples(rows, columns, min(FINEST, math.ceil(math.sqrt(count / len(rows)))))
    shapely.prepare(before)
    shapely.prepare(after)
    was = seen & shapely.contains_xy(before, found)
    now = shapely.contains_xy(after, here)
    return float((was & now).sum() / max(1, (was | now).sum()))


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """The origins with what follows from them: `places` (H, W, 2) in the image given, `known` (H, W) the share of each
    pixel that comes from there at all.
    """

    places: _Values
    known: _Values

    @classmethod
    def of(cls, origins: Origins) -> _Field:
        known = origins[..., 2]
        places = origins[..., :2] / np.maximum(known, np.float32(0.01))[..., None]
        return cls(places.astype(np.float32, copy=False), known)

    def near(self, before: BaseGeometry, after: BaseGeometry) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of the pixels that may be part of the object, by its pixels or by its outline."""
        height, width = self.known.shape
        coarse = self._from(before, slice(None, None, COARSE), slice(None, None, COARSE), margin=COARSE * 2.0)
        rows, columns = np.nonzero(coarse)
        x0, y0, x1, y1 = after.bounds
        tops, lefts = [math.floor(y0), *(rows * COARSE - COARSE)], [math.floor(x0), *(columns * COARSE - COARSE)]
        bottoms, rights = [math.ceil(y1), *(rows * COARSE + COARSE)], [math.ceil(x1), *(columns * COARSE + COARSE)]
        top, left = max(0, int(min(tops))), max(0, int(min(lefts)))
        bottom, right = min(height, int(max(bottoms)) + 1), min(width, int(max(rights)) + 1)
        close = self._from(before, slice(top, bottom), slice(left, right), margin=2.0)
        close[
            max(0, math.floor(y0) - top) : math.ceil(y1) - top, max(0, math.floor(x0) - left) : math.ceil(x1) - left
        ] = True
        found = np.nonzero(close)
        return found[0] + top, found[1] + left

    def _from(self, area: BaseGeometry, rows: slice, columns: slice, margin: float) -> NDArray[np.bool_]:
        """Which pixels come from the surroundings of an area."""
        x0, y0, x1, y1 = area.bounds
        x, y = self.places[rows, columns, 0], self.places[rows, columns, 1]
        within = (x > x0 - margin) & (x < x1 + margin) & (y > y0 - margin) & (y < y1 + margin)
        return within & (self.known[rows, columns] > 0)

    def samples(
        self, rows: NDArray[np.intp], columns: NDArray[np.intp], side: int
    ) -> tuple[Points, Points, NDArray[np.bool_]]:
        """For `side` × `side` places in each pixel: where they come from, where they are, and whether that is known."""
        steps = (np.arange(side) + 0.5) / side - 0.5
        across, down = (each.reshape(1, -1, 1) for each in np.meshgrid(steps, steps))
        place, share = self.places[rows, columns], self.known[rows, columns]
        gx, sx = self._slope(rows, columns, 0, 1)
        gy, sy = self._slope(rows, columns, 1, 0)
        found = place[:, None] + gx[:, None] * across + gy[:, None] * down
        known = share[:, None] + sx[:, None] * across[..., 0] + sy[:, None] * down[..., 0]
        here = np.stack([columns, rows], axis=1)[:, None] + 0.5 + np.concatenate([across, down], axis=2)
        return found.reshape(-1, 2).astype(np.float64), here.reshape(-1, 2), (known >= 0.5).reshape(-1)

    def _slope(
        self, rows: NDArray[np.intp], columns: NDArray[np.intp], down: int, across: int
    ) -> tuple[_Values, _Values]:
        """Change per pixel of place and share: the smaller of the ones to either side, so that no edge is a slope."""
        height, width = self.known.shape
        place, share = self.places[rows, columns], self.known[rows, columns]
        steepness = np.full(len(rows), np.inf, dtype=np.float32)
        slope, change = np.zeros_like(place), np.zeros_like(share)
        for way in _WAYS:
            r, c = np.clip(rows + way * down, 0, height - 1), np.clip(columns + way * across, 0, width - 1)
            other, part = self.places[r, c], self.known[r, c]
            usable = (part > 0.5) & ((r != rows) | (c != columns))
            rise = way * (other - place)
            steep = np.where(usable, np.abs(rise[:, 0]) + np.abs(rise[:, 1]), np.inf)
            smaller = steep < steepness
            slope[smaller], steepness[smaller] = rise[smaller], steep[smaller]
            change = np.where(np.abs(part - share) > np.abs(change), way * (part - share), change)
        return slope, change


_WAYS = (-1, 1)
