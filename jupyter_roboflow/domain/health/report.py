"""What a health check found, as plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .show import as_html, as_text


@dataclass(frozen=True, slots=True)
class Spread:
    """Smallest, middle and largest of a quantity; all 0 when there is none of it."""

    min: float
    median: float
    max: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts[i]` values lie in `edges[i] <= v < edges[i + 1]`; the last bin includes its right edge."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Histogram2D:
    """`counts[row][column]`: y bins by x bins, edges as in `Histogram`."""

    x_edges: tuple[float, ...]
    y_edges: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """How many annotations show something odd, and the first images they are on: `{"image_id", "filename"}`."""

    count: int
    examples: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """Pairs of images that look nearly the same (64-bit difference hashes, at most 3 bits apart).

    `across_splits` is leakage: the two are in different splits (images without a split are not counted there).
    `complete` is False when there were too many look-alikes to compare them all.
    """

    across_splits: int
    within_split: int
    complete: bool
    examples: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LabelHealth:
    """One label: annotations, images that have it, annotations by split, where its boxes lie.

    `heat_map[row][column]` counts box centres on a 32 × 32 grid laid over every picture; empty without annotations.
    """

    name: str
    color: str
    index: int
    annotations: int
    images: int
    by_split: Mapping[str, int]
    heat_map: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Health:
    """What is in a dataset and what deserves a look. Splits are `train`, `valid`, `test` and `none`; sizes are pixels.

    `box_sizes` bins the side of a square as large as the box; `small`, `medium`, `large` in `box_scale` are COCO's
    classes of shape area (under 32², under 96², above). `sizes` is a histogram of width (x) by height (y).
    """

    images: int
    annotations: int
    images_by_split: Mapping[str, int]
    images_by_state: Mapping[str, int]
    images_by_split_and_state: Mapping[str, Mapping[str, int]]
    annotations_by_split: Mapping[str, int]
    kinds: Mapping[str, int]
    labels: tuple[LabelHealth, ...]
    width: Spread
    height: Spread
    aspect_ratio: Spread
    sizes: Histogram2D
    aspect_ratios: Histogram
    objects: Spread
    objects_per_image: Histogram
    box_sizes: Histogram
    box_scale: Mapping[str, int]
    tiny_boxes: Finding
    huge_boxes: Finding
    duplicate_boxes: Finding
    boxes_outside: Finding
    boxes_at_border: int
    near_duplicates: NearDuplicates
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON data: objects, lists, numbers, strings."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def __repr__(self) -> str:
        return f"<Health: {self.images:,} images, {self.annotations:,} annotations, {len(self.warnings)} warnings>"

    def __str__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value
