"""Sessions as rows: the refresh tokens of one login are one family, of which only the last may still be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from .database import Connection
from .tables import refresh_tokens as table


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token as it is kept: by its hash."""

    id: int
    user_id: int
    family: str
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def add(
    conn: Connection, user_id: int, family: str, token_hash: str, *, created_at: datetime, expires_at: datetime
) -> None:
    """The next token of a family, or the first of a new one."""
    values = {"user_id": user_id, "family": family, "token_hash": token_hash}
    conn.execute(insert(table).values({**values, "created_at": created_at, "expires_at": expires_at}))


def find(conn: Connection, token_hash: str) -> RefreshToken | None:
    """The token with that hash, whatever became of it, or None."""
    columns = table.c.id, table.c.user_id, table.c.family, table.c.expires_at, table.c.used_at, table.c.revoked_at
    row = conn.execute(select(*columns).where(table.c.token_hash == token_hash)).one_or_none()
    return None if row is None else RefreshToken(*row)


def use(conn: Connection, token_id: int, now: datetime) -> bool:
    """Spend a token. Of several who try, one is told True."""
    fresh = table.c.id == token_id, table.c.used_at.is_(None), table.c.revoked_at.is_(None)
    return conn.execute(update(table).where(*fresh).values(used_at=now)).rowcount == 1


def is_live(conn: Connection, user_id: int, family: str, now: datetime) -> bool:
    """Whether this login still stands: neither logged out, nor revoked, nor over."""
    wanted = table.c.family == family, table.c.user_id == user_id, table.c.revoked_at.is_(None)
    query = select(table.c.id).where(*wanted, table.c.used_at.is_(None), table.c.expires_at > now).limit(1)
    return conn.execute(query).first() is not None


def revoke_family(conn: Connection, family: str, now: datetime) -> int:
    """End one login; how many tokens that were still good it took."""
    return _revoke(conn, table.c.family == family, now)


def revoke_all(conn: Connection, user_id: int, now: datetime) -> int:
    """End every login of a user; how many tokens that were still good it took."""
    return _revoke(conn, table.c.user_id == user_id, now)


def delete_expired(conn: Connection, user_id: int, now: datetime) -> None:
    """Forget the tokens of a user that are past their time."""
    conn.execute(delete(table).where(table.c.user_id == user_id, table.c.expires_at < now))


def _revoke(conn: Connection, which: ColumnElement[bool], now: datetime) -> int:
    standing = which, table.c.revoked_at.is_(None)
    return conn.execute(update(table).where(*standing).values(revoked_at=now)).rowcount
