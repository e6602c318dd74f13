"""Deleting a dataset: hidden in one moment whatever its size; its rows go then, some at a time if there are many."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import Select, delete, func, select, update

from ..domain.job import JobState
from .database import Connection, Database
from .families import ask_to_end
from .tables import (
    annotations,
    collaborators,
    datasets,
    exports,
    image_tags,
    images,
    jobs,
    labels,
    version_images,
    versions,
)

KIND = "delete"
"""The kind of the job that takes a dataset's rows away. Its params: `dataset`."""

AT_ONCE = 1_000
"""Images that are deleted in one transaction: some ten milliseconds during which nobody else writes to SQLite."""


def hide(conn: Connection, dataset_id: int) -> None:
    """From now on nobody finds the dataset, its name is free again, and its jobs are asked to end."""
    values = {"deleted_at": datetime.now(UTC), "name_key": f"\n{dataset_id}"}  # no name has a line break
    conn.execute(update(datasets).where(datasets.c.id == dataset_id).values(values))
    ask_to_end(conn, jobs.c.dataset_id == dataset_id)


def hidden(conn: Connection) -> tuple[int, ...]:
    """Datasets that are deleted for everybody and still have rows, without those that a job is taking away."""
    found = conn.execute(select(datasets.c.id).where(datasets.c.deleted_at.is_not(None))).scalars().all()
    waiting = jobs.c.state.in_((JobState.QUEUED.value, JobState.RUNNING.value))
    taken = conn.execute(select(jobs.c.params).where(jobs.c.kind == KIND, waiting)).scalars() if found else ()
    return tuple(sorted(set(found) - {json.loads(params)["dataset"] for params in taken}))


def size(conn: Connection, dataset_id: int) -> int:
    """Images of the dataset, those of its versions too."""
    counted = (select(func.count()).select_from(some.subquery()) for some in (_images(dataset_id), _frozen(dataset_id)))
    return sum(conn.execute(count).scalar_one() for count in counted)


def delete_some(conn: Connection, dataset_id: int) -> int:
    """Delete up to `AT_ONCE` images of a hidden dataset; how many. 0: none was left, and all the rest is gone too."""
    some = conn.execute(_images(dataset_id).order_by(images.c.id).limit(AT_ONCE)).scalars().all()
    if some:
        for table, column in ((annotations, annotations.c.image_id), (image_tags, image_tags.c.image_id)):
            conn.execute(delete(table).where(column.in_(some)))
        return conn.execute(delete(images).where(images.c.id.in_(some))).rowcount
    first = conn.execute(_frozen(dataset_id).order_by(*version_images.primary_key).limit(1)).one_or_none()
    if first is not None:
        version_id, start = first
        of_version = version_images.c.version_id == version_id
        part = version_images.c.position.between(start, start + AT_ONCE - 1)
        return conn.execute(delete(version_images).where(of_version, part)).rowcount
    delete_dataset(conn, dataset_id)
    return 0


def finish_deletions(db: Database) -> int:
    """Delete what is left of hidden datasets that no job is taking away; how many images."""
    gone = 0
    with db.read() as conn:
        left = hidden(conn)
    for dataset_id in left:
        some = -1
        while some:
            with db.write() as conn:
                some = delete_some(conn, dataset_id)
            gone += some
    return gone


def delete_dataset(conn: Connection, dataset_id: int) -> None:
    """Delete a dataset and everything in it; blobs stay until they are collected, the audit log stays for good."""
    of_images = _images(dataset_id)
    of_versions = select(versions.c.id).where(versions.c.dataset_id == dataset_id)
    for child, where in (
        (annotations, annotations.c.image_id.in_(of_images)),
        (image_tags, image_tags.c.image_id.in_(of_images)),
        (version_images, version_images.c.version_id.in_(of_versions)),
        (exports, exports.c.dataset_id == dataset_id),
        (jobs, jobs.c.dataset_id == dataset_id),
        (versions, versions.c.dataset_id == dataset_id),
        (images, images.c.dataset_id == dataset_id),
        (labels, labels.c.dataset_id == dataset_id),
        (collaborators, collaborators.c.dataset_id == dataset_id),
        (datasets, datasets.c.id == dataset_id),
    ):
        conn.execute(delete(child).where(where))


def _images(dataset_id: int) -> Select[int]:
    return select(images.c.id).where(images.c.dataset_id == dataset_id)


def _frozen(dataset_id: int) -> Select[int, int]:
    of_dataset = version_images.c.version_id == versions.c.id
    rows = select(version_images.c.version_id, version_images.c.position).join(versions, of_dataset)
    return rows.where(versions.c.dataset_id == dataset_id)
