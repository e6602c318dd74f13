"""Many images at once: what they were before a change, their tags, and other labels on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import func, select, update

from ..domain.dataset import ImageState, Split
from ..domain.page import ImageFilter
from . import images
from .database import Connection
from .image_query import conditions
from .tables import annotations, image_tags, storable
from .tables import images as table


class Before(NamedTuple):
    """An image as it is before a change; of its tags those that the change is about."""

    id: int
    split: Split | None
    state: ImageState
    tags: tuple[str, ...]


def before(conn: Connection, dataset_id: int, where: ImageFilter, tags: Sequence[str] = ()) -> list[Before]:
    """The images that fit, in the order of ids."""
    wanted = conditions(dataset_id, where)
    theirs: dict[int, list[str]] = defaultdict(list)
    if tags:
        query = select(image_tags).join(table, table.c.id == image_tags.c.image_id)
        for image_id, tag in conn.execute(query.where(*wanted, image_tags.c.tag.in_(list(map(storable, tags))))):
            theirs[image_id].append(tag)
    rows = conn.execute(select(table.c.id, table.c.split, table.c.state).where(*wanted).order_by(table.c.id))
    return [
        Before(key, Split(split) if split else None, ImageState(state), tuple(sorted(theirs.get(key, ()))))
        for key, split, state in rows
    ]


def tag_counts(conn: Connection, dataset_id: int) -> dict[str, int]:
    """Every tag in a dataset and on how many images it is, in alphabetical order."""
    query = select(image_tags.c.tag, func.count()).join(table, table.c.id == image_tags.c.image_id)
    rows = conn.execute(query.where(table.c.dataset_id == dataset_id).group_by(image_tags.c.tag))
    return dict(sorted((tag, number) for tag, number in rows))


def relabel(conn: Connection, ids: Sequence[int], source: int | None, target: int) -> tuple[int, int]:
    """Give the annotations of one label (id; None: of any) on these images another; how many images and annotations.

    Sets that change under an open editor have a new revision, so that a stale save is noticed.
    """
    other = annotations.c.label_id != target if source is None else annotations.c.label_id == source
    now, touched, changed = datetime.now(UTC), 0, 0
    for chunk in images.chunks(ids):
        theirs = annotations.c.image_id.in_(chunk), other
        on_them = select(annotations.c.image_id).where(*theirs)
        counted_up = update(table).where(table.c.id.in_(on_them)).values(revision=table.c.revision + 1)
        touched += conn.execute(counted_up).rowcount
        changed += conn.execute(update(annotations).where(*theirs).values(label_id=target, updated_at=now)).rowcount
    return touched, changed
