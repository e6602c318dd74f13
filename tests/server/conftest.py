from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.jupyter_server import JupyterServer


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
