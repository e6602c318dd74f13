"""The audit log: who changed what and when, written in the transaction of the change. It outlives what it tells of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select

from ..domain.page import Page, check_page
from ..domain.user import Role, User
from .database import Connection
from .tables import audit_log as table
from .tables import storable

SUBJECT_LIMIT = 255

NOBODY = User(0, "", Role.VIEWER)
"""Who did it when nobody knows: a failed login, a request without a user."""


def record(
    conn: Connection,
    user: User,
    action: str,
    *,
    dataset_id: int | None = None,
    image_id: int | None = None,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """One line in the log. If it cannot be written, the change it tells of is undone with it."""
    record_many(conn, user, [(action, dataset_id, image_id, subject, details or {})])


def record_many(
    conn: Connection, user: User, entries: Iterable[tuple[str, int | None, int | None, str, Mapping[str, Any]]]
) -> None:
    """Many lines at once: (action, dataset id, image id, subject, details)."""
    now = datetime.now(UTC)
    rows = [
        {
            "at": now,
            "user_id": user.id,
            "username": user.username,
            "action": action,
            "dataset_id": dataset_id,
            "image_id": image_id,
            "subject": storable(subject)[:SUBJECT_LIMIT],
            "details": json.dumps(dict(details), default=str, ensure_ascii=True),
        }
        for action, dataset_id, image_id, subject, details in entries
    ]
    if rows:
        conn.execute(insert(table), rows)


def list_page(conn: Connection, dataset_id: int, page: int = 1, limit: int = 100) -> Page[Mapping[str, Any]]:
    """What happened in a dataset, the newest first, as plain data."""
    return _page(conn, [table.c.dataset_id == dataset_id], page, limit)


def list_all(
    conn: Connection, page: int = 1, limit: int = 100, *, action: str | None = None, user_id: int | None = None
) -> Page[Mapping[str, Any]]:
    """What happened in the whole installation, logins and refusals among it, the newest first, as plain data."""
    where = [] if action is None else [table.c.action == storable(action)]
    where += [] if user_id is None else [table.c.user_id == user_id]
    return _page(conn, where, page, limit)


def _page(conn: Connection, where: Sequence[ColumnElement[bool]], page: int, limit: int) -> Page[Mapping[str, Any]]:
    check_page(page, limit)
    total = conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    query = select(table).where(*where).order_by(table.c.id.desc()).limit(limit).offset((page - 1) * limit)
    items = tuple({**row, "details": json.loads(row["details"])} for row in conn.execute(query).mappings())
    return Page(items, total, page, limit)
