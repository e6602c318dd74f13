"""Personal access tokens as rows, found by the hash of what their owner holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from ..domain.dataset import clean_name
from ..domain.errors import NotFound
from ..domain.user import PersonalAccessToken, Scope
from .database import Connection
from .tables import personal_access_tokens as table

_COLUMNS = [column for column in table.c if column is not table.c.token_hash]


def add(
    conn: Connection,
    user_id: int,
    name: str,
    scope: Scope,
    *,
    token_hash: str,
    prefix: str,
    created_at: datetime,
    expires_at: datetime | None = None,
) -> PersonalAccessToken:
    """A new token of a user. Several may have one name."""
    values: dict[str, Any] = {"user_id": user_id, "name": clean_name(name, "token"), "token_hash": token_hash}
    values |= {"prefix": prefix, "scope": scope.value, "created_at": created_at, "expires_at": expires_at}
    key = conn.execute(insert(table).values(values)).inserted_primary_key
    assert key is not None
    return get(conn, user_id, key[0])


def get(conn: Connection, user_id: int, token_id: int) -> PersonalAccessToken:
    """A user's own token of that id; `NotFound` for anybody else's."""
    row = conn.execute(select(*_COLUMNS).where(table.c.id == token_id, table.c.user_id == user_id)).one_or_none()
    if row is None:
        raise NotFound(f"You have no access token {token_id}.")
    return _token(row)


def find(conn: Connection, token_hash: str) -> PersonalAccessToken | None:
    """The token with that hash, revoked or not, or None."""
    row = conn.execute(select(*_COLUMNS).where(table.c.token_hash == token_hash)).one_or_none()
    return None if row is None else _token(row)


def list_tokens(conn: Connection, user_id: int) -> tuple[PersonalAccessToken, ...]:
    """A user's tokens that are not revoked, the newest first."""
    standing = table.c.user_id == user_id, table.c.revoked_at.is_(None)
    rows = conn.execute(select(*_COLUMNS).where(*standing).order_by(table.c.id.desc()))
    return tuple(_token(row) for row in rows)


def count(conn: Connection, user_id: int) -> int:
    """How many tokens a user has that are not revoked."""
    standing = table.c.user_id == user_id, table.c.revoked_at.is_(None)
    return conn.execute(select(func.count()).select_from(table).where(*standing)).scalar_one()


def note_use(conn: Connection, token_id: int, now: datetime) -> None:
    """Note when a token was last used."""
    conn.execute(update(table).where(table.c.id == token_id).values(last_used_at=now))


def revoke(conn: Connection, user_id: int, token_id: int, now: datetime) -> None:
    """Take back a user's own token; `NotFound` for anybody else's."""
    get(conn, user_id, token_id)
    standing = table.c.id == token_id, table.c.revoked_at.is_(None)
    conn.execute(update(table).where(*standing).values(revoked_at=now))


def revoke_all(conn: Connection, user_id: int, now: datetime) -> int:
    """Take back every token of a user; how many there were."""
    standing = table.c.user_id == user_id, table.c.revoked_at.is_(None)
    return conn.execute(update(table).where(*standing).values(revoked_at=now)).rowcount


def _token(row: Any) -> PersonalAccessToken:
    values: dict[str, Any] = {**row._asdict(), "scope": Scope(row.scope)}
    return PersonalAccessToken(**values)
