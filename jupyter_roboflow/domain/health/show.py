"""Health as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Health, LabelHealth

LABELS_SHOWN = 30
"""Labels listed, most frequent first; the others are counted in one line."""

_SPLITS = ("train", "valid", "test", "none")


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
