"""Accounts over a real database, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from jupyter_roboflow.backend.accounts import Accounts, Caller
from jupyter_roboflow.backend.installation import Installation
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.settings import Settings
from tests.storage.postgres import PostgresServer

PASSWORD = "correct horse battery"
HERE, THERE = "192.0.2.1", "198.51.100.7"

on_both = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
"""Once over SQLite and once over PostgreSQL: where two at the same moment matter."""


class Clock:
    """Stands still until it is moved; `steady` is what never jumps back."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
        self._steady = 0.0

    def __call__(self) -> datetime:
        return self.now

    def steady(self) -> float:
        return self._steady

    def pass_(self, seconds: float) -> None:
        """Time goes by."""
        self.now += timedelta(seconds=seconds)
        self._steady += seconds

    def jump(self, seconds: float) -> None:
        """Somebody sets the clock."""
        self.now += timedelta(seconds=seconds)


def quick_hasher(time_cost: int = 1) -> PasswordHasher:
    """argon2 as it is, with parameters for tests."""
    return PasswordHasher(time_cost=time_cost, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
def settings(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    home = tmp_path / "home"
    if kind == "sqlite":
        yield Settings.from_environment({}, data_dir=home)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    address = server.new_database()
    yield Settings.from_environment({}, data_dir=home, database_url=address)
    server.drop_database(address)


@pytest.fixture
def installation(settings: Settings) -> Iterator[Installation]:
    here = Installation(settings)
    here.database.migrate()
    yield here
    here.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(installation: Installation, clock: Clock) -> Accounts:
    return Accounts(installation, clock=clock, steady_clock=clock.steady, hasher=quick_hasher())


@pytest.fixture
def ada(accounts: Accounts) -> User:
    """The first user, so an administrator."""
    return accounts.register("ada", PASSWORD)


@pytest.fixture
def eve(accounts: Accounts, ada: User) -> User:
    """An annotator."""
    return accounts.register("eve", PASSWORD, by=ada)


def log_in(accounts: Accounts, username: str) -> Caller:
    return accounts.caller_of(accounts.login(username, PASSWORD, HERE).token)
