"""Users as rows: the people who may ask for something, and what proves that it is them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case, column, false, func, insert, or_, select, update
from sqlalchemy import table as sql_table
from sqlalchemy.exc import IntegrityError

from ..domain.dataset import clean_name
from ..domain.errors import Conflict, NotFound
from ..domain.user import Account, Role, User
from .database import Connection
from .tables import datasets, name_key
from .tables import users as table

LOCAL = "local"
"""Name and identity of the owner of a single-user installation."""

_COLUMNS = (table.c.id, table.c.username, table.c.role)
_ACCOUNT_COLUMNS = (
    *_COLUMNS, table.c.created_at, table.c.disabled, table.c.identity, table.c.token_version, table.c.identity_since,
    table.c.unconfirmed_since,
)  # fmt: skip
_HAS_PASSWORD = case((table.c.password_hash.is_not(None), 1), else_=0)  # SQL Server has no truth values to select
_SCHEMA_ROW = sql_table("alembic_version", column("version_num"))


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login is compared with."""

    account: Account
    password_hash: str | None


def create(
    conn: Connection,
    username: str,
    role: Role,
    password_hash: str | None = None,
    identity: str | None = None,
    identity_since: datetime | None = None,
) -> User:
    """A new user; `Conflict` (`name_taken`) when somebody is called that, whatever the case."""
    name = clean_name(username, "user")
    if by_name(conn, name) is not None:
        raise Conflict(f"There is a user {name!r} already: choose another name.", code="name_taken")
    values: dict[str, Any] = {"username": name, "username_key": name_key(name), "password_hash": password_hash}
    values |= {"role": role.value, "created_at": datetime.now(UTC), "identity": identity}
    values |= {"identity_since": identity_since}
    values |= {"token_version": 0, "disabled": False}
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


def ensure_local(conn: Connection) -> User:
    """The owner of a single-user installation, an administrator; made on first use. Nobody else can get the name."""
    user = ensure(conn, LOCAL, Role.ADMIN)
    unnamed = (table.c.id == user.id) & table.c.identity.is_(None)
    conn.execute(update(table).where(unnamed).values(identity=LOCAL))
    return user


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


def count(conn: Connection) -> int:
    """How many users there are."""
    return conn.execute(select(func.count()).select_from(table)).scalar_one()


# accounts


def account(conn: Connection, user_id: int) -> Account | None:
    """The account of that id, or None."""
    row = conn.execute(_accounts().where(table.c.id == user_id)).one_or_none()
    return None if row is None else _account(row)


def account_of_identity(conn: Connection, identity: str) -> Account | None:
    """Who of another system this is, or None when nobody has met them yet."""
    row = conn.execute(_accounts().where(table.c.identity == identity)).one_or_none()
    return None if row is None else _account(row)


def list_accounts(conn: Connection) -> tuple[Account, ...]:
    """Every account, by name."""
    return tuple(_account(row) for row in conn.execute(_accounts().order_by(table.c.username_key)))


def credentials(conn: Connection, username: str) -> Credentials | None:
    """What a login under that name (in any case) is compared with, or None."""
    query = _accounts().add_columns(table.c.password_hash).where(table.c.username_key == name_key(username))
    row = conn.execute(query).one_or_none()
    return None if row is None else Credentials(_account(row), row.password_hash)


def lock_user(conn: Connection, user_id: int) -> None:
    """Until this transaction ends nobody else changes this user or their sessions."""
    query = select(table.c.id).where(table.c.id == user_id).with_for_update()
    conn.execute(query.with_hint(table, "WITH (UPDLOCK, ROWLOCK)", "mssql"))


def lock_all(conn: Connection) -> None:
    """Until this transaction ends nobody else decides who is first or last: one row that is always there is locked."""
    query = select(_SCHEMA_ROW.c.version_num).with_for_update()
    conn.execute(query.with_hint(_SCHEMA_ROW, "WITH (UPDLOCK, ROWLOCK)", "mssql"))


def has_people(conn: Connection) -> bool:
    """Whether there is any user but the local owner."""
    people = select(table.c.id).where(or_(table.c.identity.is_(None), table.c.identity != LOCAL)).limit(1)
    return conn.execute(people).first() is not None


def is_unclaimed(conn: Connection) -> bool:
    """Whether the installation belongs to nobody: no user, or only a local owner without a dataset."""
    return not has_people(conn) and conn.execute(select(datasets.c.id).limit(1)).first() is None


def other_admins(conn: Connection, user_id: int) -> tuple[Account, ...]:
    """The administrators who are not disabled, but for this one."""
    wanted = table.c.role == Role.ADMIN.value, table.c.disabled == false(), table.c.id != user_id
    return tuple(_account(row) for row in conn.execute(_accounts().where(*wanted).order_by(table.c.id)))


def set_role(conn: Connection, user_id: int, role: Role) -> User:
    """The user with a new role on the installation; what was signed for them before is no longer good."""
    _change(conn, user_id, role=role.value, token_version=table.c.token_version + 1)
    return get(conn, user_id)


def set_disabled(conn: Connection, user_id: int, disabled: bool) -> None:
    """Shut somebody out, or let them in again; what was signed for them before is no longer good."""
    _change(conn, user_id, disabled=disabled, token_version=table.c.token_version + 1)


def set_password(conn: Connection, user_id: int, password_hash: str) -> None:
    """A new password; what was signed for the user before is no longer good."""
    _change(conn, user_id, password_hash=password_hash, token_version=table.c.token_version + 1)


def replace_hash(conn: Connection, user_id: int, old: str, new: str) -> bool:
    """The same password hashed anew; False when it was changed meanwhile."""
    unchanged = (table.c.id == user_id) & (table.c.password_hash == old)
    return conn.execute(update(table).where(unchanged).values(password_hash=new)).rowcount == 1


def raise_token_version(conn: Connection, user_id: int) -> None:
    """What was signed for the user so far is no longer good."""
    _change(conn, user_id, token_version=table.c.token_version + 1)


def release_identity(conn: Connection, user_id: int) -> None:
    """From now on whoever comes from the other system under that name is somebody else."""
    _change(conn, user_id, identity=None, identity_since=None, unconfirmed_since=None)


def set_identity_since(conn: Connection, user_id: int, since: datetime | None, unconfirmed: datetime | None) -> None:
    """Since when the other system knows the user, and since when it knows whoever comes under the name unconfirmed."""
    _change(conn, user_id, identity_since=since, unconfirmed_since=unconfirmed)


def _change(conn: Connection, user_id: int, **values: Any) -> None:
    conn.execute(update(table).where(table.c.id == user_id).values(**values))


def _accounts() -> Any:
    return select(*_ACCOUNT_COLUMNS, _HAS_PASSWORD.label("has_password"))


def _user(row: Any) -> User:
    return User(row.id, row.username, Role(row.role))


def _account(row: Any) -> Account:
    return Account(
        user=_user(row),
        created_at=row.created_at,
        disabled=row.disabled,
        identity=row.identity,
        has_password=bool(row.has_password),
        token_version=row.token_version,
        identity_since=row.identity_since,
        unconfirmed_since=row.unconfirmed_since,
    )
