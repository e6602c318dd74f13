from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from uuid import uuid4

import pytest

from jupyter_roboflow.backend.http import HttpBackend, open_http
from jupyter_roboflow.backend.http.address import parse_address
from jupyter_roboflow.backend.http.client import Client
from jupyter_roboflow.backend.http.credentials import Token
from jupyter_roboflow.backend.http.retrying import TRIES
from tests.jupyter_server import TOKEN, JupyterServer

from .rough_line import RoughLine


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    running = JupyterServer(tmp_path_factory.mktemp("rough"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def direct(server: JupyterServer) -> Iterator[HttpBackend]:
    """A backend on a line that holds."""
    backend = open_http(server.url, TOKEN)
    yield backend
    backend.close()


@pytest.fixture
def line(server: JupyterServer) -> Iterator[RoughLine]:
    rough = RoughLine(server.url)
    yield rough
    rough.close()


class Opener(Protocol):
    """Opens a backend on the rough line, on connections of its own, of which there are none yet."""

    def __call__(self, tries: int = TRIES) -> HttpBackend: ...


@pytest.fixture
def open_on(line: RoughLine, direct: HttpBackend) -> Iterator[Opener]:
    opened: list[HttpBackend] = []

    def make(tries: int = TRIES) -> HttpBackend:
        client = Client(parse_address(line.url), Token(TOKEN), tries=tries)
        opened.append(HttpBackend(client, direct._settings))
        return opened[-1]

    yield make
    for backend in opened:
        backend.close()


@pytest.fixture
def dataset(direct: HttpBackend) -> int:
    return direct.create_dataset(f"rough {uuid4().hex[:12]}").id
