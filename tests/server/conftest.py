from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.jupyter_server import JupyterServer
from tests.server.bytes_place import BytesPlace, open_bytes_place


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """One server for all tests."""
    running = JupyterServer(tmp_path_factory.mktemp("server"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """One that refuses anonymous requests by itself, as administrators may set it."""
    running = JupyterServer(tmp_path_factory.mktemp("strict"), "--ServerApp.allow_unauthenticated_access=False")
    yield running
    running.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BytesPlace]:
    """A server with bytes to fetch, one a module; what is left behind at its end is looked at."""
    with open_bytes_place(tmp_path_factory.mktemp("files")) as made:
        yield made
        made.assert_sound()


@pytest.fixture(scope="module")
def picture(place: BytesPlace) -> bytes:
    return place.picture()


@pytest.fixture(scope="module")
def image(place: BytesPlace, picture: bytes) -> int:
    return place.image(data=picture)


@pytest.fixture(scope="module")
def export(place: BytesPlace) -> int:
    dataset = place.dataset()
    place.image(dataset)
    return place.exported(dataset, options={"include_unlabeled": True})
