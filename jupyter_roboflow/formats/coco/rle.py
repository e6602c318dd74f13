"""Run lengths as COCO stores masks: column by column, zeros first, as a list or as a compressed string.

The string is the one of the COCO API's `maskApi.c`: every count from the fourth on as the difference to the count two
before, in groups of five bits, low ones first, with a continuation bit, shifted by 48 into printable characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Counts: TypeAlias = "NDArray[np.int64]"
"""(N,) int64: lengths of runs of zeros, ones, zeros, … down the columns."""

Mask: TypeAlias = "NDArray[np.bool_]"
"""(H, W) bool."""

CROP_LIMIT = 200_000_000
"""Most pixels that one object may span."""


def decode_string(text: str) -> Counts:
    """The run lengths in a compressed string; `ValueError` when it is not one."""
    codes = np.frombuffer(text.encode("utf-8", "replace"), dtype=np.uint8).astype(np.int64) - 48
    if not len(codes):
        return np.zeros(0, np.int64)
    if codes.min() < 0 or codes.max() > 63 or codes[-1] & 32:
        raise ValueError("the compressed counts hold a character that does not belong there, or end too early")
    last = (codes & 32) == 0
    starts = np.concatenate(([0], np.flatnonzero(last)[:-1] + 1))
    lengths = np.flatnonzero(last) + 1 - starts
    if lengths.max() > 12:
        raise ValueError("the compressed counts hold a number that is too large")
    place = np.arange(len(codes)) - np.repeat(starts, lengths)
    values = np.add.reduceat((codes & 31) << (5 * place), starts)
    negative = (codes[last] & 16) != 0
    values[negative] -= 1 << (5 * lengths[negative])
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values


def encode_string(counts: Sequence[int] | Counts) -> str:
    """Run lengths as a compressed string."""
    values = np.asarray(counts, dtype=np.int64).copy()
    values[3:] -= np.asarray(counts, dtype=np.int64)[1:-2]
    codes: list[int] = []
    for value in values.tolist():
        more = True
        while more:
            code = value & 31
            value >>= 5
            more = value != (-1 if code & 16 else 0)
            codes.append((code | 32 if more else code) + 48)
    return bytes(codes).decode("ascii")


def encode_mask(mask: Mask) -> Counts:
    """The run lengths of a mask."""
    flat = np.asarray(mask, dtype=bool).ravel(order="F")
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate(([0], changes, [len(flat)]))
    runs = np.diff(edges)
    return np.concatenate(([0], runs)) if len(flat) and flat[0] else runs


def shift_counts(counts: Counts, left: int, top: int, crop_wh: tuple[int, int], size_wh: tuple[int, int]) -> Counts:
    """The run lengths of a crop as those of the whole picture it was cut from, without painting the picture."""
    height = size_wh[1]
    ends = np.cumsum(counts)
    starts, stops = (ends - counts)[1::2], ends[1::2]
    # A run that goes on into the crop's next column is one run per column in the picture.
    columns = (stops - 1) // crop_wh[1] - starts // crop_wh[1] + 1
    first = np.repeat(starts // crop_wh[1], columns)
    nth = np.arange(int(columns.sum())) - np.repeat(np.cumsum(columns) - columns, columns)
    column = first + nth
    begin = np.maximum(np.repeat(starts, columns), column * crop_wh[1])
    end = np.minimum(np.repeat(stops, columns), (column + 1) * crop_wh[1])
    shift = (column + left) * height + top - column * crop_wh[1]
    return join_runs(begin + shift, end + shift, size_wh[0] * height)


def join_runs(begin: Counts, end: Counts, total: int) -> Counts:
    """Run lengths from where runs of ones begin and end, in order; runs that touch become one."""
    apart = begin[1:] > end[:-1]
    begin = np.concatenate((begin[:1], begin[1:][apart]))
    end = np.concatenate((end[:-1][apart], end[-1:]))
    edges = np.concatenate(([0], np.stack((begin, end), axis=1).ravel(), [total]))
    counts = np.diff(edges)
    return counts[:-1] if len(counts) > 1 and counts[-1] == 0 else counts


def decode_crop(counts: Counts, size_hw: tuple[int, int]) -> tuple[Mask, int, int] | None:
    """The part of a mask that has ones: the crop, its left and its top; None when there are none.

    `ValueError` when the runs do not fill a picture of that size.
    """
    height, width = size_hw
    if len(counts) and (counts.min() < 0 or int(counts.sum()) != height * width):
        raise ValueError(f"the runs do not add up to {height} × {width} pixels")
    ends = np.cumsum(counts)
    starts, stops = (ends - counts)[1::2], ends[1::2]
    starts, stops = starts[stops > starts], stops[stops > starts]
    if not len(starts):
        return None
    first, last = int(starts[0]) // height, (int(stops[-1]) - 1) // height
    if (last - first + 1) * height > CROP_LIMIT:
        raise ValueError(f"the mask spans more than {CROP_LIMIT:,} pixels")
    steps = np.zeros((last - first + 1) * height + 1, dtype=np.int8)
    np.add.at(steps, starts - first * height, 1)
    np.add.at(steps, stops - first * height, -1)
    columns = np.cumsum(steps[:-1], dtype=np.int8).astype(bool).reshape(last - first + 1, height)
    rows = np.flatnonzero(columns.any(axis=0))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    return np.ascontiguousarray(columns[:, top:bottom].T), first, top
