from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.settings import Settings
from tests.jobs.cells import DEMO, RECIPE, Cells, cells_in
from tests.jobs.office import LEASE_SECONDS, GateWatch, Office, office_at
from tests.jobs.redis_server import RedisServer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Looks every now and then for what waits; leases do not end by themselves."""
    return Settings(
        data_dir=tmp_path / "data", lease_seconds=LEASE_SECONDS, heartbeat_seconds=0.4, queue="inline"
    ).completed()


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    with office_at(settings) as office:
        yield office


@pytest.fixture
def gate(tmp_path: Path) -> GateWatch:
    return GateWatch(tmp_path / "gate")


@pytest.fixture
def gate_folder(tmp_path: Path) -> Path:
    """Parts of versions wait until there is a file `open` in it."""
    folder = tmp_path / "gate"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def source() -> Path:
    """The annotated pictures that versions are made of."""
    return DEMO


@pytest.fixture
def cells(tmp_path: Path, source: Path) -> Iterator[Cells]:
    made = cells_in(tmp_path / "data", source)
    yield made
    made.backend.close()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, source: Path) -> str:
    """The content hash of the version, made by one process alone."""
    cells = cells_in(tmp_path_factory.mktemp("alone"), source)
    job = cells.backend.create_version(cells.dataset, RECIPE)
    assert job.state is JobState.SUCCEEDED, job.error
    cells.backend.close()
    return cells.content(job)


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
