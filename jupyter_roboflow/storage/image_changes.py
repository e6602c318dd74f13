"""Many images at once: what they were before a change, and their tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from ..domain.dataset import ImageState, Split
from ..domain.page import ImageFilter
from .database import Connection
from .image_query import conditions
from .tables import image_tags, storable
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
