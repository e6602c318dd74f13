"""One annotation at a time, on top of the set it belongs to: the same checks, revisions and audit rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from ..domain.annotation import Annotation, AnnotationSet, is_annotation_id
from ..domain.errors import NotFound
from ..domain.user import User
from . import annotations as sets
from .database import Connection
from .tables import annotations as table
from .tables import images


def image_of(conn: Connection, annotation_id: str) -> int:
    """The id of the image that an annotation is on; `NotFound` when there is no such annotation."""
    query = select(table.c.image_id).where(table.c.id == annotation_id)
    found = conn.execute(query).scalar() if is_annotation_id(annotation_id) else None
    if found is None:
        raise missing(annotation_id)
    return found


def missing(annotation_id: str) -> NotFound:
    """What to raise for an annotation that is not there, or that one may not see."""
    return NotFound(f"There is no annotation {annotation_id[:40]!r}: load the image's annotations again.")


def add(conn: Connection, user: User, image_id: int, annotation: Annotation, revision: int | None) -> AnnotationSet:
    """The set with one more annotation on top, the last one. `revision` None means: on whatever is there now."""
    return _edit(conn, user, image_id, revision, lambda drawn: (*drawn, replace(annotation, id="")))


def change(conn: Connection, user: User, annotation: Annotation, revision: int | None) -> AnnotationSet:
    """The set with another shape, label and attributes in place of the annotation of that id."""

    def changed(drawn: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
        return tuple(annotation if each.id == annotation.id else each for each in drawn)

    return _edit(conn, user, image_of(conn, annotation.id), revision, changed)


def remove(conn: Connection, user: User, annotation_id: str, revision: int | None) -> AnnotationSet:
    """The set without the annotation of that id."""

    def kept(drawn: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
        return tuple(each for each in drawn if each.id != annotation_id)

    return _edit(conn, user, image_of(conn, annotation_id), revision, kept)


def _edit(
    conn: Connection,
    user: User,
    image_id: int,
    revision: int | None,
    edit: Callable[[tuple[Annotation, ...]], tuple[Annotation, ...]],
) -> AnnotationSet:
    locking = select(images.c.id).where(images.c.id == image_id).with_for_update()
    conn.execute(locking.with_hint(images, "WITH (UPDLOCK, ROWLOCK)", "mssql"))
    before = sets.load(conn, image_id)
    expected = before.revision if revision is None else revision
    return sets.save(conn, user, image_id, edit(before.annotations), expected)
