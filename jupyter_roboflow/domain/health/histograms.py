"""Histograms and spreads with bins that suit the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Floats, Integers
from .report import Histogram, Histogram2D, Spread

BINS = 24
"""Most bins along one axis."""


def named(names: Sequence[str], counts: Integers) -> dict[str, int]:
    """Counts by name."""
    return dict(zip(names, counts.tolist(), strict=True))


def spread(values: NDArray[Any]) -> Spread:
    """Smallest, median and largest; zeros of nothing."""
    if not len(values):
        return Spread(0.0, 0.0, 0.0)
    return Spread(float(values.min()), float(np.median(values)), float(values.max()))


def histogram(values: NDArray[Any], edges: Floats) -> Histogram:
    """Counts between edges; every value lies within them."""
    return Histogram(tuple(edges.tolist()), tuple(np.histogram(values, edges)[0].tolist()))


def sizes(width: Integers, height: Integers) -> Histogram2D:
    """Images by width (x) and height (y)."""
    x_edges, y_edges = _even(width), _even(height)
    counts = np.histogram2d(height, width, (y_edges, x_edges))[0].astype(np.int64)
    return Histogram2D(tuple(x_edges.tolist()), tuple(y_edges.tolist()), tuple(map(tuple, counts.tolist())))


def count_edges(counts: Integers) -> Floats:
    """Edges half-way between whole numbers, so that a bin is one number or the same number of numbers."""
    most = int(counts.max()) if len(counts) else 0
    step = 1 + most // BINS
    return np.arange(0, most + step + 1, step, dtype=np.float64)[: most // step + 2] - 0.5


def ratio_edges(ratios: Floats) -> Floats:
    """Edges for width divided by height, evenly spaced on a logarithmic scale around 1."""
    most = float(np.abs(np.log2(ratios)).max()) if len(ratios) else 0.0
    reach = max(1.0, np.ceil(most * 4) / 4)
    return 2.0 ** np.linspace(-reach, reach, BINS + 1) * np.where(np.arange(BINS + 1) == BINS, 1 + 1e-9, 1.0)


def _even(values: Integers) -> Floats:
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    if low == high:
        return np.array([low - 0.5, high + 0.5])
    return np.linspace(low, high, min(BINS, high - low) + 1)


def cells(fraction: Floats, grid: int) -> Integers:
    """Cells of a grid over 0 to 1; what lies outside goes into the cell at the edge."""
    return np.clip((fraction * grid).astype(np.int64), 0, grid - 1)
