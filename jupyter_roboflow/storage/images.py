"""Images as rows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, bindparam, delete, false, func, insert, select, update

from ..domain.dataset import NAME_LIMIT, Image, ImageState, Split, clean_name
from ..domain.errors import Invalid, NotFound
from ..domain.page import ImageFilter, Page, check_page
from ..domain.user import User
from .database import Connection
from .files import blob_key
from .image_query import conditions, ordering, reverse
from .tables import annotations, image_tags, labels, name_key, storable
from .tables import images as table

T = TypeVar("T")

CHUNK = 500
"""Ids per statement: every database takes as many parameters."""


@dataclass(frozen=True, slots=True)
class NewImage:
    """A stored picture that is to be entered. Width and height are upright pixels, size is in bytes."""

    filename: str
    width: int
    height: int
    sha256: str
    size: int
    crc32: int
    media_type: str
    dhash: int
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    split: Split | None = None
    tags: tuple[str, ...] = ()
    state: ImageState = ImageState.UNLABELED


def add(conn: Connection, dataset_id: int, user: User, new: Sequence[NewImage]) -> list[tuple[Image, bool]]:
    """Enter pictures; for each the image and whether the dataset had these bytes already (then nothing is changed)."""
    wanted = {image.sha256 for image in new}
    before = by_sha256(conn, dataset_id, wanted)
    first = {image.sha256: image for image in reversed(new) if image.sha256 not in before}
    fresh = [image for image in new if first.get(image.sha256) is image]
    if fresh:
        now = datetime.now(UTC)
        conn.execute(insert(table), [_values(dataset_id, user, image, now) for image in fresh])
    entered = {**before, **by_sha256(conn, dataset_id, set(first))}
    tags = {image.sha256: tuple(sorted({_clean(tag, "tag") for tag in image.tags})) for image in fresh if image.tags}
    _insert_tags(conn, [(entered[sha256].id, tag) for sha256, given in tags.items() for tag in given])
    entered |= {sha256: replace(entered[sha256], tags=given) for sha256, given in tags.items()}
    ids = {image.sha256 for image in fresh}
    result: list[tuple[Image, bool]] = []
    for image in new:
        result.append((entered[image.sha256], image.sha256 not in ids))
        ids.discard(image.sha256)
    return result


def _values(dataset_id: int, user: User, image: NewImage, now: datetime) -> dict[str, Any]:
    return {
        "dataset_id": dataset_id,
        "filename": _clean(image.filename, "file"),
        "path": blob_key(image.sha256),
        "width": image.width,
        "height": image.height,
        "sha256": image.sha256,
        "size": image.size,
        "crc32": image.crc32,
        "media_type": image.media_type,
        "dhash": f"{image.dhash:016x}",
        "state": image.state.value,
        "split": image.split.value if image.split else None,
        "revision": 0,
        "annotation_count": 0,
        "uploaded_by": user.id,
        "uploaded_at": now,
        "metadata": json.dumps(dict(image.metadata)),
    }


def _clean(name: str, what: str) -> str:
    plain = name.isascii() and name.isprintable() and name.strip() == name and 0 < len(name) <= NAME_LIMIT
    return name if plain else clean_name(name, what)


def get(conn: Connection, image_id: int) -> Image:
    """The image of that id; `NotFound` when there is none."""
    row = conn.execute(_ONE, {"image": image_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no image {image_id}.")
    return _image(row, _grouped(conn.execute(_TAGS_OF_ONE, {"image": image_id})).get(image_id, ()))


def by_id(conn: Connection, ids: Iterable[int]) -> dict[int, Image]:
    """The images of these ids; ids of no image are left out."""
    found: dict[int, Image] = {}
    for chunk in chunks(sorted(set(ids))):
        rows = conn.execute(select(*_FIELDS).where(table.c.id.in_(chunk))).all()
        tags = tags_of(conn, [row[0] for row in rows])
        found |= {row[0]: _image(row, tags.get(row[0], ())) for row in rows}
    return found


def by_sha256(conn: Connection, dataset_id: int, hashes: Iterable[str]) -> dict[str, Image]:
    """The dataset's images with these bytes, by their SHA-256."""
    found: dict[str, Image] = {}
    for chunk in chunks(sorted(hashes)):
        query = select(table).where(table.c.dataset_id == dataset_id, table.c.sha256.in_(chunk))
        found |= {image.sha256: image for image in with_tags(conn, conn.execute(query).all())}
    return found


def by_filename(conn: Connection, dataset_id: int, names: Iterable[str]) -> dict[str, list[Image]]:
    """The dataset's images with these file names; a name may have several."""
    found: dict[str, list[Image]] = defaultdict(list)
    for chunk in chunks(sorted({storable(name) for name in names})):
        query = select(table).where(table.c.dataset_id == dataset_id, table.c.filename.in_(chunk))
        # Ordered as the index of names is: by id alone, SQLite would walk through the whole dataset for every chunk.
        query = query.order_by(table.c.filename, table.c.id)
        for image in with_tags(conn, conn.execute(query).all()):
            found[image.filename].append(image)
    return dict(found)


def list_page(
    conn: Connection, dataset_id: int, where: ImageFilter, page: int = 1, limit: int = 100, sort: str = "id"
) -> Page[Image]:
    """One page of the images that fit, in a stable order (one of `domain.page.SORTS`)."""
    check_page(page, limit)
    wanted = conditions(dataset_id, where)
    total = conn.execute(select(func.count()).select_from(table).where(*wanted)).scalar_one()
    start, order = (page - 1) * limit, ordering(sort)
    rows: Sequence[Any] = ()
    if start < total:
        after = max(0, total - start - limit)
        if after < start:  # counted from the end that is nearer: a database walks over what it skips
            rows = _rows(conn, wanted, ordering(reverse(sort)), min(limit, total - start), after)[::-1]
        else:
            rows = _rows(conn, wanted, order, limit, start)
    tags = tags_of(conn, [row[0] for row in rows])
    return Page(tuple(_image(row, tags.get(row[0], ())) for row in rows), total, page, limit)


def list_ids(conn: Connection, dataset_id: int, where: ImageFilter, sort: str = "id") -> list[int]:
    """The ids of all the images that fit, in the order of `list_page`."""
    query = select(table.c.id).where(*conditions(dataset_id, where)).order_by(*ordering(sort))
    return list(conn.execute(query).scalars())


def _rows(
    conn: Connection, wanted: Sequence[ColumnElement[bool]], order: Sequence[ColumnElement[Any]], limit: int, start: int
) -> Sequence[Any]:
    """Rows of `_FIELDS`. Deep in a list their ids are looked for first, in an index alone, which is much smaller."""
    if start < _DEEP:
        return conn.execute(select(*_FIELDS).where(*wanted).order_by(*order).limit(limit).offset(start)).all()
    ids = conn.execute(select(table.c.id).where(*wanted).order_by(*order).limit(limit).offset(start)).scalars().all()
    found = {
        row[0]: row for chunk in chunks(ids) for row in conn.execute(select(*_FIELDS).where(table.c.id.in_(chunk)))
    }
    return [found[key] for key in ids]


_DEEP = 1_000
"""Rows to skip before it pays to look for ids first."""


def iterate(
    conn: Connection, dataset_id: int, where: ImageFilter, chunk: int = 1000, after: int = 0
) -> Iterator[list[Image]]:
    """The images that fit and have a higher id than `after`, in the order of ids, up to `chunk` at a time."""
    wanted, last = conditions(dataset_id, where), after
    while True:
        query = select(*_FIELDS).where(*wanted, table.c.id > last).order_by(table.c.id).limit(chunk)
        rows = conn.execute(query).all()
        if rows:
            tags = _tags_between(conn, dataset_id, rows[0].id, rows[-1].id)
            yield [_image(row, tags.get(row.id, ())) for row in rows] if tags else [_image(row, ()) for row in rows]
            last = rows[-1].id
        if len(rows) < chunk:
            return


def counts(conn: Connection, dataset_id: int) -> dict[ImageState, int]:
    """How many images there are in each state."""
    query = select(table.c.state, func.count()).where(table.c.dataset_id == dataset_id).group_by(table.c.state)
    return {ImageState(state): number for state, number in conn.execute(query)}


def annotation_counts(conn: Connection, ids: Sequence[int]) -> dict[int, int]:
    """How many annotations each image has."""
    found: dict[int, int] = {}
    for chunk in chunks(ids):
        rows = conn.execute(select(table.c.id, table.c.annotation_count).where(table.c.id.in_(chunk)))
        found |= {row.id: row.annotation_count for row in rows}
    return found


def check_ids(conn: Connection, dataset_id: int, ids: Sequence[int]) -> None:
    """Raise `NotFound` unless every id is that of an image in the dataset."""
    found: set[int] = set()
    for chunk in chunks(sorted(set(ids))):
        query = select(table.c.id).where(table.c.dataset_id == dataset_id, table.c.id.in_(chunk))
        found.update(conn.execute(query).scalars())
    if missing := sorted(set(ids) - found):
        raise NotFound(f"There is no image {missing[0]} in this dataset.", missing=missing[:100])


def labels_by_image(conn: Connection, dataset_id: int) -> dict[int, tuple[str, ...]]:
    """The names of the labels that each image has annotations of."""
    query = (
        select(annotations.c.image_id, labels.c.name)
        .join(labels, labels.c.id == annotations.c.label_id)
        .where(labels.c.dataset_id == dataset_id)
        .distinct()
        .order_by(annotations.c.image_id, labels.c.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for image_id, name in conn.execute(query):
        found[image_id].append(name)
    return {image_id: tuple(names) for image_id, names in found.items()}


def set_split(conn: Connection, splits: Mapping[int, Split | None]) -> None:
    """Give images their split, or take it away (None)."""
    by_split: dict[Split | None, list[int]] = defaultdict(list)
    for image_id, split in splits.items():
        by_split[split].append(image_id)
    for split, ids in by_split.items():
        _update(conn, ids, split=split.value if split else None)


def set_state(conn: Connection, ids: Sequence[int], state: ImageState) -> None:
    """Say what is known about images' annotations; each counts as a new revision.

    `Invalid` (`bad_state`) when it contradicts what is drawn on one of them.
    """
    wrong = _CONTRADICTIONS.get(state, false())
    for chunk in chunks(ids):
        found = conn.execute(select(table.c.id, table.c.filename).where(table.c.id.in_(chunk), wrong)).first()
        if found is not None:
            has = "no annotations" if state is ImageState.LABELED else "annotations"
            raise Invalid(f"{found.filename} has {has}, so it cannot be {state}.", code="bad_state", image=found.id)
    _update(conn, ids, state=state.value, revision=table.c.revision + 1)


_CONTRADICTIONS: dict[ImageState, ColumnElement[bool]] = {
    ImageState.UNLABELED: table.c.annotation_count > 0,
    ImageState.EMPTY: table.c.annotation_count > 0,
    ImageState.LABELED: table.c.annotation_count == 0,
}


def set_tags(conn: Connection, ids: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
    """Put tags on images and take tags off."""
    added = [clean_name(tag, "tag") for tag in add]
    for chunk in chunks(ids):
        gone = [*(storable(tag) for tag in remove), *added]
        conn.execute(delete(image_tags).where(image_tags.c.image_id.in_(chunk), image_tags.c.tag.in_(gone)))
    _insert_tags(conn, [(image_id, tag) for image_id in ids for tag in added])


def rename(conn: Connection, image_id: int, filename: str) -> Image:
    """The image under another file name; its bytes stay where they are."""
    name = _clean(filename, "file")
    _update(conn, [image_id], filename=name, filename_key=name_key(name))
    return get(conn, image_id)


def delete_images(conn: Connection, ids: Sequence[int]) -> int:
    """Take images and their annotations out; how many images. Blobs stay until they are collected."""
    gone = 0
    for chunk in chunks(sorted(set(ids))):
        conn.execute(delete(annotations).where(annotations.c.image_id.in_(chunk)))
        conn.execute(delete(image_tags).where(image_tags.c.image_id.in_(chunk)))
        gone += conn.execute(delete(table).where(table.c.id.in_(chunk))).rowcount
    return gone


def _update(conn: Connection, ids: Sequence[int], **values: Any) -> None:
    for chunk in chunks(ids):
        conn.execute(update(table).where(table.c.id.in_(chunk)).values(values))


def _insert_tags(conn: Connection, rows: Iterable[tuple[int, str]]) -> None:
    values = [{"image_id": image_id, "tag": tag} for image_id, tag in dict.fromkeys(rows)]
    if values:
        conn.execute(insert(image_tags), values)


def with_tags(conn: Connection, rows: Sequence[Any]) -> list[Image]:
    """Images from their rows, tags looked up together."""
    tags = tags_of(conn, [row.id for row in rows])
    return [image_of(row, tags.get(row.id, ())) for row in rows]


def tags_of(conn: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The tags of images, in alphabetical order."""
    found: dict[int, tuple[str, ...]] = {}
    for chunk in chunks(ids):
        found |= _grouped(conn.execute(_TAGS.where(image_tags.c.image_id.in_(chunk))))
    return found


def _tags_between(conn: Connection, dataset_id: int, first: int, last: int) -> dict[int, tuple[str, ...]]:
    """The tags of a dataset's images from one id to another; most datasets have none, and are asked in no time."""
    query = _TAGS.join(table, table.c.id == image_tags.c.image_id)
    query = query.where(table.c.dataset_id == dataset_id, image_tags.c.image_id.between(first, last))
    return _grouped(conn.execute(query))


def _grouped(rows: Iterable[Any]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    for image_id, tag in rows:
        found[image_id].append(tag)
    return {image_id: tuple(tags) for image_id, tags in found.items()}


_STATES = {state.value: state for state in ImageState}
_SPLITS: dict[str | None, Split | None] = {None: None, **{split.value: split for split in Split}}


_FIELDS = (
    table.c.id, table.c.dataset_id, table.c.filename, table.c.width, table.c.height, table.c.sha256, table.c.size,
    table.c.crc32, table.c.media_type, table.c.state, table.c.split, table.c.revision, table.c.uploaded_at,
    table.c.metadata,
)  # fmt: skip
"""What an image is made of, in the order of `_image`."""

_ONE = select(*_FIELDS).where(table.c.id == bindparam("image"))
_TAGS = select(image_tags.c.image_id, image_tags.c.tag).order_by(image_tags.c.image_id, image_tags.c.tag)
_TAGS_OF_ONE = _TAGS.where(image_tags.c.image_id == bindparam("image"))
"""Asked for every image by itself, so built once."""


def image_of(row: Any, tags: tuple[str, ...] = ()) -> Image:
    """An image from its row of the table."""
    return _image([getattr(row, column.name) for column in _FIELDS], tags)


def _image(row: Sequence[Any], tags: tuple[str, ...]) -> Image:
    (
        id, dataset_id, filename, width, height, sha256, size,
        crc32, media_type, state, split, revision, uploaded_at, metadata,
    ) = row  # fmt: skip
    known: dict[str, Any] = json.loads(metadata) if metadata != "{}" else {}
    return Image(
        id, dataset_id, filename, width, height, sha256, size, crc32, media_type,
        _STATES[state], _SPLITS[split], tags, revision, uploaded_at, known,
    )  # fmt: skip


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in pieces that fit into one statement."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
