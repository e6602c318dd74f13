"""Users as rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..domain.dataset import clean_name
from ..domain.errors import Conflict, NotFound
from ..domain.user import Role, User
from .database import Connection
from .tables import name_key
from .tables import users as table

_COLUMNS = (table.c.id, table.c.username, table.c.role)


def create(conn: Connection, username: str, role: Role, password_hash: str | None = None) -> User:
    """A new user; `Conflict` (`name_taken`) when somebody is called that, whatever the case."""
    name = clean_name(username, "user")
    if by_name(conn, name) is not None:
        raise Conflict(f"There is a user {name!r} already: choose another name.", code="name_taken")
    values = {"username": name, "username_key": name_key(name), "password_hash": password_hash}
    values |= {"role": role.value, "created_at": datetime.now(UTC)}
    key = conn.execute(insert(table).values(values)).inserted_primary_key
    assert key is not None
    return User(key[0], name, role)


def ensure(conn: Connection, username: str, role: Role) -> User:
    """The user of that name, made with this role when there is none. An existing role is not changed."""
    found = by_name(conn, username)
    if found is not None:
        return found
    try:
        with conn.begin_nested():
            return create(conn, username, role)
    except (IntegrityError, Conflict):
        found = by_name(conn, username)
        assert found is not None
        return found


def get(conn: Connection, user_id: int) -> User:
    """The user of that id; `NotFound` when there is none."""
    row = conn.execute(select(*_COLUMNS).where(table.c.id == user_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no user {user_id}.")
    return _user(row)


def by_name(conn: Connection, username: str) -> User | None:
    """The user of that name in any case, or None."""
    row = conn.execute(select(*_COLUMNS).where(table.c.username_key == name_key(username))).one_or_none()
    return None if row is None else _user(row)


def list_users(conn: Connection) -> tuple[User, ...]:
    """Every user, by name."""
    return tuple(_user(row) for row in conn.execute(select(*_COLUMNS).order_by(table.c.username_key)))


def set_role(conn: Connection, user_id: int, role: Role) -> User:
    """The user with a new role on the installation."""
    conn.execute(update(table).where(table.c.id == user_id).values(role=role.value))
    return get(conn, user_id)


def count(conn: Connection) -> int:
    """How many users there are."""
    return conn.execute(select(func.count()).select_from(table)).scalar_one()


def _user(row: Any) -> User:
    return User(row.id, row.username, Role(row.role))
