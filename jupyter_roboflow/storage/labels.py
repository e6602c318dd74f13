"""Labels as rows. A label's `export_index` is given once and never again, whatever happens to the label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from ..domain.dataset import Label, check_color, clean_name, default_color
from ..domain.errors import Conflict, Invalid, NotFound
from .database import Connection
from .tables import annotations, datasets, images, name_key
from .tables import labels as table

LABELS_LIMIT = 5_000
"""Most labels in one dataset."""


def list_labels(conn: Connection, dataset_id: int) -> tuple[Label, ...]:
    """The labels in their display order."""
    query = select(table).where(table.c.dataset_id == dataset_id).order_by(table.c.position, table.c.id)
    return tuple(_label(row) for row in conn.execute(query))


def by_name(conn: Connection, dataset_id: int, name: str) -> Label:
    """The label of that name in any case; `NotFound` names those there are."""
    wanted = table.c.dataset_id == dataset_id, table.c.name_key == name_key(name)
    row = conn.execute(select(table).where(*wanted)).one_or_none()
    if row is None:
        known = ", ".join(repr(label.name) for label in list_labels(conn, dataset_id)[:20]) or "none yet"
        raise NotFound(f"There is no label {name!r} in this dataset; there are: {known}.", code="unknown_label")
    return _label(row)


def add(conn: Connection, dataset_id: int, name: str, color: str | None = None) -> Label:
    """A new label at the end of the list; `Conflict` (`name_taken`) when there is one of that name in any case."""
    clean = clean_name(name, "label")
    _check_free(conn, dataset_id, clean)
    _insert(conn, dataset_id, [(clean, color, _next_index(conn, dataset_id))])
    return by_name(conn, dataset_id, clean)


def ensure(conn: Connection, dataset_id: int, wanted: Iterable[Label]) -> dict[str, Label]:
    """The dataset's labels by the names in `wanted`, made where they are missing, with their colours.

    In a dataset without labels the export numbers of `wanted` are taken over, gaps and all.
    """
    wanted = tuple(wanted)
    existing = {name_key(label.name): label for label in list_labels(conn, dataset_id)}
    following = _next_index(conn, dataset_id)
    keep_numbers = not existing and following == 0
    missing: dict[str, tuple[str, str | None, int]] = {}
    for label in wanted:
        clean = clean_name(label.name, "label")
        if (key := name_key(clean)) not in existing and key not in missing:
            missing[key] = (clean, label.color, label.index if keep_numbers else following)
            following += 1
    _insert(conn, dataset_id, list(missing.values()))
    known = {name_key(label.name): label for label in list_labels(conn, dataset_id)} if missing else existing
    return {label.name: known[name_key(clean_name(label.name, "label"))] for label in wanted}


def rename(conn: Connection, dataset_id: int, name: str, new_name: str) -> Label:
    """The label under its new name."""
    label, clean = by_name(conn, dataset_id, name), clean_name(new_name, "label")
    if name_key(clean) != name_key(label.name):
        _check_free(conn, dataset_id, clean)
    conn.execute(update(table).where(table.c.id == label.id).values(name=clean, name_key=name_key(clean)))
    return by_name(conn, dataset_id, clean)


def recolor(conn: Connection, dataset_id: int, name: str, color: str) -> Label:
    """The label in its new colour, `#rrggbb`."""
    label = by_name(conn, dataset_id, name)
    conn.execute(update(table).where(table.c.id == label.id).values(color=check_color(color)))
    return by_name(conn, dataset_id, name)


def reorder(conn: Connection, dataset_id: int, names: Sequence[str]) -> None:
    """Put the labels into this display order; every label has to be named once."""
    by_key = {name_key(label.name): label for label in list_labels(conn, dataset_id)}
    keys = [name_key(name) for name in names]
    if sorted(keys) != sorted(by_key):
        known = ", ".join(repr(label.name) for label in by_key.values())
        raise Invalid(f"An order names every label once; the labels are {known}.", code="bad_order")
    for position, key in enumerate(keys):
        conn.execute(update(table).where(table.c.id == by_key[key].id).values(position=position))


def merge(conn: Connection, dataset_id: int, source: str, target: str) -> int:
    """Give the annotations of one label to another and delete it; how many there were. Its number stays unused."""
    old, new = by_name(conn, dataset_id, source), by_name(conn, dataset_id, target)
    if old.id == new.id:
        raise Invalid(f"{source!r} cannot be merged into itself: name another label.", code="same_label")
    _count_up_revisions(conn, old.id)
    moved = conn.execute(update(annotations).where(annotations.c.label_id == old.id).values(label_id=new.id)).rowcount
    conn.execute(delete(table).where(table.c.id == old.id))
    return moved


def delete_label(conn: Connection, dataset_id: int, name: str, reassign_to: str | None = None) -> None:
    """Delete a label; one in use raises `Conflict` (`label_in_use`) unless its annotations go to another."""
    if reassign_to is not None:
        merge(conn, dataset_id, name, reassign_to)
        return
    label = by_name(conn, dataset_id, name)
    counted = select(func.count()).select_from(annotations).where(annotations.c.label_id == label.id)
    used = conn.execute(counted).scalar_one()
    if used:
        raise Conflict(
            f"{used:,} annotations have the label {label.name!r}: delete them first, or give another label for them "
            "(reassign_to).",
            code="label_in_use",
            annotations=used,
        )
    conn.execute(delete(table).where(table.c.id == label.id))


def _count_up_revisions(conn: Connection, label_id: int) -> None:
    """Sets that change under an open editor have a new revision, so that a stale save is noticed."""
    touched = select(annotations.c.image_id).where(annotations.c.label_id == label_id)
    conn.execute(update(images).where(images.c.id.in_(touched)).values(revision=images.c.revision + 1))


def _check_free(conn: Connection, dataset_id: int, name: str) -> None:
    taken = select(table.c.name).where(table.c.dataset_id == dataset_id, table.c.name_key == name_key(name))
    found = conn.execute(taken).scalar_one_or_none()
    if found is not None:
        raise Conflict(f"There is a label {found!r} already: use it, or choose another name.", code="name_taken")


def _next_index(conn: Connection, dataset_id: int) -> int:
    return conn.execute(select(datasets.c.next_export_index).where(datasets.c.id == dataset_id)).scalar_one()


def _insert(conn: Connection, dataset_id: int, new: Sequence[tuple[str, str | None, int]]) -> None:
    """Add labels (name, colour, export number) at the end of the list."""
    if not new:
        return
    last = select(func.max(table.c.position), func.count()).where(table.c.dataset_id == dataset_id)
    position, count = conn.execute(last).one()
    if count + len(new) > LABELS_LIMIT:
        raise Invalid(f"A dataset has at most {LABELS_LIMIT:,} labels.", code="too_many_labels")
    first = 0 if position is None else position + 1
    rows = [
        {
            "dataset_id": dataset_id,
            "name": name,
            "name_key": name_key(name),
            "color": check_color(color) if color else default_color(index),
            "position": place,
            "export_index": index,
        }
        for place, (name, color, index) in enumerate(new, first)
    ]
    conn.execute(insert(table), rows)
    following = max(index for _, _, index in new) + 1
    behind = datasets.c.next_export_index < following
    conn.execute(update(datasets).where(datasets.c.id == dataset_id, behind).values(next_export_index=following))


def _label(row: Row[Any]) -> Label:
    return Label(name=row.name, color=row.color, index=row.export_index, position=row.position, id=row.id)
