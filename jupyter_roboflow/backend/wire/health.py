"""A dataset's health on the wire."""

from __future__ import annotations

from .model import Answer, JsonObject


class Spread(Answer):
    """Smallest, middle and largest of a quantity; all 0 when there is none of it."""

    min: float
    median: float
    max: float


class Histogram(Answer):
    """`counts[i]` values lie in `edges[i] <= v < edges[i + 1]`; the last bin includes its right edge."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


class Histogram2D(Answer):
    """`counts[row][column]`: y bins by x bins."""

    x_edges: tuple[float, ...]
    y_edges: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]


class Finding(Answer):
    """How many annotations show something odd, and the first images they are on."""

    count: int
    examples: tuple[JsonObject, ...]


class NearDuplicates(Answer):
    """Pairs of images that look nearly the same; `across_splits` is leakage."""

    across_splits: int
    within_split: int
    complete: bool
    examples: tuple[JsonObject, ...]


class LabelHealth(Answer):
    """One label's counts; `heat_map[row][column]` counts box centres on a 32 × 32 grid over every picture."""

    name: str
    color: str
    index: int
    annotations: int
    images: int
    by_split: dict[str, int]
    heat_map: tuple[tuple[int, ...], ...]


class Health(Answer):
    """What is in a dataset and what deserves a look. Splits are `train`, `valid`, `test`, `none`; sizes are pixels."""

    images: int
    annotations: int
    images_by_split: dict[str, int]
    images_by_state: dict[str, int]
    images_by_split_and_state: dict[str, dict[str, int]]
    annotations_by_split: dict[str, int]
    kinds: dict[str, int]
    labels: tuple[LabelHealth, ...]
    width: Spread
    height: Spread
    aspect_ratio: Spread
    sizes: Histogram2D
    aspect_ratios: Histogram
    objects: Spread
    objects_per_image: Histogram
    box_sizes: Histogram
    box_scale: dict[str, int]
    tiny_boxes: Finding
    huge_boxes: Finding
    duplicate_boxes: Finding
    boxes_outside: Finding
    boxes_at_border: int
    near_duplicates: NearDuplicates
    warnings: tuple[str, ...]
