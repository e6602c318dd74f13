"""A picture from the web comes from allowed hosts only, and never from inside the network by a trick."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jupyter_roboflow.ingest import DecodePool, Outcome, open_sources, urls
from jupyter_roboflow.settings import Settings
from tests.ingest import pictures as make

Fetch = Callable[..., Outcome]


class Site(BaseHTTPRequestHandler):
    """A small web site; `seen` are the paths that were asked for."""

    seen: list[str]
    pages: dict[str, tuple[int, dict[str, str], bytes]]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        status, headers, body = self.pages.get(self.path, (404, {}, b"nothing here"))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:  # the client had enough
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[type[Site], str]]:
    kind = type("ThisSite", (Site,), {"seen": [], "pages": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield kind, f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch(pool: DecodePool, tmp_path: Path) -> Fetch:
    def run(url: str, *allowed: str, **settings: Any) -> Outcome:
        chosen = Settings(url_allow_list=allowed, **settings)
        (outcome,) = pool.map(open_sources(url, chosen, tmp_path))
        assert bool(list(tmp_path.iterdir())) == bool(outcome.picture)
        return outcome

    return run


def code(outcome: Outcome) -> str:
    return outcome.error.code if outcome.error else ""


def test_a_picture_of_an_allowed_service(fetch: Fetch, site: tuple[type[Site], str]) -> None:
    kind, host = site
    kind.pages["/a/my%20photo.jpg?size=1"] = 200, {"Content-Type": "text/html"}, make.jpeg()
    outcome = fetch(f"http://{host}/a/my%20photo.jpg?size=1#top", host)
    assert outcome.picture
    assert outcome.filename == "my photo.jpg"
    assert outcome.picture.path.read_bytes() == make.jpeg()


def test_without_an_allow_list_nothing_is_fetched(fetch: Fetch, site: tuple[type[Site], str]) -> None:
    kind, host = site
    assert code(fetch(f"http://{host}/a.jpg")) == "url_forbidden"
    assert kind.seen == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_the_own_machine_by_any_of_its_names(fetch: Fetch, site: tuple[type[Site], str], address: str) -> None:
    kind, host = site
    port = host.partition(":")[2]
    bare = address.strip("[]")
    for allowed in ((), ("pics.example.org",), (bare,), ("*",), (f"{bare}:80",)):
        outcome = fetch(f"http://{address}:{port}/a.jpg", *allowed)
        assert code(outcome) == "url_forbidden"
        assert code(fetch(f"http://{address}/a.jpg", bare)) in ("url_forbidden", "url_failed")
    assert kind.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://user:secret@pics.example.org/a.jpg",
        "http:///a.jpg",
        "http://pics.example.org:99999/a.jpg",
        "http://pics.example.org:8080/a.jpg",
        "http://[::1/a.jpg",
        "http://evil.example/pics.example.org",
        "http://pics.example.org.evil.example/a.jpg",
        "http://xpics.example.org/a.jpg",
    ],
)
def test_addresses_made_to_confuse(fetch: Fetch, url: str) -> None:
    assert code(fetch(url, "pics.example.org")) == "url_forbidden"


def test_only_web_addresses_are_addresses(pool: DecodePool, tmp_path: Path) -> None:
    for url in ("ftp://pics.example.org/a.jpg", "file:///etc/passwd", "gopher://pics.example.org/"):
        outcomes = list(pool.map(open_sources([url], Settings(url_allow_list=("pics.example.org",)), tmp_path)))
        assert code(outcomes[0]) == "source_not_found"


def pretend(monkeypatch: pytest.MonkeyPatch, answers: list[list[str]]) -> list[str]:
    """Let names resolve to the given addresses in turn; returns what is connected to."""
    connected: list[str] = []

    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(urls.socket, "getaddrinfo", lookup)
    monkeypatch.setattr(urls.socket, "create_connection", connect)
    return connected


def test_a_name_that_points_inside_the_network(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("10.0.0.1", "169.254.169.254", "192.168.1.1", "127.0.0.1", "0.0.0.0", "100.64.0.1", "224.0.0.1"):
        connected = pretend(monkeypatch, [["93.184.216.34", address]])
        assert code(fetch("http://pics.example.org/a.jpg", "pics.example.org")) == "url_forbidden"
        assert connected == []


def test_the_address_that_was_vetted_is_the_one_connected_to(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    connected = pretend(monkeypatch, [["93.184.216.34"], ["127.0.0.1"]])
    assert code(fetch("http://a.pics.example.org/a.jpg", "*.pics.example.org")) == "url_failed"
    assert connected == ["93.184.216.34"]


@pytest.mark.parametrize(
    "address, public",
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("240.0.0.1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert urls.is_public(ipaddress.ip_address(address)) == public


def test_redirects_stay_on_their_host(fetch: Fetch, site: tuple[type[Site], str]) -> None:
    kind, host = site
    port = host.partition(":")[2]
    kind.pages["/there"] = 302, {"Location": "/a.jpg"}, b""
    kind.pages["/a.jpg"] = 200, {}, make.jpeg()
    kind.pages["/away"] = 302, {"Location": f"http://localhost:{port}/a.jpg"}, b""
    kind.pages["/other-port"] = 302, {"Location": "http://127.0.0.1:1/a.jpg"}, b""
    kind.pages["/file"] = 302, {"Location": "file:///etc/passwd"}, b""
    kind.pages["/round"] = 302, {"Location": "/round"}, b""
    kind.seen.clear()
    for path in ("/away", "/other-port", "/file"):
        assert code(fetch(f"http://{host}{path}", host, f"localhost:{port}")) == "url_forbidden"
    assert kind.seen == ["/away", "/other-port", "/file"]
    assert code(fetch(f"http://{host}/round", host)) == "url_failed"
    assert fetch(f"http://{host}/there", host).picture


def test_too_much_too_slow_cut_off_and_missing(
    fetch: Fetch, site: tuple[type[Site], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, host = site
    kind.pages["/big.jpg"] = 200, {}, make.jpeg() * 400
    kind.pages["/cut.jpg"] = 200, {"Content-Length": "999999", "Connection": "close"}, make.jpeg()
    assert code(fetch(f"http://{host}/big.jpg", host, max_image_bytes=100_000)) == "image_too_large"
    assert code(fetch(f"http://{host}/cut.jpg", host)) == "url_failed"
    assert code(fetch(f"http://{host}/none.jpg", host)) == "url_failed"
    monkeypatch.setattr(urls, "URL_SECONDS", 0.0)
    assert code(fetch(f"http://{host}/big.jpg", host)) == "url_failed"


@pytest.mark.parametrize("data", [make.jpeg()[:-2], make.png()[:-12]], ids=["IMG-005", "IMG-007"])
def test_a_cut_file_is_refused_from_the_web_too(fetch: Fetch, site: tuple[type[Site], str], data: bytes) -> None:
    kind, host = site
    kind.pages["/a.jpg"] = 200, {}, data
    assert code(fetch(f"http://{host}/a.jpg", host)) == "image_truncated"
