"""A database: its engine, its transactions, its schema. All SQL errors that people can meet leave here as our own."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from ..domain.errors import BackendUnavailable, Conflict, Invalid
from .engines import hold_engine, release_engine
from .tables import SCHEMA

Connection: TypeAlias = sqlalchemy.Connection

BUSY_MILLISECONDS = 10_000
"""How long a writer waits for another on SQLite."""


_POOL: dict[str, Any] = {"pool_size": 20, "max_overflow": 12}
"""Connections are made when they are needed; as many as a server has threads stay, so that none waits for a new one."""

_AWAY = ("database_unavailable", "check that it runs and can be reached, then try again")
_SIGNS = {
    "disk is full": ("storage_full", "free some space, then try again; what was saved before is whole"),
    "No space left": ("storage_full", "free some space, then try again; what was saved before is whole"),
    "readonly database": ("database_read_only", "give this user the right to write the file and its folder"),
    "locked": ("database_busy", "another process keeps it to itself; try again in a moment"),
}
"""What databases say of themselves, and what that means for people."""


class Database:
    """One database by its SQLAlchemy URL; connections are made when needed. Safe in threads; a fork gets its own."""

    def __init__(self, url: str) -> None:
        try:
            self._url = make_url(url)
            self.is_sqlite = self._url.get_backend_name() == "sqlite"
        except ArgumentError as error:
            raise Invalid(
                f"ROBOFLOW_DATABASE_URL={url!r} is no database URL: write it as in sqlite:////data/roboflow.db or "
                "postgresql+psycopg://user@host/name.",
                code="bad_setting",
            ) from error
        self._key = self._url.render_as_string(hide_password=False)
        self._engine: Engine | None = None
        self._pid = 0
        self._opening = threading.Lock()

    @property
    def title(self) -> str:
        """The URL without its password, for messages."""
        return self._url.render_as_string(hide_password=True)

    @property
    def engine(self) -> Engine:
        """The engine of this process; a forked child gets its own."""
        with self._opening:
            if self._engine is None or self._pid != os.getpid():
                self._engine, self._pid = hold_engine(self._key, self._make_engine), os.getpid()
            return self._engine

    def _make_engine(self) -> Engine:
        try:
            if self.is_sqlite:
                return self._sqlite_engine()
            if self._url.get_backend_name() == "mssql":
                return create_engine(
                    self._url, pool_pre_ping=True, use_insertmanyvalues=False, use_setinputsizes=False, **_POOL
                )
            return create_engine(self._url, pool_pre_ping=True, **_POOL)
        except (NoSuchModuleError, ModuleNotFoundError, ArgumentError) as error:
            raise Invalid(f"{self.title}: {error}. Check ROBOFLOW_DATABASE_URL.", code="bad_setting") from error

    def _sqlite_engine(self) -> Engine:
        if self._url.database:
            make_private_folder(Path(self._url.database).parent)
        engine = create_engine(self._url, connect_args={"timeout": BUSY_MILLISECONDS / 1000}, **_POOL)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction for reading."""
        with self._transaction("read") as conn:
            yield conn

    @contextmanager
    def snapshot(self) -> Generator[Connection]:
        """A transaction for reading that sees one state of the database however long it takes."""
        with self._transaction("snapshot") as conn:
            yield conn

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A transaction for writing: kept when the block ends, undone when it raises.

        Refused (`schema_newer`, `schema_outdated`) when the schema is not the one this code was written for.
        """
        with self._transaction("write") as conn:
            self._check_schema(conn)
            yield conn

    def _check_schema(self, conn: Connection) -> None:
        try:
            revision = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except (OperationalError, ProgrammingError) as error:
            if error.connection_invalidated or "alembic_version" not in str(error.orig):
                raise
            revision = None
        if revision != SCHEMA:
            from .migrations.run import check_known

            check_known(revision, self.title)
            raise BackendUnavailable(
                f"The database {self.title} has no tables of this version yet: run `jupyter roboflow db upgrade`.",
                code="schema_outdated",
            )

    @contextmanager
    def _transaction(self, mode: str) -> Generator[Connection]:
        options: dict[str, Any] = {"roboflow_mode": mode}
        if mode == "snapshot" and not self.is_sqlite:
            options["isolation_level"] = "REPEATABLE READ" if self._url.get_backend_name() != "mssql" else "SNAPSHOT"
        try:
            with self.engine.connect().execution_options(**options) as conn, conn.begin():
                yield conn
        except (OperationalError, InterfaceError) as error:
            raise self._unavailable(error) from error
        except IntegrityError as error:
            raise Conflict("Somebody did the same at the same moment; nothing was changed. Try again.") from error
        except DataError as error:
            raise Invalid(f"The database cannot hold a value: {error.orig}.", code="bad_value") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise self._unavailable(error) from error
            raise

    def _unavailable(self, error: DBAPIError) -> BackendUnavailable:
        said = str(error.orig)
        code, advice = next((told for sign, told in _SIGNS.items() if sign in said), _AWAY)
        return BackendUnavailable(f"The database {self.title} does not answer ({said}): {advice}.", code=code)

    def schema_revision(self) -> str | None:
        """The migration that the database is at; None for an empty one. Makes no file."""
        from .migrations.run import current_revision

        if self.is_sqlite and self._url.database and not Path(self._url.database).exists():
            return None
        with self.read() as conn:
            return current_revision(conn)

    def require_current_schema(self) -> None:
        """Raise `BackendUnavailable` unless the schema is the one this code was written for."""
        from .migrations.run import check_known, newest_revision

        revision = self.schema_revision()
        check_known(revision, self.title)
        if revision != newest_revision():
            raise BackendUnavailable(
                f"The database {self.title} has the schema {revision or 'of nothing'}, this version needs "
                f"{newest_revision()}: run `jupyter roboflow db upgrade` once, then start again.",
                code="schema_older",
            )

    def migrate(self) -> None:
        """Bring the schema up to date. Two processes that start together do it once; a newer schema is refused."""
        from .migrations.run import upgrade

        with self._transaction("write") as conn:
            upgrade(conn, self.title)

    def close(self) -> None:
        """Let go of the connections, unless others in this process hold the same database."""
        with self._opening:
            if self._engine is not None:
                self._engine = None
                release_engine(self._key)


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, so that only their owner may enter."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(conn: Connection) -> None:
    mode = conn.get_execution_options().get("roboflow_mode", "write")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if mode == "write" else "BEGIN")
