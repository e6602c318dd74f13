"""What the extension does to the Jupyter server it lives in, and to that server's kernels."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import jwt
import psutil
import pytest

from jupyter_roboflow.backend.accounts.secret import derive_key
from tests.jupyter_server import TOKEN, JupyterServer

pytestmark = pytest.mark.xdist_group("hosting server")

SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
SLOW_SECONDS = 2.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder: Path = tmp_path_factory.mktemp("secret")
    option = f"--ServerApp.tornado_settings={{'roboflow_slow_headers_seconds': {SLOW_SECONDS}}}"
    running = JupyterServer(folder, option, environment={"ROBOFLOW_JWT_SECRET": SECRET})
    yield running
    running.close()


def test_the_secret_of_the_server_is_not_in_its_kernels(server: JupyterServer) -> None:
    person = {"username": "ann", "password": "a long pass phrase"}
    assert server.ask("auth/register", "POST", body=person)[0] == 201
    status, _, session = server.ask("auth/login", "POST", body=person)
    assert status == 200 and not (server.folder / "jwt_secret").exists()
    assert jwt.decode(session["token"], derive_key(SECRET.encode(), "access token"), ["HS256"])["iss"]
    header = {"Authorization": f"token {TOKEN}"}
    with httpx.Client(base_url=server.url, headers=header, timeout=60) as jupyter:
        kernel = jupyter.post("api/kernels", json={"name": "python3"})
        assert kernel.status_code == 201, kernel.text
        children = psutil.Process(server.pid).children(recursive=True)
        kernels = [each for each in children if "ipykernel" in " ".join(each.cmdline())]
        assert kernels
        for each in kernels:
            environment = each.environ()
            assert environment["ROBOFLOW_DATA_DIR"] == str(server.folder)
            assert "ROBOFLOW_JWT_SECRET" not in environment and SECRET not in str(environment)
        jupyter.delete(f"api/kernels/{kernel.json()['id']}")


def test_api_005_slow_headers_are_not_waited_for(server: JupyterServer) -> None:
    parts = urlsplit(server.url)
    began = time.monotonic()
    slow = [socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=30) for _ in range(20)]
    lines = f"GET {parts.path}roboflow/api/health/live HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    for each in slow:
        each.sendall(lines.encode())
    for each in slow:
        with each, suppress(ConnectionError):
            assert each.recv(100) == b"", "it waits for the rest of the headers"  # for longer than a socket here does
    assert time.monotonic() - began > SLOW_SECONDS / 2
    assert server.ask("health/live")[0] == 200
