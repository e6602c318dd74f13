"""Annotations in great numbers, as an import writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import Insert, Update, bindparam, delete, insert, literal_column, select, update

from ..domain.annotation import Annotation, make_annotation_id
from ..domain.dataset import ImageState
from ..domain.user import User
from . import images
from .annotations import shape_columns
from .database import Connection
from .tables import annotations as table
from .tables import images as image_table
from .tables import labels

BulkRow: TypeAlias = "tuple[str, str, str, str, float, float, float, float, float]"
"""label name, shape kind, geometry JSON, attributes JSON, x0, y0, x1, y1, area – plain values, easily put aside."""


def bulk_row(annotation: Annotation) -> BulkRow:
    """An annotation as plain values."""
    c = shape_columns(annotation)
    return (
        annotation.label, c["shape_type"], c["geometry"], c["attributes"],
        c["x0"], c["y0"], c["x1"], c["y1"], c["area"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Addition:
    """Annotations to put on an image above those `already` there, and the state it has afterwards."""

    image_id: int
    rows: Sequence[BulkRow]
    state: ImageState
    already: int = 0


class BulkWriter:
    """Puts annotations on many images within one transaction, without looking at what is there."""

    def __init__(self, conn: Connection, user: User, label_ids: dict[str, int]) -> None:
        self._conn, self._user, self._label_ids = conn, user, label_ids
        self._now = datetime.now(UTC)
        self.written = 0

    def write(self, additions: Sequence[Addition]) -> None:
        """Insert the rows; each image gets its new count, state and a new revision."""
        rows = [row for addition in additions for row in self._rows(addition)]
        if rows:
            _execute_many(self._conn, _INSERT, rows)
        states = [(a.state.value, a.already + len(a.rows), a.image_id) for a in additions]
        if states:
            _execute_many(self._conn, _COUNT_UP, states)
        self.written += len(rows)

    def _rows(self, addition: Addition) -> Iterator[tuple[Any, ...]]:
        now, user, image_id = self._now, self._user.id, addition.image_id
        for position, row in enumerate(addition.rows, addition.already):
            label, kind, geometry, attributes, x0, y0, x1, y1, area = row
            yield (
                make_annotation_id(), image_id, self._label_ids[label], kind, geometry, attributes,
                position, x0, y0, x1, y1, area, user, now, now,
            )  # fmt: skip


_COLUMNS = [column.name for column in table.columns]
_INSERT = insert(table).values({name: bindparam(name) for name in _COLUMNS})
_COUNT_UP = (
    update(image_table)
    .where(image_table.c.id == bindparam("b_id"))
    .values(
        state=bindparam("b_state"),
        annotation_count=bindparam("b_count"),
        revision=image_table.c.revision + literal_column("1"),
    )
)
_PARAMETERS: dict[int, list[str]] = {id(_INSERT): _COLUMNS, id(_COUNT_UP): ["b_state", "b_count", "b_id"]}


def _execute_many(conn: Connection, statement: Insert | Update, rows: Sequence[tuple[Any, ...]]) -> None:
    """Execute once a row. Drivers with positional parameters get the tuples as they are: a third of the time."""
    names = _PARAMETERS[id(statement)]
    compiled = statement.compile(dialect=conn.dialect)
    if not conn.dialect.positional or compiled.positiontup is None:
        conn.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])
        return
    order = [names.index(name) for name in compiled.positiontup]
    times = {i for i, name in enumerate(names) if name.endswith("_at")}
    process = table.c.created_at.type.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    moments: dict[Any, Any] = {}

    def value(row: tuple[Any, ...], i: int) -> Any:
        if i not in times or process is None:
            return row[i]
        return moments.setdefault(row[i], process(row[i]))

    plain = order == list(range(len(names))) and not times
    ready = rows if plain else [tuple(value(row, i) for i in order) for row in rows]
    conn.exec_driver_sql(str(compiled), list(ready))


def existing_rows(conn: Connection, image_ids: Iterable[int]) -> dict[int, list[tuple[str, str, str]]]:
    """What images have already: (label name, shape kind, geometry JSON) in z-order."""
    ids = sorted(set(image_ids))
    found: dict[int, list[tuple[str, str, str]]] = {image_id: [] for image_id in ids}
    for chunk in images.chunks(ids):
        query = (
            select(table.c.image_id, labels.c.name, table.c.shape_type, table.c.geometry)
            .join(labels, labels.c.id == table.c.label_id)
            .where(table.c.image_id.in_(chunk))
            .order_by(table.c.image_id, table.c.position)
        )
        for image_id, name, kind, geometry in conn.execute(query):
            found[image_id].append((name, kind, geometry))
    return found


def remove_all(conn: Connection, image_ids: Iterable[int]) -> int:
    """Delete every annotation of these images; how many there were."""
    gone = 0
    for chunk in images.chunks(sorted(set(image_ids))):
        gone += conn.execute(delete(table).where(table.c.image_id.in_(chunk))).rowcount
    return gone
