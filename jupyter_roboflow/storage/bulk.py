"""Annotations in great numbers, as an import writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias, cast

from sqlalchemy import Insert, Update, bindparam, delete, insert, literal_column, select, update

from ..domain.annotation import Annotation, make_annotation_ids
from ..domain.dataset import ImageState
from ..domain.shapes import Polygon, Shape
from ..domain.shapes.rings import RingBatch
from ..domain.shapes.stored_polygon import StoredPolygon
from ..domain.user import User
from . import images
from .database import Connection
from .geometry import write_attributes, write_geometry
from .tables import annotations as table
from .tables import images as image_table
from .tables import labels, storable

BulkRow: TypeAlias = "tuple[str, str, str, str, float, float, float, float, float]"
"""label name, shape kind, geometry JSON, attributes JSON, x0, y0, x1, y1, area – plain values, easily put aside."""


def bulk_rows(annotations: Sequence[Annotation]) -> list[BulkRow]:
    """Annotations as plain values. Polygons in one piece, most of what there is, are measured together."""
    simple = [i for i, a in enumerate(annotations) if _is_one_ring(a.shape)]
    rings = RingBatch([cast(Polygon, annotations[i].shape).parts[0].points for i in simple])
    bounds, areas = rings.bounds().tolist(), rings.areas().tolist()
    measured = dict(zip(simple, zip(bounds, areas, strict=True), strict=True))
    return [_bulk_row(a, *measured.get(i, (None, 0.0))) for i, a in enumerate(annotations)]


def _is_one_ring(shape: Shape) -> bool:
    return type(shape) is Polygon and len(shape.parts) == 1 and not shape.parts[0].holes


def _bulk_row(annotation: Annotation, bounds: list[float] | None, area: float) -> BulkRow:
    shape, attributes = annotation.shape, write_attributes(annotation.attributes)
    if isinstance(shape, StoredPolygon):
        return annotation.label, shape.kind, shape.text, attributes, *shape.bounds(), shape.area()
    x0, y0, x1, y1 = bounds or shape.bounds()
    if bounds is None or area <= 1e-9 * (x1 - x0) * (y1 - y0):  # an outline that crosses itself is looked at closely
        area = shape.area()
    return annotation.label, shape.kind, write_geometry(shape), attributes, x0, y0, x1, y1, area


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
        self._now = _as_driver_takes_it(conn, datetime.now(UTC))
        self._insert = _Many(conn, _INSERT, _COLUMNS)
        self._count_up = _Many(conn, _COUNT_UP, _COUNTED)

    def write(self, additions: Sequence[Addition]) -> None:
        """Insert the rows; each image gets its new count, state and a new revision."""
        # in order, so that the index of ids only grows at its end
        ids = iter(sorted(make_annotation_ids(sum(len(addition.rows) for addition in additions))))
        rows = [row for addition in additions for row in self._rows(addition, ids)]
        if rows:
            self._insert.run(rows)
        states = [(a.state.value, a.already + len(a.rows), a.image_id) for a in additions]
        if states:
            self._count_up.run(states)

    def _rows(self, addition: Addition, ids: Iterator[str]) -> Iterator[tuple[Any, ...]]:
        now, user, image_id, labels = self._now, self._user.id, addition.image_id, self._label_ids
        for position, row in enumerate(addition.rows, addition.already):
            # in the order of the table's columns
            yield (
                next(ids), image_id, labels[row[0]], row[1], row[2], row[3], position,
                row[4], row[5], row[6], row[7], row[8], user, now, now,
            )  # fmt: skip


_COLUMNS = [column.name for column in table.columns]
_INSERT = insert(table).values({name: bindparam(name) for name in _COLUMNS})
_COUNTED = ["b_state", "b_count", "b_id"]
_COUNT_UP = (
    update(image_table)
    .where(image_table.c.id == bindparam("b_id"))
    .values(
        state=bindparam("b_state"),
        annotation_count=bindparam("b_count"),
        revision=image_table.c.revision + literal_column("1"),
    )
)


def _as_driver_takes_it(conn: Connection, moment: datetime) -> Any:
    """A time for `_execute_many`, which goes past SQLAlchemy's types where the driver takes positional parameters."""
    kind = table.c.created_at.type.dialect_impl(conn.dialect)
    process = kind.bind_processor(conn.dialect)
    return process(moment) if conn.dialect.positional and process else moment


class _Many:
    """A statement executed once a row. Drivers with positional parameters get the tuples as they are: a third of the
    time."""

    def __init__(self, conn: Connection, statement: Insert | Update, names: Sequence[str]) -> None:
        self._conn, self._statement, self._names = conn, statement, names
        compiled = statement.compile(dialect=conn.dialect)
        self._text = str(compiled)
        self._order = [names.index(name) for name in compiled.positiontup or ()] if conn.dialect.positional else []

    def run(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if not self._order:
            self._conn.execute(self._statement, [dict(zip(self._names, row, strict=True)) for row in rows])
            return
        if self._order != list(range(len(self._names))):
            rows = [tuple(row[i] for i in self._order) for row in rows]
        self._conn.exec_driver_sql(self._text, list(rows))


class KnownImage(NamedTuple):
    """What an import has to know of an image that the dataset has; state and split as they are stored."""

    id: int
    filename: str
    width: int
    height: int
    state: str
    split: str | None


def by_filename(conn: Connection, dataset_id: int, names: Iterable[str]) -> dict[str, list[KnownImage]]:
    """The dataset's images with these file names; a name may have several. See `images.by_filename`."""
    found: dict[str, list[KnownImage]] = defaultdict(list)
    columns = [image_table.c[name] for name in KnownImage._fields]
    for chunk in images.chunks(sorted({storable(name) for name in names})):
        query = select(*columns).where(image_table.c.dataset_id == dataset_id, image_table.c.filename.in_(chunk))
        for row in conn.execute(query.order_by(image_table.c.filename, image_table.c.id)):
            image = KnownImage(*row)
            found[image.filename].append(image)
    return dict(found)


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
