"""One annotation at a time, on top of the set it belongs to: the same checks, revisions and audit rows."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from ..domain.annotation import Annotation, AnnotationSet, is_annotation_id
from ..domain.errors import NotFound
from ..domain.user import User
from . import annotations as sets
from .database import Connection
from .tables import annotations as table


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
    """The set with one more annotation on top, the last one, under its own id unless that is taken.

    `revision` None means: on whatever is there now.
    """
    taken = select(table.c.id).where(table.c.id == annotation.id)
    known = bool(annotation.id) and conn.execute(taken).scalar() is not None
    sets.save_one(conn, user, image_id, replace(annotation, id="") if known else annotation, revision)
    return sets.load(conn, image_id)


def change(conn: Connection, user: User, annotation: Annotation, revision: int | None) -> AnnotationSet:
    """The set with another shape, label and attributes in place of the annotation of that id."""
    image_id = image_of(conn, annotation.id)
    sets.save_one(conn, user, image_id, annotation, revision, annotation.id)
    return sets.load(conn, image_id)


def remove(conn: Connection, user: User, annotation_id: str, revision: int | None) -> AnnotationSet:
    """The set without the annotation of that id."""
    image_id = image_of(conn, annotation_id)
    sets.save_one(conn, user, image_id, None, revision, annotation_id)
    return sets.load(conn, image_id)
