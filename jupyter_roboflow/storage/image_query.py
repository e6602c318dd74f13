"""An ImageFilter and a sort order as SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, false, not_, or_, select

from ..domain.dataset import ImageState, Split
from ..domain.errors import Invalid
from ..domain.page import HEAT_GRID, SORTS, Cell, ImageFilter, Range, several
from .tables import annotations, image_tags, images, labels, name_key, storable

Condition = ColumnElement[bool]

_COLUMNS: dict[str, ColumnElement[Any]] = {
    "id": images.c.id,
    "filename": images.c.filename,
    "uploaded_at": images.c.uploaded_at,
    "objects": images.c.annotation_count,
}

_BOUNDS: dict[str, Callable[[int], Condition]] = {
    "min_width": lambda width: images.c.width >= width,
    "max_width": lambda width: images.c.width <= width,
    "min_height": lambda height: images.c.height >= height,
    "max_height": lambda height: images.c.height <= height,
    "min_objects": lambda count: images.c.annotation_count >= count,
    "max_objects": lambda count: images.c.annotation_count <= count,
}

_RANGED = {"width": images.c.width, "height": images.c.height, "objects": images.c.annotation_count}


def conditions(dataset_id: int, where: ImageFilter) -> list[Condition]:
    """What a row of `images` has to fulfil to be in the dataset and fit the filter."""
    wanted: list[Condition] = [images.c.dataset_id == dataset_id]
    wanted += [test(value) for name, test in _BOUNDS.items() if (value := getattr(where, name)) is not None]
    wanted += [_has_label(dataset_id, [label]) for label in several(where.label)]
    wanted += [_has_tag([tag]) for tag in several(where.tag)]
    wanted += [_named(name) for name in several(where.name)]
    if states := several(where.state):
        wanted.append(_in_state(states))
    if (splits := several(where.split)) or where.unsplit:
        wanted.append(_in_split(splits, unsplit=where.unsplit))
    wanted += [_has_box(bounds) for bounds in where.box]
    wanted += [_has_at(dataset_id, cell) for cell in where.at]
    if where.ids is not None:
        wanted.append(_one_of("ids", where.ids))
    return wanted + [not_(each) for each in _excluded(dataset_id, where)]


def _excluded(dataset_id: int, where: ImageFilter) -> Iterator[Condition]:
    """What a row must not fulfil, any of it."""
    if names := several(where.exclude_label):
        yield _has_label(dataset_id, names)
    if tags := several(where.exclude_tag):
        yield _has_tag(tags)
    if states := several(where.exclude_state):
        yield _in_state(states)
    if (splits := several(where.exclude_split)) or where.exclude_unsplit:
        yield _in_split(splits, unsplit=where.exclude_unsplit)
    yield from (_named(name) for name in several(where.exclude_name))
    for name, column in _RANGED.items():
        yield from (_within(column, each) for each in getattr(where, f"exclude_{name}"))
    yield from (and_(images.c.width == width, images.c.height == height) for width, height in where.exclude_size)
    yield from (_has_box(bounds) for bounds in where.exclude_box)
    yield from (_has_at(dataset_id, cell) for cell in where.exclude_at)
    if where.exclude_ids:
        yield _one_of("exclude_ids", where.exclude_ids)


def _has_label(dataset_id: int, names: Iterable[str]) -> Condition:
    return _has(_of_label(dataset_id, names))


def _has(*conditions: Condition) -> Condition:
    """It has an annotation that fulfils all of them."""
    on_it = exists().where(annotations.c.image_id == images.c.id, *conditions)
    return on_it.correlate(images)  # of the query around it nothing else is meant, whatever it joins


def _of_label(dataset_id: int, names: Iterable[str]) -> Condition:
    keys = [name_key(name) for name in names]
    label = select(labels.c.id).where(labels.c.dataset_id == dataset_id, labels.c.name_key.in_(keys)).correlate(None)
    return annotations.c.label_id.in_(label)


def _has_box(bounds: Range) -> Condition:
    """As the histogram of box sizes counts them: everything but points, by the side of a square of the same area."""
    c = annotations.c
    area = (c.x1 - c.x0) * (c.y1 - c.y0)
    least = float(bounds.least or 0) ** 2
    most = () if bounds.most is None else (area < (bounds.most + 1.0) ** 2,)
    return _has(c.x1 > c.x0, c.y1 > c.y0, area >= least, *most)


def _has_at(dataset_id: int, cell: Cell) -> Condition:
    """As a heat map counts them: by the middle of the box, and what lies outside of the picture at its edge."""
    c = annotations.c
    across = _in_part(c.x0 + c.x1, images.c.width, cell.column)
    down = _in_part(c.y0 + c.y1, images.c.height, cell.row)
    return _has(*across, *down, *(() if cell.label is None else (_of_label(dataset_id, [cell.label]),)))


def _in_part(twice: ColumnElement[float], size: ColumnElement[int], part: int) -> Iterator[Condition]:
    place = twice * (HEAT_GRID / 2)
    if part > 0:
        yield place >= size * part
    if part < HEAT_GRID - 1:
        yield place < size * (part + 1)


def _has_tag(tags: Iterable[str]) -> Condition:
    names = [storable(tag) for tag in tags]
    return exists().where(image_tags.c.image_id == images.c.id, image_tags.c.tag.in_(names)).correlate(images)


def _named(part: str) -> Condition:
    return images.c.filename_key.contains(name_key(part), autoescape=True)


def _in_state(states: Iterable[ImageState]) -> Condition:
    return images.c.state.in_([str(state) for state in states])


def _in_split(splits: tuple[Split, ...], *, unsplit: bool) -> Condition:
    """True or false, never unknown: what is unknown would be neither in nor out."""
    named = and_(images.c.split.is_not(None), images.c.split.in_([str(split) for split in splits])) if splits else None
    without = images.c.split.is_(None) if unsplit else None
    return or_(false(), *(each for each in (named, without) if each is not None))


def _within(column: ColumnElement[int], bounds: Range) -> Condition:
    least, most = bounds
    return and_(column >= (0 if least is None else least), *(() if most is None else (column <= most,)))


def _one_of(name: str, ids: tuple[int, ...]) -> Condition:
    # written into the statement: databases take a limited number of parameters, and these are plain integers
    return images.c.id.in_(bindparam(name, value=ids, type_=Integer(), expanding=True, literal_execute=True))


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
