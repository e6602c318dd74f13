"""Requests that are sent twice, as clients do when an answer got lost, and are done once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from jupyter_roboflow.storage import idempotency
from tests.server.bytes_place import BOUNDARY, BytesPlace, code_of, file_part, open_bytes_place

pytestmark = pytest.mark.xdist_group("bytes")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BytesPlace]:
    with open_bytes_place(tmp_path_factory.mktemp("idempotency")) as made:
        yield made
        made.assert_sound()


@pytest.fixture
def key(place: BytesPlace) -> dict[str, str]:
    """The header of a request of its own."""
    return {"Idempotency-Key": f"key-{place.number()}"}


def same(first: httpx.Response, again: httpx.Response) -> bool:
    return (first.status_code, first.content) == (again.status_code, again.content)


def was_replayed(answer: httpx.Response) -> bool:
    return answer.headers.get("Idempotency-Replayed") == "true"


def test_a_dataset_is_made_once(place: BytesPlace, key: dict[str, str]) -> None:
    """API-024"""
    first = place.api.post("datasets", json={"name": "Zürich 🐱"}, headers=key)
    again = place.api.post("datasets", json={"name": "Zürich 🐱"}, headers=key)
    assert first.status_code == 201 and same(first, again)
    assert was_replayed(again) and not was_replayed(first)
    assert place.api.get("datasets", params={"search": "Zürich"}).json()["total"] == 1


def test_an_annotation_is_added_once(place: BytesPlace, key: dict[str, str]) -> None:
    dataset = place.dataset()
    image = place.image(dataset)
    place.local.add_label(dataset, "cell")
    drawn = {"label": "cell", "shape_type": "bbox", "geometry": {"bbox": [1, 1, 4, 4], "coords_unit": "px"}}
    first = place.api.post(f"images/{image}/annotations", json=drawn, headers=key)
    again = place.api.post(f"images/{image}/annotations", json=drawn, headers=key)
    assert first.status_code == 201 and same(first, again) and was_replayed(again)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["ETag"].startswith('"1-')
    assert len(place.local.annotations(image).annotations) == 1


def test_an_export_is_started_once(place: BytesPlace, key: dict[str, str]) -> None:
    dataset = place.dataset()
    place.image(dataset)
    answers = [place.api.post(f"datasets/{dataset}/export", json={"format": "coco"}, headers=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202] * 3
    assert len({answer.json()["job_id"] for answer in answers}) == 1
    place.finished(answers[0].json()["job_id"])
    assert place.api.get("jobs", params={"dataset_id": dataset}).json()["total"] == 1


def test_an_import_is_started_once(place: BytesPlace, key: dict[str, str]) -> None:
    dataset = place.dataset()
    place.image(dataset)
    export = place.exported(dataset, options={"include_unlabeled": True})
    data, other = place.api.get(f"exports/{export}/file").content, place.dataset()

    def send(**fields: str) -> httpx.Response:
        files = {"file": ("cells.zip", data)}
        return place.api.post(f"datasets/{other}/import", files=files, data=fields, headers=key)

    first, again = send(), send()
    assert first.status_code == 202 and same(first, again) and was_replayed(again)
    assert place.finished(first.json()["job_id"])["state"] == "succeeded"
    assert place.api.get("jobs", params={"dataset_id": other}).json()["total"] == 1
    assert code_of(send(format="coco")) == "idempotency_key_reuse"


def test_an_upload_is_the_same_by_its_content(place: BytesPlace, key: dict[str, str]) -> None:
    dataset, picture = place.dataset(), place.picture()
    first = place.upload(dataset, [("a.png", picture), ("b.png", b"x")], headers=key)  # httpx makes a new boundary
    again = place.upload(dataset, [("a.png", picture), ("b.png", b"x")], headers=key)
    assert first.status_code == 207 and same(first, again) and was_replayed(again)
    assert again.json()["items"][0]["status"] == 201  # as the first time, though it is known by now


@pytest.mark.parametrize("change", ["content", "name", "field", "order", "dataset"])
def test_the_same_key_with_another_upload_is_refused(place: BytesPlace, key: dict[str, str], change: str) -> None:
    """API-025"""
    dataset, one, two = place.dataset(), place.picture(), place.picture()
    assert place.upload(dataset, [("a.png", one), ("b.png", two)], headers=key).status_code == 207
    files, fields = [("a.png", one), ("b.png", two)], {}
    if change == "content":
        files[1] = ("b.png", place.picture())
    elif change == "name":
        files[1] = ("c.png", two)
    elif change == "field":
        fields = {"tags": "rain"}
    elif change == "order":
        files.reverse()
    other = place.dataset() if change == "dataset" else dataset
    answer = place.upload(other, files, headers=key, **fields)
    assert (answer.status_code, code_of(answer)) == (422, "idempotency_key_reuse")
    assert place.count(dataset) == 2


@pytest.mark.parametrize(
    "path, body",
    [("datasets", {"name": "another"}), ("datasets?x=1", {"name": "first"}), ("auth/tokens", {"name": "first"})],
)
def test_the_same_key_with_another_request_is_refused(place: BytesPlace, path: str, body: Any) -> None:
    """API-025"""
    key = {"Idempotency-Key": f"other-{place.number()}"}
    name = f"first {place.number()}"
    assert place.api.post("datasets", json={"name": name}, headers=key).status_code == 201
    answer = place.api.post(path, json=body, headers=key)
    if path.startswith("auth"):
        assert answer.status_code == 201  # what is secret is not kept, so there the header says nothing
    else:
        assert answer.status_code in (400, 422) and code_of(answer) in ("idempotency_key_reuse", "bad_query")
    assert place.api.get("datasets", params={"search": "another"}).json()["total"] == 0


def test_keys_are_each_ones_own(place: BytesPlace, key: dict[str, str]) -> None:
    user, client = place.person()
    mine = place.api.post("datasets", json={"name": "same name"}, headers=key)
    theirs = client.post("datasets", json={"name": "same name"}, headers=key)
    assert mine.status_code == theirs.status_code == 201 and not was_replayed(theirs)
    assert theirs.json()["owner"] == user.username
    client.close()


def test_what_failed_may_be_sent_again(place: BytesPlace, key: dict[str, str]) -> None:
    name = f"taken {place.number()}"
    made = place.api.post("datasets", json={"name": name}).json()["id"]
    assert place.api.post("datasets", json={"name": name}, headers=key).status_code == 409
    place.api.patch(f"datasets/{made}", json={"name": f"{name} no more"})
    assert place.api.post("datasets", json={"name": name}, headers=key).status_code == 201


def test_while_the_first_runs_the_second_is_told_to_wait(place: BytesPlace, key: dict[str, str]) -> None:
    dataset, picture = place.dataset(), place.picture()
    content = file_part("a.png", picture) + f"--{BOUNDARY}--\r\n".encode()
    sent = {**key, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answers: list[httpx.Response] = []

    def send() -> None:
        with place.client(dict(place.api.headers)) as client:
            answers.append(client.post(f"datasets/{dataset}/images", content=content, headers=sent))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(done) + len(waiting) == 8 and done
    assert sum(not was_replayed(answer) for answer in done) == 1
    for answer in waiting:
        assert code_of(answer) == "request_running" and int(answer.headers["Retry-After"]) > 0
    assert place.count(dataset) == 1


def test_a_request_that_is_running_elsewhere_is_not_done_twice(place: BytesPlace, key: dict[str, str]) -> None:
    name = f"running {place.number()}"
    first = place.api.post("datasets", json={"name": name}, headers=key)
    with place.local.installation.database.write() as conn:  # as if its server had not come to its end yet
        found = conn.exec_driver_sql(
            "SELECT request_hash FROM idempotency_keys WHERE key = ?", (key["Idempotency-Key"],)
        ).one()
        conn.exec_driver_sql("DELETE FROM idempotency_keys WHERE key = ?", (key["Idempotency-Key"],))
        idempotency.begin(conn, place.local.user.id, key["Idempotency-Key"], str(found.request_hash), datetime.now(UTC))
    answer = place.api.post("datasets", json={"name": name}, headers=key)
    assert first.status_code == 201
    assert (answer.status_code, code_of(answer)) == (409, "request_running") and answer.headers["Retry-After"]


@pytest.mark.parametrize("key", ["with space", "x" * 256, "é"])
def test_a_key_that_cannot_be_is_refused(place: BytesPlace, key: str) -> None:
    answer = place.api.post(
        "datasets", json={"name": f"bad key {place.number()}"}, headers=[(b"Idempotency-Key", key.encode())]
    )
    assert (answer.status_code, code_of(answer)) == (422, "bad_idempotency_key")
    assert place.api.get("datasets", params={"search": "bad key"}).json()["total"] == 0
