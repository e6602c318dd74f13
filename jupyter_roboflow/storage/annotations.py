"""Annotation Sets as rows: loaded and saved whole, one revision at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from ..domain.annotation import (
    ANNOTATIONS_LIMIT,
    Annotation,
    AnnotationSet,
    SavedAnnotation,
    is_annotation_id,
    make_annotation_id,
)
from ..domain.dataset import Image, ImageState
from ..domain.errors import Conflict, Invalid, NotFound
from ..domain.page import ImageFilter
from ..domain.shapes import KeptShape, check_within, unknown_kind
from ..domain.user import User
from . import audit, images
from .database import Connection
from .geometry import read_attributes, read_geometry, read_measured, write_attributes, write_geometry
from .stored_sets import etag_of
from .tables import annotations as table
from .tables import images as image_table
from .tables import labels

_FIELDS = (table.c.image_id, table.c.id, table.c.label_id, table.c.shape_type, table.c.geometry, table.c.attributes)
_MEASURES = (table.c.x0, table.c.y0, table.c.x1, table.c.y1, table.c.area)
_CONTENT = ("label_id", "shape_type", "geometry", "attributes")
_STORED = (*_CONTENT, "position")


def load(conn: Connection, image_id: int) -> AnnotationSet:
    """All annotations of an image in z-order, with the revision that a save has to name."""
    rows = conn.execute(_SET, {"image": image_id}).all()
    if not rows:
        raise NotFound(f"There is no image {image_id}.")
    drawn = tuple(
        Annotation(read_geometry(kind, geometry), label, read_attributes(attributes), key)
        for _, _, key, label, kind, geometry, attributes in rows
        if key is not None
    )
    return AnnotationSet(image_id, rows[0].revision, drawn, rows[0].state)


_DRAWN = (table.c.id, labels.c.name, table.c.shape_type, table.c.geometry, table.c.attributes)
_SET = (
    select(image_table.c.revision, image_table.c.state, *_DRAWN)
    .select_from(image_table.outerjoin(table).outerjoin(labels, labels.c.id == table.c.label_id))
    .where(image_table.c.id == bindparam("image"))
    .order_by(table.c.position)
)
"""An image without annotations is one row of itself alone."""
_WHOLE = select(table).where(table.c.image_id == bindparam("image"))
_ONE = select(table).where(table.c.id == bindparam("row"))
_HIGHEST = select(func.coalesce(func.max(table.c.position), -1)).where(table.c.image_id == bindparam("image"))
_LOCKED = (
    select(image_table)
    .where(image_table.c.id == bindparam("image"))
    .with_for_update()
    .with_hint(image_table, "WITH (UPDLOCK, ROWLOCK)", "mssql")
)
_CHANGEABLE = [column.name for column in table.columns if column.name not in ("id", "created_by", "created_at")]
_CHANGE = (
    update(table).where(table.c.id == bindparam("row")).values({name: bindparam(f"new_{name}") for name in _CHANGEABLE})
)
_COUNT_UP = (
    update(image_table)
    .where(image_table.c.id == bindparam("image"), image_table.c.revision == bindparam("before"))
    .values({name: bindparam(f"new_{name}") for name in ("revision", "state", "annotation_count")})
)
_NAMES = select(labels.c.id, labels.c.name).where(labels.c.dataset_id == bindparam("dataset"))
"""Every opened or saved image asks for them, so they are built once."""


def save(
    conn: Connection,
    user: User,
    image_id: int,
    annotations: Iterable[Annotation],
    revision: int,
    *,
    state: ImageState | None = None,
) -> AnnotationSet:
    """Replace the set loaded at `revision`; only what differs is written, each change with its audit row.

    A stale revision raises `Conflict` (`stale_revision`) whose details carry the current revision and set. Annotations
    keep their ids; one without an id, or with one that belongs to another image, gets a new one.
    """
    image = _locked(conn, image_id)
    if image.revision != revision:
        raise _stale(load(conn, image_id))
    wanted = tuple(annotations)
    _check(wanted, (image.width, image.height))
    stored = conn.execute(_WHOLE, {"image": image_id}).mappings()
    before = {row["id"]: row for row in stored}
    names = _label_names(conn, image.dataset_id)
    rows = _rows(conn, user, image, wanted, before, names)
    new_state = _finish(conn, user, image, _write(conn, image_id, before, rows), len(rows), state)
    drawn = (_saved(annotation, row) for annotation, row in zip(wanted, rows, strict=True))
    return AnnotationSet(image_id, revision + 1, tuple(drawn), new_state.value, etag_of(revision + 1, names))


def save_one(
    conn: Connection, user: User, image_id: int, annotation: Annotation | None, revision: int | None, stored: str = ""
) -> SavedAnnotation:
    """Put one annotation in the place of the `stored` one, or on top of all; None deletes it.

    The same checks, revisions and audit rows as for a whole set, but no other row is read or written: the time does
    not grow with the set. `revision` None means: on whatever is there now.
    """
    image = _locked(conn, image_id)
    if revision is not None and image.revision != revision:
        raise _stale(load(conn, image_id))
    before = {row["id"]: row for row in conn.execute(_ONE, {"row": stored}).mappings()} if stored else {}
    count = image.annotation_count - len(before) + (annotation is not None)
    if count > image.annotation_count:
        _check_count(count)
    names = _label_names(conn, image.dataset_id)
    rows: list[dict[str, Any]] = []
    if annotation is not None:
        _check((annotation,), (image.width, image.height))
        rows = _rows(conn, user, image, (annotation,), before, names)
        rows[0]["position"] = before[stored]["position"] if before else _next_position(conn, image_id)
    state = _finish(conn, user, image, _write(conn, image_id, before, rows), count, None)
    after = image.revision + 1
    saved = _saved(annotation, rows[0]) if annotation else None
    return SavedAnnotation(image_id, after, state.value, etag_of(after, names), saved)


def _saved(annotation: Annotation, row: Mapping[str, Any]) -> Annotation:
    return Annotation(annotation.shape, annotation.label, read_attributes(row["attributes"]), row["id"])


def _next_position(conn: Connection, image_id: int) -> int:
    return conn.execute(_HIGHEST, {"image": image_id}).scalar_one() + 1


def _finish(
    conn: Connection,
    user: User,
    image: Any,
    changes: Iterable[tuple[str, str, dict[str, Any]]],
    count: int,
    asked: ImageState | None,
) -> ImageState:
    """The image's new state, revision and count of annotations are written, and what was done is recorded."""
    new_state = state_after(ImageState(image.state), count > 0, asked)
    counted_up = {"new_revision": image.revision + 1, "new_state": new_state.value, "new_annotation_count": count}
    if conn.execute(_COUNT_UP, {"image": image.id, "before": image.revision, **counted_up}).rowcount != 1:
        raise _stale(load(conn, image.id))
    entries = [(action, image.dataset_id, image.id, key, details) for action, key, details in changes]
    if new_state.value != image.state:
        entries.append(("image_state", image.dataset_id, image.id, new_state.value, {"before": image.state}))
    audit.record_many(conn, user, entries)
    return new_state


def state_after(before: ImageState, drawn: bool, asked: ImageState | None) -> ImageState:
    """The image's state after a save. `Invalid` (`bad_state`) when what is asked for contradicts what is drawn."""
    fitting = (ImageState.LABELED, ImageState.REVIEWED) if drawn else (ImageState.UNLABELED, ImageState.EMPTY)
    if asked is None:
        return before if before in fitting else fitting[0]
    if asked is ImageState.REVIEWED or asked in fitting:
        return asked
    what = "has annotations" if drawn else "has no annotations"
    raise Invalid(
        f"The image {what}, so it cannot be {asked}: one of {', '.join(fitting)}, or reviewed.", code="bad_state"
    )


def _check_count(count: int) -> None:
    if count > ANNOTATIONS_LIMIT:
        raise Invalid(
            f"An image has at most {ANNOTATIONS_LIMIT:,} annotations, not {count:,}; nothing was saved.",
            code="too_many_annotations",
        )


def _check(wanted: tuple[Annotation, ...], size_wh: tuple[int, int]) -> None:
    _check_count(len(wanted))
    ids = [annotation.id for annotation in wanted if annotation.id]
    if len(set(ids)) != len(ids):
        raise Invalid("Two annotations of the set have the same id: leave the id of new ones empty.", code="same_id")
    for annotation in wanted:
        if not isinstance(annotation.shape, KeptShape):
            check_within(annotation.shape, size_wh)


def _rows(
    conn: Connection,
    user: User,
    image: Any,
    wanted: tuple[Annotation, ...],
    before: Mapping[str, Mapping[Any, Any]],
    names: Mapping[int, str],
) -> list[dict[str, Any]]:
    by_label = {name: key for key, name in names.items()}
    taken = _ids_elsewhere(conn, image.id, [each.id for each in wanted if each.id not in before])
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = []
    for position, annotation in enumerate(wanted):
        usable = is_annotation_id(annotation.id) and annotation.id not in taken
        rows.append(
            {
                "id": annotation.id if usable else make_annotation_id(),
                "image_id": image.id,
                "label_id": _label_id(by_label, annotation.label),
                **_columns_of(annotation, before),
                "position": position,
                "created_by": user.id,
                "created_at": now,
                "updated_at": now,
            }
        )
    return rows


def _label_id(by_label: Mapping[str, int], name: str) -> int:
    if name in by_label:
        return by_label[name]
    known = ", ".join(repr(label) for label in list(by_label)[:20]) or "none yet"
    raise Invalid(f"There is no label {name!r} in this dataset: add it first; there are {known}.", code="unknown_label")


def _columns_of(annotation: Annotation, before: Mapping[str, Mapping[Any, Any]]) -> dict[str, Any]:
    """A shape of a kind that only a newer version knows stays as that one saved it; `InvalidShape` for another."""
    shape = annotation.shape
    if not isinstance(shape, KeptShape):
        return shape_columns(annotation)
    old = before.get(annotation.id)
    if old is None or old["shape_type"] != shape.kind or json.loads(old["geometry"]) != shape.geometry():
        raise unknown_kind(shape.kind)
    stays = {name: old[name] for name in ("shape_type", "geometry", "x0", "y0", "x1", "y1", "area")}
    return {**stays, "attributes": write_attributes(annotation.attributes)}


def shape_columns(annotation: Annotation) -> dict[str, Any]:
    """The columns that follow from an annotation alone: its shape, attributes, bounds (pixels) and area."""
    x0, y0, x1, y1 = annotation.shape.bounds()
    return {
        "shape_type": annotation.shape.kind,
        "geometry": write_geometry(annotation.shape),
        "attributes": write_attributes(annotation.attributes),
        "x0": x0,
        "y0": y0,
        "x1": x1,
        "y1": y1,
        "area": annotation.shape.area(),
    }


def _ids_elsewhere(conn: Connection, image_id: int, ids: list[str]) -> set[str]:
    found: set[str] = set()
    for chunk in images.chunks([key for key in ids if key]):
        query = select(table.c.id).where(table.c.id.in_(chunk), table.c.image_id != image_id)
        found.update(conn.execute(query).scalars())
    return found


def _write(
    conn: Connection, image_id: int, before: Mapping[str, Mapping[Any, Any]], rows: list[dict[str, Any]]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Bring the rows of an image to what is wanted; what was done, as (action, annotation id, details)."""
    changes: list[tuple[str, str, dict[str, Any]]] = []
    new = [row for row in rows if row["id"] not in before]
    gone = sorted(set(before) - {row["id"] for row in rows})
    for chunk in images.chunks(gone):
        conn.execute(delete(table).where(table.c.id.in_(chunk)))
    changes += [("delete_annotation", key, {"before": _shown(before[key])}) for key in gone]
    for row in rows:
        old = before.get(row["id"])
        if old is None or all(old[name] == row[name] for name in _STORED):
            continue
        if all(old[name] == row[name] for name in _CONTENT):
            row["updated_at"] = old["updated_at"]  # its place alone moved, as when one below it is deleted
        conn.execute(_CHANGE, {"row": row["id"], **{f"new_{name}": row[name] for name in _CHANGEABLE}})
        changes.append(("update_annotation", row["id"], {"before": _shown(old), "after": _shown(row)}))
    if new:
        conn.execute(insert(table), new)
    changes += [("create_annotation", row["id"], {"after": _shown(row)}) for row in new]
    return changes


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _STORED}


def _stale(current: AnnotationSet) -> Conflict:
    return Conflict(
        "Somebody else saved this image in between. Nothing was overwritten: load it again and save what is still to "
        "be changed.",
        code="stale_revision",
        image_id=current.image_id,
        revision=current.revision,
        state=current.state,
        annotations=[
            {
                "id": a.id,
                "label": a.label,
                "shape_type": a.shape.kind,
                "geometry": a.shape.geometry(),
                "attributes": dict(a.attributes),
            }
            for a in current.annotations
        ],
    )


def stream(
    conn: Connection, dataset_id: int, where: ImageFilter | None = None, chunk: int = 500, after: int = 0
) -> Iterator[tuple[Image, tuple[Annotation, ...]]]:
    """The images that fit and have a higher id than `after`, with their annotations, in the order of ids.

    A chunk of them is in memory at a time.
    """
    names = _label_names(conn, dataset_id)
    query = select(*_FIELDS, *_MEASURES).join(image_table, image_table.c.id == table.c.image_id)
    query = query.order_by(image_table.c.id, table.c.position)  # by the images' own id: SQLite need not sort
    wanted = where or ImageFilter()
    for found in images.iterate(conn, dataset_id, wanted, chunk, after):
        drawn: dict[int, list[Annotation]] = {image.id: [] for image in found}
        if wanted == ImageFilter():  # a range: a statement with hundreds of parameters takes long to build
            ids = image_table.c.id.between(found[0].id, found[-1].id), image_table.c.dataset_id == dataset_id
        else:
            ids = (image_table.c.id.in_(drawn),)
        rows = conn.execute(query.where(*ids)).all()
        for image_id, key, label_id, kind, geometry, attributes, x0, y0, x1, y1, area in rows:
            if image_id in drawn:  # else it has come in since the images were listed
                shape = read_measured(kind, geometry, (x0, y0, x1, y1), area)
                free = {} if attributes == "{}" else read_attributes(attributes)
                drawn[image_id].append(Annotation.trusted(shape, names[label_id], free, key))
        for image in found:
            yield image, tuple(drawn[image.id])


def _label_names(conn: Connection, dataset_id: int) -> dict[int, str]:
    rows = conn.execute(_NAMES, {"dataset": dataset_id})
    return {row.id: row.name for row in rows}


def _locked(conn: Connection, image_id: int) -> Any:
    row = conn.execute(_LOCKED, {"image": image_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no image {image_id}.")
    return row
