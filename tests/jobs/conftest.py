from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_roboflow.settings import Settings
from tests.jobs.office import GateWatch, Office, office_at
from tests.jobs.redis_server import RedisServer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Leases of two seconds, so that a dead worker is noticed soon."""
    return Settings(data_dir=tmp_path / "data", lease_seconds=2.0, heartbeat_seconds=0.4, queue="inline").completed()


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    with office_at(settings) as office:
        yield office


@pytest.fixture
def gate(tmp_path: Path) -> GateWatch:
    return GateWatch(tmp_path / "gate")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.close()


@pytest.fixture
def redis(redis_server: RedisServer) -> RedisServer:
    """A Redis that is empty and running at the start of the test."""
    redis_server.stop()
    redis_server.start()
    return redis_server
