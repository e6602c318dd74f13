"""One annotation at a time, on top of the set it belongs to: the same checks, revisions and audit rows."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import bindparam, select

from ..domain.annotation import Annotation, SavedAnnotation, is_annotation_id
from ..domain.errors import NotFound
from ..domain.user import User
from . import annotations as sets
from .database import Connection
from .tables import annotations as table

_IMAGE_OF = select(table.c.image_id).where(table.c.id == bindparam("annotation"))


def image_of(conn: Connection, annotation_id: str) -> int:
    """The id of the image that an annotation is on; `NotFound` when there is no such annotation."""
    found = conn.execute(_IMAGE_OF, {"annotation": annotation_id}).scalar() if is_annotation_id(annotation_id) else None
    if found is None:
        raise missing(annotation_id)
    return found


def missing(annotation_id: str) -> NotFound:
    """What to raise for an annotation that is not there, or that one may not see."""
    return NotFound(f"There is no annotation {annotation_id[:40]!r}: load the image's annotations again.")


def add(conn: Connection, user: User, image_id: int, annotation: Annotation, revision: int | None) -> SavedAnnotation:
    """One more annotation on top of a set, under its own id unless that is taken.

    `revision` None means: on whatever is there now.
    """
    known = bool(annotation.id) and conn.execute(_IMAGE_OF, {"annotation": annotation.id}).scalar() is not None
    return sets.save_one(conn, user, image_id, replace(annotation, id="") if known else annotation, revision)


def change(conn: Connection, user: User, annotation: Annotation, revision: int | None) -> SavedAnnotation:
    """Another shape, label and attributes in place of the annotation of that id."""
    return sets.save_one(conn, user, image_of(conn, annotation.id), annotation, revision, annotation.id)


def remove(conn: Connection, user: User, annotation_id: str, revision: int | None) -> SavedAnnotation:
    """The set without the annotation of that id."""
    return sets.save_one(conn, user, image_of(conn, annotation_id), None, revision, annotation_id)
