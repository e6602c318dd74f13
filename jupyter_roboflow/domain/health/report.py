"""What a health check found, as plain frozen data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Self

LABELS_SHOWN = 30
"""Labels listed, most frequent first; the others are counted in one line."""

_SPLITS = ("train", "valid", "test", "none")


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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The health that `to_dict` described."""
        given: dict[str, Any] = {name: _frozen(value) for name, value in data.items()}
        given |= {name: kind(**given[name]) for name, kind in _PARTS.items()}
        given["labels"] = tuple(LabelHealth(**label) for label in given["labels"])
        return cls(**given)

    def __repr__(self) -> str:
        return f"<Health: {self.images:,} images, {self.annotations:,} annotations, {len(self.warnings)} warnings>"

    def __str__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


_PARTS: Mapping[str, type[Any]] = {
    **dict.fromkeys(("width", "height", "aspect_ratio", "objects"), Spread),
    **dict.fromkeys(("aspect_ratios", "objects_per_image", "box_sizes"), Histogram),
    **dict.fromkeys(("tiny_boxes", "huge_boxes", "duplicate_boxes", "boxes_outside"), Finding),
    "sizes": Histogram2D,
    "near_duplicates": NearDuplicates,
}
"""Which fields are objects of their own."""


def _frozen(value: Any) -> Any:
    """Plain data with its lists as tuples."""
    if isinstance(value, Mapping):
        return {str(key): _frozen(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, tuple | list):
        return tuple(_frozen(item) for item in value)  # pyright: ignore[reportUnknownVariableType]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def as_text(health: Health) -> str:
    """A summary for people: counts, a table of labels by split, and what deserves a look."""
    lines = [_headline(health), *(f"  {name:<18}{value}" for name, value in _facts(health))]
    shown, hidden = _shown(health)
    if shown:
        splits = _splits_used(health)
        width = max(5, *(len(label.name) for label in shown))
        lines += ["", _row(width, "label", "images", "objects", *splits)]
        for label in shown:
            counts = (f"{label.by_split[split]:,}" for split in splits)
            lines.append(_row(width, label.name, f"{label.images:,}", f"{label.annotations:,}", *counts))
    if hidden:
        lines.append(f"  … and {hidden:,} more labels")
    if health.warnings:
        lines += ["", "Worth a look:", *(f"  - {warning}" for warning in health.warnings)]
    return "\n".join(lines)


def as_html(health: Health) -> str:
    """The same as tables; colours are the page's own, so it reads in light and dark."""
    facts = "".join(_tr((f"<b>{escape(name)}</b>", escape(value))) for name, value in _facts(health))
    parts = [f"<p><b>{escape(_headline(health))}</b></p><table>{facts}</table>"]
    shown, hidden = _shown(health)
    if shown:
        splits = _splits_used(health)
        head = "".join(f"<th>{name}</th>" for name in ("label", "images", "objects", *splits))
        body = "".join(_label_row(label, splits) for label in shown)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    if hidden:
        parts.append(f"<p>… and {hidden:,} more labels</p>")
    if health.warnings:
        items = "".join(f"<li>{escape(warning)}</li>" for warning in health.warnings)
        parts.append(f"<p><b>Worth a look</b></p><ul>{items}</ul>")
    return "".join(parts)


def _headline(health: Health) -> str:
    return f"{health.images:,} images, {health.annotations:,} annotations, {len(health.labels):,} labels"


def _facts(health: Health) -> list[tuple[str, str]]:
    facts = [("splits", _counts(health.images_by_split.items())), ("states", _counts(health.images_by_state.items()))]
    if health.images:
        facts += [
            ("size", f"{_span(health.width.min, health.width.max)} × {_span(health.height.min, health.height.max)} px"),
            ("objects per image", f"{health.objects.median:g} (median), at most {health.objects.max:g}"),
        ]
    if health.annotations:
        facts += [
            ("shapes", _counts(health.kinds.items())),
            ("object size", _counts(health.box_scale.items())),
            ("odd boxes", _odd(health)),
        ]
    pairs = health.near_duplicates
    if pairs.across_splits or pairs.within_split:
        facts.append(
            ("look-alike pairs", f"{pairs.across_splits:,} across splits, {pairs.within_split:,} within a split")
        )
    return facts


def _odd(health: Health) -> str:
    found = {
        "tiny": health.tiny_boxes.count,
        "huge": health.huge_boxes.count,
        "duplicate": health.duplicate_boxes.count,
        "outside": health.boxes_outside.count,
        "at the border": health.boxes_at_border,
    }
    return _counts(found.items())


def _counts(items: Iterable[tuple[str, int]]) -> str:
    said = [f"{count:,} {'without split' if name == 'none' else name}" for name, count in items if count]
    return ", ".join(said) or "none"


def _span(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


def _shown(health: Health) -> tuple[list[LabelHealth], int]:
    ordered = sorted(health.labels, key=lambda label: -label.annotations)
    return ordered[:LABELS_SHOWN], max(0, len(ordered) - LABELS_SHOWN)


def _splits_used(health: Health) -> list[str]:
    return [split for split in _SPLITS if health.images_by_split.get(split)]


def _row(width: int, name: str, *cells: str) -> str:
    return f"  {name:<{width}}" + "".join(f"{cell:>10}" for cell in cells)


def _tr(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><td style="text-align:left">{first}</td>' + "".join(_td(cell) for cell in others) + "</tr>"


def _td(cell: str) -> str:
    return f'<td style="text-align:left">{cell}</td>'


def _label_row(label: LabelHealth, splits: Sequence[str]) -> str:
    swatch = (
        f'<span style="display:inline-block;width:.8em;height:.8em;border-radius:.2em;margin-right:.4em;'
        f'vertical-align:-.05em;background:{escape(label.color)}"></span>'
    )
    numbers = [label.images, label.annotations, *(label.by_split[split] for split in splits)]
    cells = "".join(f'<td style="text-align:right">{number:,}</td>' for number in numbers)
    return f'<tr><td style="text-align:left">{swatch}{escape(label.name)}</td>{cells}</tr>'
