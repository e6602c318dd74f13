"""What deserves a look in a dataset, as sentences that say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Finding, Health

IMBALANCE = 10
"""The most frequent label may have this many times the annotations of the rarest before it is said."""

FEW = 10
"""A label with fewer annotations can hardly be learned."""


def advice(health: Health) -> list[str]:
    """Sentences, the most harmful first."""
    if not health.images:
        return ["The dataset has no images: upload some, or import a dataset."]
    return [*_leakage(health), *_states(health), *_splits(health), *_labels(health), *_boxes(health)]


def _leakage(health: Health) -> Iterable[str]:
    pairs = health.near_duplicates
    if pairs.across_splits:
        first = pairs.examples[0]
        where = f" (first: {first['filename']} and {first['other_filename']})"
        yield (
            f"{_count(pairs.across_splits, 'pair')} of look-alike images across splits{where}: scores on valid and "
            "test will be too good. Keep related images in one split: split again with a group."
        )
    if pairs.within_split:
        yield (
            f"{_count(pairs.within_split, 'pair')} of look-alike images within a split: they add little; "
            "consider removing some."
        )
    if not pairs.complete:
        yield "Too many look-alike images to compare them all: there are more pairs than counted here."


def _states(health: Health) -> Iterable[str]:
    unlabeled = health.images_by_state["unlabeled"]
    if unlabeled:
        yield (
            f"{_count(unlabeled, 'image')} not annotated yet: annotate them, or mark those with nothing in them as "
            "empty. Exports leave unlabeled images out."
        )


def _splits(health: Health) -> Iterable[str]:
    counts = health.images_by_split
    if counts["none"] == health.images:
        yield "No image has a split: split the dataset before training, for example 70 % train, 20 % valid, 10 % test."
        return
    if counts["none"]:
        yield f"{_count(counts['none'], 'image')} without a split: split again, or give them one."
    for split in ("train", "valid"):
        if not counts[split]:
            yield f"No image is in {split}: training needs it. Split again with a share for it."


def _labels(health: Health) -> Iterable[str]:
    used = [label for label in health.labels if label.annotations]
    if unused := [label.name for label in health.labels if not label.annotations]:
        yield f"Nothing is annotated as {_names(unused)}: annotate examples, or delete the {_plural(unused)}."
    if len(used) > 1:
        most, least = max(used, key=lambda la: la.annotations), min(used, key=lambda la: la.annotations)
        if most.annotations > IMBALANCE * least.annotations:
            yield (
                f"Labels are out of balance: {most.name} has {most.annotations:,} annotations, {least.name} "
                f"{least.annotations:,}. Collect more of the rare ones, or weigh or augment them in training."
            )
    if few := [label.name for label in used if label.annotations < FEW]:
        yield f"Fewer than {FEW} annotations of {_names(few)}: too few to learn from; collect more."
    for split in ("train", "valid", "test"):
        missing = [label.name for label in used if not label.by_split[split]]
        if missing and health.annotations_by_split[split]:
            yield f"No annotation of {_names(missing)} in {split}: split again with stratification, or collect more."


def _boxes(health: Health) -> Iterable[str]:
    yield from _box(health.boxes_outside, "reaches beyond its image", "reach beyond their image", "clip or redraw them")
    yield from _box(health.duplicate_boxes, "repeats another", "repeat another", "delete the doubles")
    yield from _box(health.tiny_boxes, "is tiny", "are tiny", "look for stray clicks, or use larger images or tiles")
    yield from _box(health.huge_boxes, "fills its image", "fill their image", "check that they are meant")


def _box(finding: Finding, one: str, many: str, remedy: str) -> Iterable[str]:
    if finding.count:
        files = [str(example["filename"]) for example in finding.examples[:2]]
        verb = one if finding.count == 1 else many
        yield f"{_count(finding.count, 'annotation')} {verb} (first on {' and '.join(files)}): {remedy}."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5:,} more"


def _plural(names: Sequence[str]) -> str:
    return "label" if len(names) == 1 else "labels"
