"""One Backend after another: every test of the contract runs on each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image as Pillow

from jupyter_roboflow.backend import Backend, open_backend
from jupyter_roboflow.backend.http import HttpBackend, open_http
from jupyter_roboflow.domain.dataset import Image
from jupyter_roboflow.domain.user import Role
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage import users
from jupyter_roboflow.storage.database import Connection, Database
from tests.jupyter_server import TOKEN, JupyterServer
from tests.storage.postgres import PostgresServer

PASSWORD = "a long enough pass phrase"


@dataclass
class Place:
    """A Backend of an administrator, and those of other people on the same installation, made when asked for.

    `rows` opens a transaction on its database, for what only another version would write.
    """

    name: str
    admin: Backend
    other: Callable[[str], Backend]
    rows: Callable[[], AbstractContextManager[Connection]]


def _local(name: str, **settings: object) -> Iterator[Place]:
    admin = open_backend(Settings.from_environment({}, **settings))

    def other(username: str) -> Backend:
        with admin.installation.database.write() as conn:
            return admin.acting_as(users.create(conn, username, Role.ANNOTATOR))

    yield Place(name, admin, other, admin.installation.database.write)
    admin.close()


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from _local("sqlite", data_dir=tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    server = PostgresServer()
    try:
        folder = tmp_path_factory.mktemp("postgresql")
        yield from _local("postgresql", data_dir=folder, database_url=server.new_database())
    finally:
        server.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """A real Jupyter server with the extension, for all tests."""
    server = JupyterServer(tmp_path_factory.mktemp("contract"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def http_place(running: JupyterServer) -> Iterator[Place]:
    admin = open_http(running.url, TOKEN)
    opened: list[HttpBackend] = []

    def other(username: str) -> Backend:
        body = {"username": username, "password": PASSWORD, "role": "annotator"}
        admin._client.send("POST", "auth/register", body=body)
        opened.append(open_http(running.url, username=username, password=PASSWORD))
        return opened[-1]

    settings = Settings.from_environment({}, data_dir=running.folder)
    database = Database(settings.database_url)
    yield Place("http", admin, other, database.write)
    for backend in (*opened, admin):
        backend.close()
    database.close()


@pytest.fixture(params=["sqlite", "postgresql", "http"])
def place(request: pytest.FixtureRequest) -> Place:
    return request.getfixturevalue(f"{request.param}_place")


@pytest.fixture
def backend(place: Place) -> Backend:
    return place.admin


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return f"cells {uuid4().hex[:12]}"


@pytest.fixture
def dataset(backend: Backend, name: str) -> int:
    return backend.create_dataset(name).id


def pixels(seed: int, width: int = 40, height: int = 30) -> np.ndarray:
    """A small picture that differs from every other seed's."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def write_pictures(folder: Path, count: int, first: int = 0) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"picture-{number:03d}.png" for number in range(first, first + count)]
    for number, path in enumerate(paths, first):
        Pillow.fromarray(pixels(number, 40 + number, 30)).save(path)
    return paths


@pytest.fixture
def three(backend: Backend, dataset: int, tmp_path: Path) -> list[Image]:
    """Three images of 40, 41 and 42 by 30 pixels, with labels cat and dog in the dataset."""
    for label in ("cat", "dog"):
        backend.add_label(dataset, label)
    backend.upload(dataset, write_pictures(tmp_path / "three", 3))
    return list(backend.images(dataset).items)
