"""An ImageFilter and a sort order as SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, exists, select

from ..domain.errors import Invalid
from ..domain.page import SORTS, ImageFilter
from .tables import annotations, image_tags, images, labels, name_key, storable

_COLUMNS: dict[str, ColumnElement[Any]] = {
    "id": images.c.id,
    "filename": images.c.filename,
    "uploaded_at": images.c.uploaded_at,
    "objects": images.c.annotation_count,
}

_TESTS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "state": lambda state: images.c.state == str(state),
    "split": lambda split: images.c.split == str(split),
    "name": lambda name: images.c.filename_key.contains(name_key(name), autoescape=True),
    "tag": lambda tag: exists().where(image_tags.c.image_id == images.c.id, image_tags.c.tag == storable(tag)),
    "min_width": lambda width: images.c.width >= width,
    "max_width": lambda width: images.c.width <= width,
    "min_height": lambda height: images.c.height >= height,
    "max_height": lambda height: images.c.height <= height,
    "min_objects": lambda count: images.c.annotation_count >= count,
    "max_objects": lambda count: images.c.annotation_count <= count,
    # written into the statement: databases take a limited number of parameters, and these are plain integers
    "ids": lambda ids: images.c.id.in_(
        bindparam("ids", value=ids, type_=Integer(), expanding=True, literal_execute=True)
    ),
}


def conditions(dataset_id: int, where: ImageFilter) -> list[ColumnElement[bool]]:
    """What a row of `images` has to fulfil to be in the dataset and fit the filter."""
    wanted = [images.c.dataset_id == dataset_id]
    wanted += [test(value) for name, test in _TESTS.items() if (value := getattr(where, name)) is not None]
    if where.unsplit:
        wanted.append(images.c.split.is_(None))
    if where.label is not None:
        label = select(labels.c.id).where(labels.c.dataset_id == dataset_id, labels.c.name_key == name_key(where.label))
        has_one = annotations.c.image_id == images.c.id, annotations.c.label_id.in_(label)
        wanted.append(exists().where(*has_one))
    return wanted


def ordering(sort: str) -> tuple[ColumnElement[Any], ...]:
    """The ORDER BY of one of `SORTS`; ties go by id, in the same direction."""
    if sort not in SORTS:
        raise Invalid(f"Unknown order {sort!r}: one of {', '.join(SORTS)}.", code="bad_sort")
    name = sort.lstrip("-")
    columns = (_COLUMNS[name],) if name == "id" else (_COLUMNS[name], images.c.id)
    return tuple(column.desc() for column in columns) if sort.startswith("-") else columns


def reverse(sort: str) -> str:
    """The order that starts at the other end; ties included."""
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
