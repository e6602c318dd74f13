"""Other labels for the annotations on many images, and the labels they had before."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, literal, select, update

from . import images
from .database import Connection
from .tables import annotations as table
from .tables import images as image_table

_LABELS_AT_ONCE = 200
"""Labels in a statement beside `images.CHUNK` ids: every database takes as many parameters."""


class Move(NamedTuple):
    """Annotations of the label `source` (an id) got the label `target`. They were changed at a time of their own, by
    which they are known until somebody changes them again."""

    source: int
    target: int
    at: datetime


class Relabeled(NamedTuple):
    """How many images and annotations, and the moves that were made."""

    images: int
    annotations: int
    moves: tuple[Move, ...] = ()


def relabel(conn: Connection, ids: Sequence[int], source: int | None, target: int) -> Relabeled:
    """Give the annotations of one label (id; None: of any) on these images another.

    Sets that change under an open editor have a new revision, so that a stale save is noticed.
    """
    other = table.c.label_id != target if source is None else table.c.label_id == source
    start, times, touched, changed = _a_time_of_its_own(), dict[int, datetime](), 0, 0
    for chunk in images.chunks(ids):
        _lock(conn, chunk)
        theirs = table.c.image_id.in_(chunk), other
        sources = sorted(conn.execute(select(table.c.label_id).where(*theirs).distinct()).scalars())
        touched += _count_up(conn, image_table.c.id.in_(select(table.c.image_id).where(*theirs)))
        for some in _pieces(sources):
            for each in some:
                times.setdefault(each, start + timedelta(microseconds=len(times)))
            at = case({each: _time(times[each]) for each in some}, value=table.c.label_id)
            moved = update(table).where(table.c.image_id.in_(chunk), table.c.label_id.in_(some))
            changed += conn.execute(moved.values(label_id=target, updated_at=at)).rowcount
    return Relabeled(touched, changed, tuple(Move(each, target, at) for each, at in times.items()))


def take_back(conn: Connection, moves: Sequence[Move]) -> Relabeled:
    """Give annotations the label they had before these moves, those that nobody has changed since."""
    now, changed, touched = datetime.now(UTC), 0, set[int]()
    for target in sorted({move.target for move in moves}):
        for some in _pieces([move for move in moves if move.target == target]):
            unchanged = table.c.label_id == target, table.c.updated_at.in_([_time(move.at) for move in some])
            ids = sorted(conn.execute(select(table.c.image_id).where(*unchanged).distinct()).scalars())
            for chunk in images.chunks(ids):
                _count_up(conn, image_table.c.id.in_(chunk))
            label = case(*((table.c.updated_at == _time(move.at), move.source) for move in some))
            back = update(table).where(*unchanged).values(label_id=label, updated_at=now)
            changed += conn.execute(back).rowcount
            touched.update(ids)
    return Relabeled(len(touched), changed)


def _a_time_of_its_own() -> datetime:
    """Now, but for the part of a millisecond that a coarse clock would give to others too."""
    return datetime.now(UTC) + timedelta(microseconds=secrets.randbelow(1000))


def _time(at: datetime) -> ColumnElement[Any]:
    return literal(at, table.c.updated_at.type)


def _pieces(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _LABELS_AT_ONCE):
        yield items[start : start + _LABELS_AT_ONCE]


def _lock(conn: Connection, ids: Sequence[int]) -> None:
    """Nobody saves these images until the transaction is over."""
    rows = select(image_table.c.id).where(image_table.c.id.in_(ids)).order_by(image_table.c.id).with_for_update()
    conn.execute(rows.with_hint(image_table, "WITH (UPDLOCK, ROWLOCK)", "mssql")).all()


def _count_up(conn: Connection, which: ColumnElement[bool]) -> int:
    return conn.execute(update(image_table).where(which).values(revision=image_table.c.revision + 1)).rowcount
