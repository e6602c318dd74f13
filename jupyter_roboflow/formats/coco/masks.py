"""Masks and polygons: outlines along pixel edges that give exactly the same mask when they are painted again.

Pixels that only touch at a corner are separate parts (4-connected); holes that touch at a corner are one hole.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...domain.shapes import Part, Polygon
from ...domain.shapes.polygon import POINTS_LIMIT, Ring, ring_array
from .rle import Counts, Mask, encode_mask, shift_counts

Ints: TypeAlias = "NDArray[np.int64]"


def paint(polygon: Polygon, size_wh: tuple[int, int]) -> Counts | None:
    """The run lengths of the pixels whose centre a polygon covers; None when it covers none.

    Rings of one part are counted even-odd, so that holes stay open; parts are united.
    """
    x0, y0, x1, y1 = polygon.bounds()
    left, top = max(int(np.floor(x0)), 0), max(int(np.floor(y0)), 0)
    width, height = min(int(np.ceil(x1)), size_wh[0]) - left, min(int(np.ceil(y1)), size_wh[1]) - top
    if width <= 0 or height <= 0:
        return None
    mask = np.zeros((height, width), dtype=bool)
    for part in polygon.parts:
        mask |= _paint_part(part, left, top, width, height)
    if not mask.any():
        return None
    return shift_counts(encode_mask(mask), left, top, (width, height), size_wh)


def _paint_part(part: Part, left: int, top: int, width: int, height: int) -> Mask:
    """Scan lines through pixel centres: every edge toggles the row from where it crosses on."""
    toggles = np.zeros(height * (width + 1), dtype=np.int64)
    for ring in part.rings():
        start = ring_array(ring) - (left, top)
        stop = np.roll(start, -1, axis=0)
        down = start[:, 1] < stop[:, 1]
        high, low = np.where(down[:, None], start, stop), np.where(down[:, None], stop, start)
        first = np.clip(np.ceil(high[:, 1] - 0.5), 0, height).astype(np.int64)
        rows = np.clip(np.ceil(low[:, 1] - 0.5), 0, height).astype(np.int64) - first
        edge = np.repeat(np.arange(len(rows)), rows)
        row = np.arange(len(edge)) - np.repeat(np.cumsum(rows) - rows, rows) + first[edge]
        slope = (low[edge, 0] - high[edge, 0]) / (low[edge, 1] - high[edge, 1])
        x = high[edge, 0] + (row + 0.5 - high[edge, 1]) * slope
        column = np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)
        toggles += np.bincount(row * (width + 1) + column, minlength=len(toggles))
    return (np.cumsum(toggles.reshape(height, width + 1), axis=1)[:, :width] % 2).astype(bool)


def is_on_pixel_edges(polygon: Polygon) -> bool:
    """Whether a polygon runs along pixel edges only, so that painting it loses nothing."""
    for ring in polygon.rings():
        points = ring_array(ring)
        steps = np.roll(points, -1, axis=0) - points
        if (points % 1).any() or ((steps[:, 0] != 0) & (steps[:, 1] != 0)).any():
            return False
    return True


def trace(mask: Mask, left: int = 0, top: int = 0) -> tuple[Polygon, int] | None:
    """The outline of a mask's pixels as one polygon, and the side of its smallest step; None for an empty mask.

    The step is 1 pixel, and the outline exact, unless that would take more points than a polygon may have: then pixels
    are joined to blocks of 2, 4, 8, … until it fits.
    """
    if not mask.any():
        return None
    coarse, block = mask, 1
    while _corner_count(coarse) > POINTS_LIMIT:
        coarse, block = _halved(coarse), block * 2
    xy, starts, outer = _rings(coarse)
    edge = (mask.shape[1], mask.shape[0])
    pixels = np.minimum(xy * block, edge).astype(np.float64) + (left, top)
    rings = [tuple(ring.ravel().tolist()) for ring in np.split(pixels, starts[1:])]
    groups: dict[int, list[Ring]] = {}
    for ring, parent in zip(rings, _parents(xy, starts, outer), strict=True):
        groups.setdefault(parent, []).append(ring)
    return Polygon.trusted(tuple(Part.trusted(group[0], tuple(group[1:])) for group in groups.values())), block


def _halved(mask: Mask) -> Mask:
    """A mask at half the size; a block of 2 × 2 is covered when one of its pixels is."""
    even = np.pad(mask, ((0, mask.shape[0] % 2), (0, mask.shape[1] % 2)))
    return even[0::2, 0::2] | even[0::2, 1::2] | even[1::2, 0::2] | even[1::2, 1::2]


def _corner_count(mask: Mask) -> int:
    count, saddle, _ = _corners(np.pad(mask, 1))
    return int(np.count_nonzero(count % 2)) + 2 * int(np.count_nonzero(saddle))


def _corners(padded: Mask) -> tuple[NDArray[np.int8], Mask, Mask]:
    """For every lattice point: how many of its four pixels are covered, whether two opposite ones alone are, and
    whether the upper right one is."""
    nw, ne, sw, se = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    count = nw.astype(np.int8) + ne + sw + se
    return count, (count == 2) & (nw == se), ne


def _rings(mask: Mask) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """All rings laid end to end as (N, 2) corners, where each begins, and which are outer ones.

    Rings come in the order of their topmost, then leftmost corner, which is also their first.
    """
    padded = np.pad(mask, 1)
    count, saddle, ne = _corners(padded)
    y, x = np.nonzero((count % 2 == 1) | saddle)
    twice = np.where(saddle[y, x], 2, 1)
    x, y, rising = np.repeat(x, twice), np.repeat(y, twice), np.repeat(ne[y, x], twice)
    second = np.zeros(len(x), dtype=np.int64)
    second[np.cumsum(twice)[twice == 2] - 1] = 1
    # At a saddle two pixels meet at a corner. The first copy of it belongs to the left pixel and joins leftwards;
    # it joins upwards where the left pixel is the upper one, downwards where it is the lower one.
    upper_second = np.where(rising & saddle[y, x], 1 - second, second)
    across = _pairs(np.lexsort((second, x, y)))
    along = _pairs(np.lexsort((upper_second, y, x)))
    order, starts = _walk(across.tolist(), along.tolist())
    corners = np.stack((x, y), axis=1)[order]
    first = corners[starts]
    return corners, starts, padded[1:, 1:][first[:, 1], first[:, 0]]


def _pairs(order: Ints) -> Ints:
    """For every corner its partner, when corners in this order are joined two by two."""
    partner = np.empty(len(order), dtype=np.int64)
    partner[order[0::2]] = order[1::2]
    partner[order[1::2]] = order[0::2]
    return partner


def _walk(across: list[int], along: list[int]) -> tuple[Ints, Ints]:
    """The corners ring by ring, and where each ring begins."""
    seen = bytearray(len(across))
    order: list[int] = []
    starts: list[int] = []
    for corner in range(len(across)):
        if seen[corner]:
            continue
        starts.append(len(order))
        here = corner
        while not seen[here]:
            there = across[here]
            seen[here] = seen[there] = 1
            order += (here, there)
            here = along[there]
    return np.array(order, dtype=np.int64), np.array(starts, dtype=np.int64)


def _parents(xy: Ints, starts: Ints, outer: NDArray[np.bool_]) -> list[int]:
    """For every ring the outer ring it belongs to: itself, or that of the pixel just above a hole's first corner.

    From that pixel to the left, the first edge is of the same connected piece: its outer ring or another of its holes,
    which began further up and so has its parent already (as in Suzuki and Abe's border following, 1985).
    """
    sizes = np.diff(np.append(starts, len(xy)))
    ring = np.repeat(np.arange(len(starts)), sizes)
    after = np.arange(1, len(xy) + 1)
    after[starts + sizes - 1] = starts
    upright = xy[:, 0] == xy[after, 0]
    edge_x, edge_ring = xy[upright, 0], ring[upright]
    y0, y1 = xy[upright, 1], xy[after[upright], 1]
    high, low = np.minimum(y0, y1), np.maximum(y0, y1)
    parents = list(range(len(starts)))
    for hole in np.flatnonzero(~outer).tolist():
        x, y = xy[starts[hole]].tolist()
        near = np.flatnonzero((high < y) & (y <= low) & (edge_x <= x))
        parents[hole] = parents[int(edge_ring[near[np.argmax(edge_x[near])]])]
    return parents
