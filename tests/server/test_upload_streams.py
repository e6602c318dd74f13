"""Uploads as they stream: memory, others meanwhile, who hangs up, who may not and sends all the same."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from jupyter_roboflow.domain.user import DatasetRole, Scope
from tests.server.bytes_place import BOUNDARY, BytesPlace, body, code_of, file_part, open_bytes_place, part, until

pytestmark = pytest.mark.xdist_group("bytes")

FORM = "Content-Disposition: form-data; "


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BytesPlace]:
    with open_bytes_place(tmp_path_factory.mktemp("streams"), ROBOFLOW_MAX_IMAGE_BYTES="400000000") as made:
        yield made
        made.assert_sound()


def test_memory_stays_flat_and_others_are_served_while_300_mb_come_in(place: BytesPlace) -> None:
    dataset = place.dataset()
    place.upload(dataset, [("warm.png", place.picture())])
    process, stop = psutil.Process(place.server.pid), threading.Event()
    before, most, waits = process.memory_info().rss, [0], [0.0]

    def watch() -> None:
        with place.client({}) as client:
            while not stop.is_set():
                started = time.monotonic()
                assert client.get("health/live").status_code == 200
                waits.append(time.monotonic() - started)
                most[0] = max(most[0], process.memory_info().rss)
                time.sleep(0.02)

    piece = b"\0" * (1 << 20)
    head = f'--{BOUNDARY}\r\n{FORM}name="file"; filename="a.png"\r\n\r\n'.encode()

    def content() -> Iterator[bytes]:
        yield head
        for _ in range(300):
            yield piece
        yield f"\r\n--{BOUNDARY}--\r\n".encode()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        sent = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        began = time.monotonic()
        answer = place.api.post(f"datasets/{dataset}/images", content=content(), headers=sent, timeout=300)
        took = time.monotonic() - began
    finally:
        stop.set()
        watcher.join()
    assert (answer.status_code, code_of(answer)) == (422, "image_undecodable")
    assert most[0] - before < 40 << 20, f"{(most[0] - before) >> 20} MB more"
    assert sorted(waits)[len(waits) // 2] < max(0.2, took / 20) and len(waits) > 10
    place.assert_sound()


# who hangs up, and who may not


def raw_connection(place: BytesPlace) -> socket.socket:
    address = urlsplit(place.server.url)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def raw_head(place: BytesPlace, dataset: int, length: int, token: str) -> bytes:
    address = urlsplit(place.server.url)
    return (
        f"POST {address.path}roboflow/api/datasets/{dataset}/images HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: {token}\r\nContent-Length: {length}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    ).encode()


def test_an_upload_that_is_cut_off_leaves_nothing(place: BytesPlace) -> None:
    dataset = place.dataset()
    whole = file_part("a.png", place.picture()) + file_part("b.png", b"x" * 3_000_000)
    with raw_connection(place) as connection:
        connection.sendall(raw_head(place, dataset, len(whole) * 2, place.api.headers["Authorization"]) + whole)
        until(lambda: place.leftovers() != [], 60, lambda: "nothing was written")
    place.assert_sound()
    assert place.count(dataset) == 0


def test_who_may_not_upload_hears_so_before_sending_anything(place: BytesPlace) -> None:
    dataset = place.dataset()
    user, client = place.person()
    with raw_connection(place) as connection:
        connection.sendall(raw_head(place, dataset, 500_000_000, client.headers["Authorization"]))
        assert connection.recv(100).startswith(b"HTTP/1.1 404 ")
    place.local.set_collaborator(dataset, user.username, DatasetRole.VIEWER)
    with raw_connection(place) as connection:
        connection.sendall(raw_head(place, dataset, 500_000_000, client.headers["Authorization"]))
        assert connection.recv(100).startswith(b"HTTP/1.1 403 ")
    client.close()


def test_who_may_not_upload_and_sends_all_the_same_hears_so_too(place: BytesPlace) -> None:
    dataset = place.dataset()
    _, reader = place.person(Scope.READ)
    sent = body(file_part("a.png", b"x" * 8_000_000))
    answer = reader.post(f"datasets/{dataset}/images", **sent)
    assert (answer.status_code, code_of(answer)) == (403, "read_only_token")
    answer = httpx.post(f"{place.server.url}roboflow/api/datasets/{dataset}/images", **body(file_part("a", b"x" * 500)))
    assert answer.status_code in (401, 403)
    assert place.leftovers() == []
    reader.close()


def test_a_refusal_in_the_middle_is_heard_by_who_still_sends(place: BytesPlace) -> None:
    dataset = place.dataset()
    address = urlsplit(place.server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    content = part("no header", b"x") + b"x" * 20_000_000
    sent = {"Authorization": place.api.headers["Authorization"]}
    sent["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    connection.request("POST", f"{address.path}roboflow/api/datasets/{dataset}/images", content, sent)
    assert connection.getresponse().status == 400
    connection.close()
