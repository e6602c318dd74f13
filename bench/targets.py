"""What the product is to reach, compared with what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .plan import AUGMENT, EXPORTS
from .trial import Measured

Rows = Mapping[str, Mapping[str, Mapping[str, Measured]]]

MEGABYTES = 400
"""Most memory (10⁶ bytes) that an export or import may take."""

FLAT = 1.15
"""Memory counts as flat when twelve times the images take no more than this multiple."""

WAITED = 1.3
"""A floor whose wall time is more than this multiple of its CPU time waited for a core that somebody else had."""

SECOND_CORE = 1.5
"""When even the floor gains less than this from a second core, somebody else was using it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the table; `met` is None when the machine was too busy to tell."""

    what: str
    wanted: str
    measured: str
    met: bool | None


def targets(rows: Rows) -> Iterator[Target]:
    """Every target whose figures are there."""
    for job, title in EXPORTS.items():
        yield from _most(rows, "exports", job, "floor", 3.0, f"500 images, workspace → {title}")
    for job, title in EXPORTS.items():
        yield from _least(rows, "exports", job, 5.0, f"500 images, workspace → {title}")
    yield from _most(rows, "train2017", "export-coco", "floor", 3.0, "train2017, workspace → COCO")
    for job in ("export-yolo", "export-voc"):
        yield from _least(rows, "train2017", job, 5.0, f"train2017, workspace → {EXPORTS[job]}")
    yield from _memory(rows)
    yield from _most(rows, "train2017", "import", "floor", 3.0, "train2017, annotations in")
    yield from _most(rows, "ingest", "ingest-1", "floor", 1.3, "pictures in, on one core")
    yield from _most(rows, "ingest", "ingest-2", "floor", 1.3, "pictures in, on two cores")
    yield from _scaling(rows)
    yield from _augmenting(rows)


def _found(rows: Rows, section: str, job: str, who: str) -> Measured | None:
    found = rows.get(section, {}).get(job, {}).get(who)
    return found if found and found.seconds else None


def _most(rows: Rows, section: str, job: str, than: str, limit: float, what: str) -> Iterator[Target]:
    product, other = _found(rows, section, job, "product"), _found(rows, section, job, than)
    if product and other:
        ratio = product.wall / other.wall
        met = None if _busy(rows, section, job, other) else ratio <= limit
        yield Target(what, f"≤ {limit:g}× {than}", f"{ratio:.2f}×", met)


def _least(rows: Rows, section: str, job: str, limit: float, what: str) -> Iterator[Target]:
    product, other = _found(rows, section, job, "product"), _found(rows, section, job, "datumaro")
    if product and other:
        ratio = other.wall / product.wall
        yield Target(what, f"≥ {limit:g}× faster than datumaro", f"{ratio:.1f}×", ratio >= limit)


def _memory(rows: Rows) -> Iterator[Target]:
    for job, title in {**EXPORTS, "import": "annotations in"}.items():
        large, small = _found(rows, "train2017", job, "product"), _found(rows, "flat", job, "product")
        if large:
            fits = large.megabytes <= MEGABYTES
            yield Target(f"train2017, {title}: memory", f"≤ {MEGABYTES} MB", f"{large.megabytes:,.0f} MB", fits)
        if large and small:
            change = f"{small.megabytes:,.0f} → {large.megabytes:,.0f} MB"
            flat = large.megabytes <= FLAT * small.megabytes
            yield Target(f"10,000 → 118,287 images, {title}: memory", "flat", change, flat)


def _scaling(rows: Rows) -> Iterator[Target]:
    """From one core to two: at least 85 % of what the floor gains."""
    one, two = (_found(rows, "ingest", f"ingest-{cores}", "product") for cores in (1, 2))
    floors = [_found(rows, "ingest", f"ingest-{cores}", "floor") for cores in (1, 2)]
    if one and two and floors[0] and floors[1]:
        gain, possible = one.wall / two.wall, floors[0].wall / floors[1].wall
        measured = f"{gain:.2f}× (floor {possible:.2f}×)"
        met = gain >= 0.85 * possible if possible >= SECOND_CORE else None
        yield Target("pictures in, second core", "scales as the floor does", measured, met)


AUGMENTED_PER_SECOND, GAIN_OF_A_WORKER = 0.85, 1.7
"""Images a second against the floor on one worker; on two workers, against that floor on one times this."""


def _augmenting(rows: Rows) -> Iterator[Target]:
    """Images a second of recipes, against bare albumentations on one worker, and the memory of a worker."""
    floor, few = (
        _found(rows, "augment", job, who) for job, who in (("augment-1", "floor"), ("augment-few", "product"))
    )
    for workers, wanted in ((1, AUGMENTED_PER_SECOND), (2, AUGMENTED_PER_SECOND * GAIN_OF_A_WORKER)):
        found = _found(rows, "augment", f"augment-{workers}", "product")
        if floor and found:
            ratio = floor.wall / found.wall
            met = None if floor.wall > WAITED * floor.cpu_seconds else ratio >= wanted
            what = f"photos augmented, workers: {workers}"
            yield Target(what, f"≥ {wanted:.2g}× the images/s of bare albumentations on one", f"{ratio:.2f}×", met)
    whole = _found(rows, "augment", "augment-1", "product")
    if whole and few:
        change = f"{few.megabytes:,.0f} → {whole.megabytes:,.0f} MB"
        yield Target("100 → 500 photos augmented: memory", "flat", change, whole.megabytes <= FLAT * few.megabytes)
    for job in ("augment-1", "augment-2", "version-1", "version-2"):
        found = _found(rows, "augment", job, "product")
        if found:
            fits = found.megabytes <= MEGABYTES
            yield Target(f"{AUGMENT[job]}: memory", f"≤ {MEGABYTES} MB", f"{found.megabytes:,.0f} MB", fits)


def _busy(rows: Rows, section: str, job: str, floor: Measured) -> bool:
    """Whether the floor had to share its cores; with two processes that shows against one."""
    one = _found(rows, section, "ingest-1", "floor")
    if job == "ingest-2" and one:
        return one.wall / floor.wall < SECOND_CORE
    return floor.wall > WAITED * floor.cpu_seconds
