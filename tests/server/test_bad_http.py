"""Requests that are wrong below JSON, over raw sockets: API-001 to 005, API-015 to 021, ACL-008, 010, 022."""

from __future__ import annotations

import json
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from jupyter_roboflow.backend import check_installation
from jupyter_roboflow.settings import Settings
from tests.jupyter_server import TOKEN, JupyterServer

pytestmark = pytest.mark.xdist_group("bad http")

SLOW_SECONDS = 4.0
SOCKET_SECONDS = 30.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder: Path = tmp_path_factory.mktemp("http")
    option = f"--ServerApp.tornado_settings={{'roboflow_slow_body_seconds': {SLOW_SECONDS}}}"
    running = JupyterServer(folder, option)
    yield running
    log = running.log()
    running.close()
    assert "Traceback" not in log, log[-3000:]
    assert check_installation(Settings.from_environment({}, data_dir=folder), deep=False).ok


@pytest.fixture(scope="module")
def client(server: JupyterServer) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"token {TOKEN}"}
    with httpx.Client(base_url=f"{server.url}roboflow/api/", timeout=60, headers=headers) as made:
        made.post("datasets", json={"name": "there"})
        yield made


@pytest.fixture(autouse=True)
def as_it_was(server: JupyterServer, client: httpx.Client) -> Iterator[None]:
    """After every test the server lives, and nothing was made. Asked on new connections: bad requests end theirs."""
    yield
    assert server.ask("health/live")[0] == 200
    assert [each["name"] for each in server.ask("datasets")[2]["items"]] == ["there"]


def _connect(server: JupyterServer, *headers: str, method: str = "POST", path: str = "datasets") -> socket.socket:
    """A connection on which the headers of a request are sent, and nothing of its body."""
    parts = urlsplit(server.url)
    connection = socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=SOCKET_SECONDS)
    lines = [f"{method} {parts.path}roboflow/api/{path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"Authorization: token {TOKEN}", "Content-Type: application/json", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    return connection


def _status(connection: socket.socket) -> int:
    """The status that is answered; 0 when the connection is closed without."""
    try:
        line = connection.recv(65536).split(b"\r\n")[0]
    except ConnectionError:
        return 0
    finally:
        connection.close()
    return int(line.split()[1]) if line else 0


@pytest.mark.parametrize("length", ["1000000000000", str(2**63), "9" * 40])
def test_api_001_a_body_that_says_it_is_huge_is_refused_at_once(server: JupyterServer, length: str) -> None:
    # One that waits for the body ends it after a while, without a word, or never.
    assert _status(_connect(server, f"Content-Length: {length}")) in (400, 413)


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: -1",),
        ("Content-Length: +5",),
        ("Content-Length: 5x",),
        ("Content-Length: 0x5",),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: gzip, chunked",),
        ("Transfer-Encoding: nonsense",),
    ],
    ids=lambda headers: " and ".join(headers),
)
def test_api_003_lengths_that_cannot_be_are_400(server: JupyterServer, headers: tuple[str, ...]) -> None:
    connection = _connect(server, *headers)
    connection.sendall(b"5\r\nabcde\r\n0\r\n\r\n")
    assert _status(connection) == 400


def test_api_005_slow_bodies_stop_nobody_and_end(server: JupyterServer, client: httpx.Client) -> None:
    slow = [_connect(server, "Content-Length: 100000") for _ in range(50)]
    for number in range(4):
        for each in slow:
            with suppress(ConnectionError):  # the first of them may be over already
                each.sendall(b" ")
        began = time.monotonic()
        assert client.get("datasets").status_code == 200, number
        assert time.monotonic() - began < SLOW_SECONDS, "others had to wait"
    for each in slow:
        assert _status(each) == 0, "a slow body was waited for"


def test_a_body_that_comes_quickly_enough_is_read(server: JupyterServer, client: httpx.Client) -> None:
    body = json.dumps({"name": "slowly", "metadata": {"text": "x" * 30_000}}).encode()
    connection = _connect(server, f"Content-Length: {len(body)}")
    for start in range(0, len(body), 2_000):
        connection.sendall(body[start : start + 2_000])
        time.sleep(0.3)
    assert _status(connection) == 201
    [made] = client.get("datasets", params={"search": "slowly"}).json()["items"]
    assert client.delete(f"datasets/{made['id']}").is_success


def test_api_005_slow_headers_stop_nobody(server: JupyterServer, client: httpx.Client) -> None:
    parts = urlsplit(server.url)
    slow = [socket.create_connection((str(parts.hostname), int(parts.port or 0))) for _ in range(50)]
    for each in slow:
        each.sendall(b"POST /")
    assert all(client.get("datasets", timeout=SOCKET_SECONDS).status_code == 200 for _ in range(10))
    for each in slow:
        each.close()


def test_api_001_memory_stays_flat_while_bodies_are_refused(server: JupyterServer, client: httpx.Client) -> None:
    process = psutil.Process(server.pid)
    client.get("datasets")
    before = process.memory_info().rss
    for _ in range(5):
        response = client.post("datasets", content=b" " * 60_000_000, headers={"Content-Type": "application/json"})
        assert response.status_code == 413
    assert process.memory_info().rss - before < 50_000_000


@pytest.mark.parametrize(
    "page", ["0", "-1", "1.5", "abc", "", "1e3", "10000000000", "1" + "0" * 30, "0x1", "１２", " 2"]
)
def test_api_015_a_page_that_cannot_be_is_400(client: httpx.Client, page: str) -> None:
    for where in ("datasets", "datasets/1/images", "datasets/1/audit", "jobs", "audit"):
        for name in ("page", "limit"):
            response = client.get(where, params={name: page})
            if page == " 2" and response.status_code == 200:
                continue
            assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_page"), (where, name)


def test_api_015_a_page_far_behind_the_last_is_empty(client: httpx.Client) -> None:
    for where in ("datasets", "datasets/1/images", "jobs", "audit"):
        response = client.get(where, params={"page": 10**9, "limit": 500})
        assert (response.status_code, response.json()["items"]) == (200, [])


@pytest.mark.parametrize("path", ["datasets", "datasets/1", "datasets/1/images", "users", "jobs", "auth/me"])
def test_a_number_against_caches_is_let_pass(client: httpx.Client, path: str) -> None:
    """Jupyter's own clients put it behind every address that is to be asked anew."""
    asked = client.get(path, params={"1700000000": ""})
    assert asked.status_code == 200 and asked.json() == client.get(path).json()
    assert client.get(f"{path}?1700000000").status_code == 200


@pytest.mark.parametrize("query", ["1700000000=1", "1700000000&1700000000=x", "17e9", "-1", "%C2%B2"])
def test_what_only_looks_like_that_number_is_400(client: httpx.Client, query: str) -> None:
    assert client.get(f"datasets?{query}").status_code == 400


@pytest.mark.parametrize("query", ["nonsense=1", "Page=1", "page=1&page=2", "limit=501", "page%00=1", "page=%ff"])
def test_api_017_a_query_parameter_that_is_not_known_is_400(client: httpx.Client, query: str) -> None:
    for where in ("datasets", "datasets/1/images", "jobs"):
        assert client.get(f"{where}?{query}").status_code == 400, where
    assert client.get("datasets/1?fields=all").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        *("datasets/", "datasets//1", "//datasets", "datasets/1/", "datasets/1%2f", "datasets/%2f1", "datasets/1%00"),
        *(
            "datasets/..%2f..%2fetc%2fpasswd",
            "../../files/x",
            "datasets/%2e%2e",
            "datasets/1/images/",
            "docs/..%2fdocs.js",
        ),
        *("docs/%2e%2e%2fextension.py", "docs/docs.html", "datasets/%ff", "datasets/1;x=1", "DATASETS"),
        *("datasets/0", "datasets/-1", "datasets/01", "datasets/1e0", "datasets/1.0", "datasets/+1", "datasets/１"),
        *(
            "datasets/9223372036854775808",
            "datasets/2147483648",
            "datasets/1 or 1=1",
            "datasets/{1}",
            "datasets/" + "9" * 5000,
        ),
    ],
)
def test_api_019_acl_010_odd_paths_are_404_and_never_a_file(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (400, 404), response.text[:200]
    assert "root:" not in response.text and "import" not in response.text
    assert len(response.content) < 10_000


def test_api_021_a_save_that_names_no_revision_is_428(client: httpx.Client) -> None:
    whole = {"annotations": []}
    for headers in ({}, {"If-Match": ""}):
        response = client.put("images/1/annotations", json=whole, headers=headers)
        assert (response.status_code, response.json()["error"]["code"]) == (428, "revision_required")
    for nonsense in ("abc", "-1", "1.5", '"', "9" * 11, 'W/"1"', "1, 2"):
        response = client.put("images/1/annotations", json=whole, headers={"If-Match": nonsense})
        assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_revision"), nonsense


@pytest.mark.parametrize(
    "sort", ["id;drop table images", "(select 1)", "path", "-", "--id", "id,filename", "owner", "' or 1"]
)
def test_acl_008_a_sort_that_is_not_listed_is_400(client: httpx.Client, sort: str) -> None:
    response = client.get("datasets/1/images", params={"sort": sort})
    assert response.status_code == 400, response.text
    assert client.get("datasets").json()["total"] >= 1


def test_acl_022_no_error_tells_of_the_inside(client: httpx.Client) -> None:
    said = [
        client.get("datasets/999").text,
        client.get("datasets/1/images?sort=x").text,
        client.post("datasets", content=b"{").text,
        client.post("datasets/1/export", json={"format": "../../etc"}).text,
        client.post("datasets/1/labels", json={"name": "'; DROP TABLE labels; --", "color": "red"}).text,
        client.request("TRACE", "datasets").text,
    ]
    for text in said:
        for inside in (
            "Traceback",
            'File "',
            "sqlite",
            "SELECT",
            "sqlalchemy",
            "site-packages",
            ".py",
            tempfile.gettempdir(),
        ):
            assert inside not in text, text


def test_an_unknown_method_is_405_or_501(server: JupyterServer) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND", "get", "X" * 100):
        assert _status(_connect(server, method=method)) in (0, 400, 405, 501), method
