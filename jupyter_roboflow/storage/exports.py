"""Finished exports as rows. The row comes last: what it names is whole and never changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select

from ..domain.errors import NotFound
from ..domain.export import Export
from .database import Connection
from .tables import exports as table


@dataclass(frozen=True, slots=True)
class NewExport:
    """A stored artefact that is to be entered: `path` is its key in the store, `size` in bytes."""

    dataset_id: int
    job_id: int
    format: str
    options: Mapping[str, Any]
    filename: str
    path: str
    size: int
    sha256: str
    losses: Sequence[Mapping[str, Any]]
    counts: Mapping[str, Any]
    version_id: int | None = None


def create(conn: Connection, user_id: int, new: NewExport) -> int:
    """Enter a finished export; its id."""
    values = {
        "dataset_id": new.dataset_id,
        "version_id": new.version_id,
        "job_id": new.job_id,
        "format": new.format,
        "options": json.dumps(dict(new.options)),
        "filename": new.filename,
        "path": new.path,
        "size": new.size,
        "sha256": new.sha256,
        "losses": json.dumps(list(new.losses)),
        "counts": json.dumps(dict(new.counts)),
        "status": "ready",
        "created_by": user_id,
        "created_at": datetime.now(UTC),
    }
    key = conn.execute(insert(table).values(values)).inserted_primary_key
    assert key is not None
    return key[0]


def get(conn: Connection, export_id: int) -> Export:
    """The export of that id; `NotFound` when there is none."""
    row = conn.execute(select(table).where(table.c.id == export_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no export {export_id}.")
    return _export(row)


def list_for(conn: Connection, dataset_id: int) -> tuple[Export, ...]:
    """The exports of a dataset, the newest first."""
    query = select(table).where(table.c.dataset_id == dataset_id).order_by(table.c.id.desc())
    return tuple(_export(row) for row in conn.execute(query))


def take_out_older(conn: Connection, age: timedelta, limit: int = 500) -> tuple[Export, ...]:
    """Up to `limit` exports that were made so long ago; their rows are gone, their files are left to the caller."""
    query = select(table).where(table.c.created_at < datetime.now(UTC) - age).order_by(table.c.id).limit(limit)
    old = tuple(_export(row) for row in conn.execute(query))
    if old:
        conn.execute(delete(table).where(table.c.id.in_([export.id for export in old])))
    return old


def _export(row: Row[Any]) -> Export:
    return Export(
        id=row.id,
        dataset_id=row.dataset_id,
        format=row.format,
        filename=row.filename,
        path=row.path,
        size=row.size,
        sha256=row.sha256,
        losses=tuple(json.loads(row.losses)),
        counts=json.loads(row.counts),
        created_at=row.created_at,
    )
