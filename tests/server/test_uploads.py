"""Pictures sent over HTTP: one or many, good or broken, huge or cut off."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from tests.server.bytes_place import BOUNDARY, BytesPlace, body, code_of, file_part, open_bytes_place, part

pytestmark = pytest.mark.xdist_group("bytes")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BytesPlace]:
    with open_bytes_place(tmp_path_factory.mktemp("uploads"), ROBOFLOW_MAX_IMAGE_BYTES="400000000") as made:
        yield made
        made.assert_sound()


@pytest.fixture(scope="module")
def small_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BytesPlace]:
    """One that takes files of 2 kB, and requests of 10 kB."""
    limits = {"ROBOFLOW_MAX_IMAGE_BYTES": "2000", "ROBOFLOW_MAX_UPLOAD_BYTES": "10000"}
    with open_bytes_place(tmp_path_factory.mktemp("small"), **limits) as made:
        yield made
        made.assert_sound()


# what it is for


def test_one_picture_is_answered_with_its_image(place: BytesPlace) -> None:
    dataset, picture = place.dataset(), place.picture()
    answer = place.upload(dataset, [("a cell.png", picture)], split="valid", tags=["night", "rain"])
    image = answer.json()
    assert answer.status_code == 201
    assert (image["filename"], image["width"], image["height"], image["known"]) == ("a cell.png", 30, 20, False)
    assert image["sha256"] == hashlib.sha256(picture).hexdigest()
    assert (image["split"], image["tags"], image["media_type"]) == ("valid", ["night", "rain"], "image/png")
    known = {**image}
    known.pop("known")
    assert place.api.get(f"images/{image['id']}").json() == known


def test_the_same_bytes_again_are_the_same_image(place: BytesPlace) -> None:
    dataset, picture = place.dataset(), place.picture()
    first = place.upload(dataset, [("a.png", picture)]).json()
    again = place.upload(dataset, [("b.png", picture)], split="test")
    assert again.status_code == 200
    assert again.json() == {**first, "known": True}
    assert place.count(dataset) == 1


def test_several_are_answered_in_their_order_and_a_bad_one_stops_none(place: BytesPlace) -> None:
    dataset, known = place.dataset(), place.picture()
    place.upload(dataset, [("known.png", known)])
    files = [("a.png", place.picture()), ("broken.png", place.picture()[:50]), ("known too.png", known)]
    files += [("text.txt", b"hello"), ("empty.png", b""), ("b.png", place.picture())]
    answer = place.upload(dataset, files)
    items = answer.json()["items"]
    assert answer.status_code == 207
    assert [item["filename"] for item in items] == [name for name, _ in files]
    assert [item["status"] for item in items] == [201, 422, 200, 422, 422, 201]
    assert [item["known"] for item in items] == [False, False, True, False, False, False]
    for item in items:
        assert (item["image"] is None) == (item["status"] == 422) == (item["error"] is not None)
    assert items[2]["image"]["filename"] == "known.png"
    assert place.count(dataset) == 3


def test_twice_the_same_in_one_request_is_one_image(place: BytesPlace) -> None:
    dataset, picture = place.dataset(), place.picture()
    items = place.upload(dataset, [("a.png", picture), ("b.png", picture)]).json()["items"]
    assert [item["status"] for item in items] == [201, 200]
    assert items[0]["image"]["id"] == items[1]["image"]["id"]


def test_many_more_than_a_batch_keep_their_order(place: BytesPlace) -> None:
    dataset = place.dataset()
    files = [(f"{number:03}.png", b"x" if number % 7 == 0 else place.picture()) for number in range(150)]
    items = place.upload(dataset, files).json()["items"]
    assert [item["filename"] for item in items] == [name for name, _ in files]
    assert [item["status"] for item in items] == [422 if number % 7 == 0 else 201 for number in range(150)]


def test_one_bad_picture_alone_is_refused(place: BytesPlace) -> None:
    dataset = place.dataset()
    answer = place.upload(dataset, [("a.png", b"no picture")])
    assert (answer.status_code, code_of(answer)) == (422, "image_undecodable")
    assert place.count(dataset) == 0


# names (FN rows)


@pytest.mark.parametrize(
    "sent, stored",
    [
        pytest.param("../../etc/passwd", "passwd", id="FN-001"),
        pytest.param("/etc/passwd", "passwd", id="FN-003"),
        pytest.param("%2e%2e%2f%2e%2e%2fa.jpg", "%2e%2e%2f%2e%2e%2fa.jpg", id="FN-005"),
        pytest.param("a" * 251 + ".png", "a" * 251 + ".png", id="FN-009"),
        pytest.param(".", "image", id="FN-013 one"),
        pytest.param("..", "image", id="FN-013 two"),
        pytest.param("trail. ", "trail.", id="FN-015"),
        pytest.param(".hidden.jpg", ".hidden.jpg", id="FN-017"),
        pytest.param("evil\u202egpj.exe", "evilgpj.exe", id="FN-019"),
        pytest.param("=cmd|calc!A1.jpg", "=cmd|calc!A1.jpg", id="FN-021"),
        pytest.param("猫 – Katze.png", "猫 – Katze.png", id="of another script"),
        pytest.param('a "quoted" name.png'.replace('"', '\\"'), 'a "quoted" name.png', id="quotes"),
    ],
)
def test_a_name_is_only_a_name(place: BytesPlace, sent: str, stored: str) -> None:
    dataset = place.dataset()
    answer = place.api.post(f"datasets/{dataset}/images", **body(file_part(sent, place.picture())))
    assert (answer.status_code, answer.json()["filename"]) == (201, stored)
    file = place.api.get(f"images/{answer.json()['id']}/file")
    assert file.status_code == 200 and "\n" not in file.headers["Content-Disposition"]
    assert not list(place.folder.rglob("*passwd*"))


def test_a_line_break_in_a_name_makes_no_header(place: BytesPlace) -> None:
    """FN-007"""
    dataset = place.dataset()
    answer = place.api.post(
        f"datasets/{dataset}/images", **body(file_part("a\r\nSet-Cookie: x=1\r\n.png", place.picture()))
    )
    assert answer.status_code == 400 or "Set-Cookie" not in answer.headers
    for escaped in ("a%0D%0ASet-Cookie: x=1.png", "a\rSet-Cookie: x=1.png", "a\nSet-Cookie: x=1.png"):
        answer = place.api.post(f"datasets/{dataset}/images", **body(file_part(escaped, place.picture())))
        assert answer.status_code in (201, 400), answer.text
        if answer.status_code == 201:
            file = place.api.get(f"images/{answer.json()['id']}/file")
            assert file.status_code == 200 and "Set-Cookie" not in file.headers


@pytest.mark.parametrize(
    "name, code",
    [
        pytest.param(b"a" * 4096, "name_too_long", id="FN-011"),
        pytest.param(b"\xff\xfe.png", "bad_unicode", id="FN-027"),
    ],
)
def test_a_name_that_cannot_be_is_refused(place: BytesPlace, name: bytes, code: str) -> None:
    dataset = place.dataset()
    answer = place.api.post(f"datasets/{dataset}/images", **body(file_part(name, place.picture())))
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert place.count(dataset) == 0


# bodies that are none


FORM = "Content-Disposition: form-data; "


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"hello", id="no boundary in it"),
        pytest.param(f"--{BOUNDARY}--\r\n".encode(), id="no part"),
        pytest.param(file_part("a.png", b"x"), id="no end"),
        pytest.param(f"--{BOUNDARY}\r\n{FORM}name=".encode(), id="cut off in a header"),
        pytest.param(part("no header", b"x") + f"--{BOUNDARY}--".encode(), id="a line that is no header"),
        pytest.param(part("X: y", b"x") + f"--{BOUNDARY}--".encode(), id="no disposition"),
        pytest.param(part('Content-Disposition: attachment; filename="a"') + f"--{BOUNDARY}--".encode(), id="no form"),
        pytest.param(part(f'{FORM}name="file"', b"x") + f"--{BOUNDARY}--".encode(), id="no filename"),
        pytest.param(part(f'{FORM}name="file"; filename=""') + f"--{BOUNDARY}--".encode(), id="an empty filename"),
        pytest.param(part(f'{FORM}name="split"', b"train") + f"--{BOUNDARY}--".encode(), id="fields only"),
        pytest.param(part(f'{FORM}name="tags"', b"\xff") + f"--{BOUNDARY}--".encode(), id="a field that is no text"),
        pytest.param(part(f'{FORM}name="tags"', b"x" * 100_000) + f"--{BOUNDARY}--".encode(), id="a huge field"),
        pytest.param(part(f'{FORM}name="tags"') * 1001 + f"--{BOUNDARY}--".encode(), id="too many fields"),
        pytest.param(part("\r\n".join(["X: y"] * 50)) + f"--{BOUNDARY}--".encode(), id="too many headers"),
    ],
)
def test_a_body_that_is_no_form_is_refused(place: BytesPlace, content: bytes) -> None:
    """API-007"""
    dataset = place.dataset()
    sent = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = place.api.post(f"datasets/{dataset}/images", content=content, headers=sent)
    assert (answer.status_code, code_of(answer)) == (400, "bad_multipart"), answer.text
    assert place.count(dataset) == 0


@pytest.mark.parametrize(
    "media_type, status",
    [
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        (f"multipart/form-data; boundary={'b' * 300}", 400),
        ("image/png", 415),
        ("application/json", 415),
    ],
)
def test_a_body_of_another_kind_is_refused(place: BytesPlace, media_type: str, status: int) -> None:
    """API-007"""
    dataset = place.dataset()
    content = body(file_part("a.png", place.picture()))["content"]
    answer = place.api.post(f"datasets/{dataset}/images", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status and code_of(answer) in ("bad_multipart", "unsupported_media_type")
    assert place.count(dataset) == 0


def test_thousands_of_parts_are_refused_as_a_whole(place: BytesPlace) -> None:
    """API-007"""
    dataset = place.dataset()
    logged = len(place.server.log())
    answer = place.api.post(f"datasets/{dataset}/images", **body(*[file_part("a.png", b"x")] * 5000))
    assert (answer.status_code, code_of(answer)) == (413, "too_many_files")
    assert place.count(dataset) == 0
    assert len(place.server.log()) - logged < 2000  # no flood in the log


def test_a_megabyte_of_parameters_is_refused_at_once(place: BytesPlace) -> None:
    """API-009"""
    dataset = place.dataset()
    parameters = "; ".join(f'p{number}="v"' for number in range(100_000))
    sent = body(part(f'{FORM}name="file"; filename="a.png"; {parameters}', place.picture()))
    process = psutil.Process(place.server.pid)
    before = process.cpu_times().user
    answer = place.api.post(f"datasets/{dataset}/images", **sent)
    assert (answer.status_code, code_of(answer)) == (400, "bad_multipart")
    assert process.cpu_times().user - before < 1.0, "the server works on it, whatever else the machine does"


@pytest.mark.parametrize(
    "data, code",
    [
        ({"split": "tomorrow"}, "invalid_field"),
        ({"split": ["train", "test"]}, "invalid_field"),
        ({"colour": "red"}, "unknown_field"),
        ({"tags": "x" * 300}, "name_too_long"),
    ],
)
def test_a_field_that_cannot_be_is_refused(place: BytesPlace, data: dict[str, Any], code: str) -> None:
    dataset = place.dataset()
    answer = place.upload(dataset, [("a.png", place.picture())], **data)
    assert (answer.status_code, code_of(answer)) == (400 if code == "name_too_long" else 422, code), answer.text
    assert place.count(dataset) == 0


# what the sender says of the bytes


def content_digest(data: bytes) -> str:
    return f"\r\nContent-Digest: sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def test_bytes_that_are_not_what_the_sender_says_are_refused(place: BytesPlace) -> None:
    """IMG-075"""
    dataset, picture = place.dataset(), place.picture()
    promised = file_part("a.png", picture, content_digest(b"another"))
    answer = place.api.post(f"datasets/{dataset}/images", **body(promised))
    assert (answer.status_code, code_of(answer)) == (422, "checksum_mismatch")
    assert place.count(dataset) == 0
    place.assert_sound()
    answer = place.api.post(
        f"datasets/{dataset}/images", **body(promised, file_part("b.png", picture, content_digest(picture)))
    )
    assert [item["status"] for item in answer.json()["items"]] == [422, 201]


# too much


def test_a_file_over_the_limit_is_refused_by_itself(small_place: BytesPlace) -> None:
    dataset = small_place.dataset()
    answer = small_place.upload(dataset, [("a.png", b"x" * 2001), ("b.png", small_place.picture())])
    items = answer.json()["items"]
    assert [(item["filename"], item["status"]) for item in items] == [("a.png", 413), ("b.png", 201)]
    assert items[0]["error"]["code"] == "image_too_large"
    answer = small_place.upload(dataset, [("a.png", b"x" * 2001)])
    assert (answer.status_code, code_of(answer)) == (413, "image_too_large")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_request_over_the_limit_is_refused(small_place: BytesPlace, chunked: bool) -> None:
    dataset = small_place.dataset()
    sent = body(*[file_part(f"{number}.png", small_place.picture() + b"x" * 1000) for number in range(20)])
    if chunked:
        sent["content"] = iter([sent["content"][:5000], sent["content"][5000:]])
    answer = small_place.api.post(f"datasets/{dataset}/images", **sent)
    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")
    assert small_place.count(dataset) == 0


def test_other_requests_on_the_same_address_keep_their_own_limit(small_place: BytesPlace) -> None:
    dataset = small_place.dataset()
    answer = small_place.api.patch(f"datasets/{dataset}/images", json={"ids": [1], "add_tags": ["x" * 900] * 20})
    assert answer.status_code != 413
