from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.storage import datasets, users
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore
from tests.storage import sql_server
from tests.storage.postgres import PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{(tmp_path / 'home' / 'roboflow.db').as_posix()}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    address = server.new_database()
    yield address
    server.drop_database(address)


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    """A database with its tables. What is asked of SQLite is put into SQL Server's words as well."""
    database = Database(url)
    database.migrate()
    if database.is_sqlite:
        sql_server.watch(database)
    yield database
    database.close()


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    return ImageStore(str(tmp_path / "home" / "store"))


@pytest.fixture
def ada(db: Database) -> User:
    with db.write() as conn:
        return users.create(conn, "ada", Role.ADMIN)


@pytest.fixture
def cells(db: Database, ada: User) -> Dataset:
    with db.write() as conn:
        return datasets.create(conn, ada, "cells")
