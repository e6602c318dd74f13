"""Versions as rows. They come in whole, in one transaction, and never change; a number is given out once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from ..domain.annotation import Annotation
from ..domain.dataset import Label, Split
from ..domain.errors import NotFound
from ..domain.page import Page, check_page
from ..domain.version import Version, VersionImage
from .database import Connection
from .files import blob_key
from .frozen import read_annotations
from .tables import datasets, exports, users
from .tables import version_images as image_table
from .tables import versions as table

_ROWS = 500


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version that is to be entered; `sources_…` is the file that says what it was made from."""

    dataset_id: int
    job_id: int
    recipe: Mapping[str, Any]
    seed: int
    labels: Sequence[Label]
    libraries: Mapping[str, str]
    options: Mapping[str, Any]
    sources_path: str
    sources_size: int
    sources_sha256: str
    name: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class FrozenImage:
    """One picture of a version, its annotations as JSON text (see `frozen`), and where its source lies."""

    image: VersionImage
    annotations: str
    source_path: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The stored file that says what a version was made from."""

    path: str
    size: int
    sha256: str


def start(conn: Connection, user_id: int, new: NewVersion) -> tuple[int, int]:
    """Enter a version that gets its images next, in the same transaction; its id and number."""
    held = datasets.c.id == new.dataset_id
    conn.execute(update(datasets).where(held).values(next_version=datasets.c.next_version + 1))
    number = conn.execute(select(datasets.c.next_version).where(held)).scalar_one() - 1
    values = {
        "dataset_id": new.dataset_id,
        "number": number,
        "recipe": json.dumps(dict(new.recipe)),
        "seed": new.seed,
        "state": "building",
        "created_by": user_id,
        "created_at": datetime.now(UTC),
        "name": new.name,
        "note": new.note,
        "options": json.dumps(dict(new.options)),
        "labels": json.dumps([_plain_label(label) for label in new.labels]),
        "libraries": json.dumps(dict(new.libraries)),
        "sources_path": new.sources_path,
        "sources_size": new.sources_size,
        "sources_sha256": new.sources_sha256,
        "job_id": new.job_id,
    }
    key = conn.execute(insert(table).values(values)).inserted_primary_key
    assert key is not None
    return key[0], number


def add_images(conn: Connection, version_id: int, frozen: Iterable[FrozenImage]) -> None:
    """Enter images of a version that was started in this transaction."""
    rows: list[dict[str, Any]] = []
    for each in frozen:
        rows.append(_image_values(version_id, each))
        if len(rows) == _ROWS:
            conn.execute(insert(image_table), rows)
            rows = []
    if rows:
        conn.execute(insert(image_table), rows)


def finish(
    conn: Connection,
    version_id: int,
    content_hash: str,
    counts: Mapping[str, Any],
    losses: Sequence[Mapping[str, Any]],
    refused: Sequence[Mapping[str, Any]],
) -> None:
    """Say what is in a version that was started in this transaction: from the commit on it is there and whole."""
    values = {
        "state": "ready",
        "content_hash": content_hash,
        "counts": json.dumps(dict(counts)),
        "losses": json.dumps(list(losses)),
        "refused": json.dumps(list(refused)),
    }
    conn.execute(update(table).where(table.c.id == version_id).values(values))


def get(conn: Connection, version_id: int) -> Version:
    """The version of that id; `NotFound` when there is none."""
    row = conn.execute(_with_names().where(table.c.id == version_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no version {version_id}.")
    return _version(row)


def list_for(conn: Connection, dataset_id: int) -> tuple[Version, ...]:
    """The versions of a dataset, the newest first."""
    query = _with_names().where(table.c.dataset_id == dataset_id).order_by(table.c.number.desc())
    return tuple(_version(row) for row in conn.execute(query))


def sources(conn: Connection, version_id: int) -> Sources:
    """Where it is written what the version was made from."""
    fields = table.c.sources_path, table.c.sources_size, table.c.sources_sha256
    row = conn.execute(select(*fields).where(table.c.id == version_id)).one()
    return Sources(*row)


def sources_used(conn: Connection, version_id: int) -> set[str]:
    """Keys of the original pictures that images of the version were made from."""
    query = select(image_table.c.source_path).where(image_table.c.version_id == version_id).distinct()
    return {path for path in conn.execute(query).scalars() if path}


def delete_version(conn: Connection, version_id: int) -> None:
    """Take a version out, with its exports; its number stays used. Files stay until they are collected."""
    conn.execute(delete(exports).where(exports.c.version_id == version_id))
    conn.execute(delete(image_table).where(image_table.c.version_id == version_id))
    conn.execute(delete(table).where(table.c.id == version_id))


def image(conn: Connection, version_id: int, position: int) -> VersionImage:
    """The picture at a position, from 1; `NotFound` when there is none."""
    query = select(*_FIELDS).where(image_table.c.version_id == version_id, image_table.c.position == position)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"Version {version_id} has no image {position}.")
    return _image(row)


def images_page(conn: Connection, version_id: int, page: int = 1, limit: int = 100) -> Page[VersionImage]:
    """One page of the pictures of a version."""
    check_page(page, limit)
    mine = image_table.c.version_id == version_id
    total = conn.execute(select(func.count()).select_from(image_table).where(mine)).scalar_one()
    query = select(*_FIELDS).where(mine).order_by(image_table.c.position).limit(limit).offset((page - 1) * limit)
    return Page(tuple(_image(row) for row in conn.execute(query)), total, page, limit)


def stream(
    conn: Connection, version_id: int, split: Split | None = None, after: int = 0, chunk: int = _ROWS
) -> Iterator[tuple[VersionImage, tuple[Annotation, ...]]]:
    """The pictures after a position with their annotations, in order; a chunk of them is in memory at a time."""
    for row in rows(conn, version_id, split, after, chunk):
        yield _image(row), read_annotations(row.annotations)


def rows(
    conn: Connection, version_id: int, split: Split | None = None, after: int = 0, chunk: int = _ROWS
) -> Iterator[Any]:
    """What `stream` gives, as rows: annotations are JSON text."""
    wanted = [image_table.c.version_id == version_id]
    if split is not None:
        wanted.append(image_table.c.split == split.value)
    while True:
        query = select(*_FIELDS, image_table.c.annotations, image_table.c.source_path).where(
            *wanted, image_table.c.position > after
        )
        found = conn.execute(query.order_by(image_table.c.position).limit(chunk)).all()
        yield from found
        if len(found) < chunk:
            return
        after = found[-1].position


def frozen_images(conn: Connection, version_id: int) -> Iterator[FrozenImage]:
    """The pictures as they were entered."""
    for row in rows(conn, version_id):
        yield FrozenImage(_image(row), row.annotations, row.source_path or "")


def _image_values(version_id: int, frozen: FrozenImage) -> dict[str, Any]:
    image = frozen.image
    return {
        "version_id": version_id,
        "position": image.position,
        "filename": image.filename,
        "path": blob_key(image.sha256),
        "width": image.width,
        "height": image.height,
        "sha256": image.sha256,
        "size": image.size,
        "crc32": image.crc32,
        "split": image.split.value if image.split else None,
        "annotations": frozen.annotations,
        "media_type": image.media_type,
        "annotation_count": image.annotation_count,
        "source_image_id": image.source_image_id,
        "source_path": frozen.source_path,
        "copy": image.copy,
    }


_FIELDS = (
    image_table.c.position, image_table.c.filename, image_table.c.width, image_table.c.height, image_table.c.sha256,
    image_table.c.size, image_table.c.crc32, image_table.c.media_type, image_table.c.split,
    image_table.c.annotation_count, image_table.c.source_image_id, image_table.c.copy,
)  # fmt: skip
"""What a VersionImage is made of, in its order."""


def _image(row: Any) -> VersionImage:
    values: dict[str, Any] = dict(zip((column.name for column in _FIELDS), row, strict=False))
    values["split"] = Split(row.split) if row.split else None
    return VersionImage(**values)


def _with_names() -> Any:
    return select(table, users.c.username).join(users, users.c.id == table.c.created_by)


def _plain_label(label: Label) -> dict[str, Any]:
    return {"name": label.name, "color": label.color, "index": label.index, "position": label.position}


def _version(row: Any) -> Version:
    return Version(
        id=row.id,
        dataset_id=row.dataset_id,
        number=row.number,
        recipe=json.loads(row.recipe),
        seed=row.seed,
        labels=tuple(Label(**label) for label in json.loads(row.labels)),
        libraries=json.loads(row.libraries),
        counts=json.loads(row.counts),
        losses=tuple(json.loads(row.losses)),
        refused=tuple(json.loads(row.refused)),
        content_hash=row.content_hash or "",
        created_by=row.username,
        created_at=row.created_at,
        name=row.name,
        note=row.note,
        options=json.loads(row.options),
        state=row.state,
        job_id=row.job_id,
    )
