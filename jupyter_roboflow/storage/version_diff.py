"""What differs between two versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..domain.dataset import Label
from ..domain.version import Changes, Version, VersionDiff
from .database import Connection
from .frozen import read_frozen
from .versions import get, rows

_Key: TypeAlias = "tuple[str, int, str]"
"""Which picture it is in any version: what it was made from, which copy, and its name, which tells pieces apart."""


@dataclass(frozen=True, slots=True)
class _Frozen:
    filename: str
    sha256: str
    split: str | None
    annotations: str


def diff(conn: Connection, before_id: int, after_id: int) -> VersionDiff:
    """From one version to another. Pictures are the same when they come from the same original as the same copy."""
    before, after = get(conn, before_id), get(conn, after_id)
    old, new = _frozen(conn, before_id), _frozen(conn, after_id)
    both = [key for key in new if key in old]
    changed = [key for key in both if (old[key].sha256, old[key].split) != (new[key].sha256, new[key].split)]
    images = Changes(
        tuple(new[key].filename for key in new if key not in old),
        tuple(old[key].filename for key in old if key not in new),
        tuple(new[key].filename for key in changed),
    )
    return VersionDiff(
        before=before_id,
        after=after_id,
        labels=_labels(before, after),
        images=images,
        annotations=_annotations(old, new),
        recipe_changed=dict(before.recipe) != dict(after.recipe),
        same_content=before.content_hash == after.content_hash,
    )


def _frozen(conn: Connection, version_id: int) -> dict[_Key, _Frozen]:
    return {
        (row.source_path, row.copy, row.filename): _Frozen(row.filename, row.sha256, row.split, row.annotations)
        for row in rows(conn, version_id)
    }


def _labels(before: Version, after: Version) -> Changes:
    old, new = _by_name(before.labels), _by_name(after.labels)
    return Changes(
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name in old and old[name] != new[name]),
    )


def _by_name(labels: Iterable[Label]) -> dict[str, tuple[int, str]]:
    return {label.name: (label.index, label.color) for label in labels}


def _annotations(old: Mapping[_Key, _Frozen], new: Mapping[_Key, _Frozen]) -> dict[str, int]:
    counts = {"added": 0, "removed": 0, "changed": 0}
    for key in {**old, **new}:
        had, has = old.get(key), new.get(key)
        if had is not None and has is not None and had.annotations == has.annotations:
            continue
        gone, come = _drawn(had) - _drawn(has), _drawn(has) - _drawn(had)
        changed = (_sources(gone) & _sources(come)).total()
        counts["changed"] += changed
        counts["added"] += come.total() - changed
        counts["removed"] += gone.total() - changed
    return counts


def _drawn(image: _Frozen | None) -> Counter[tuple[str, Any]]:
    if image is None:
        return Counter()
    return Counter((each.source, each.content()) for each in read_frozen(image.annotations))


def _sources(drawn: Counter[tuple[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (source, _), times in drawn.items():
        found[source] += times
    return found
