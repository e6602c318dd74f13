"""Bytes fetched over HTTP: whole, in parts, again; what is damaged or large; and from a bucket."""

from __future__ import annotations

import base64
import hashlib
import io
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from PIL import Image

from jupyter_roboflow.backend.http import open_http
from jupyter_roboflow.storage.files import blob_key, thumbnail_key
from tests.jupyter_server import TOKEN
from tests.server.bytes_place import BytesPlace, body, code_of, file_part, open_bytes_place, until
from tests.server.s3_server import open_bucket

pytestmark = pytest.mark.xdist_group("bytes")


# whole, known already, in parts


def test_a_picture_comes_back_as_it_was_sent(place: BytesPlace, image: int, picture: bytes) -> None:
    answer = place.api.get(f"images/{image}/file")
    assert answer.status_code == 200 and answer.content == picture
    assert answer.headers["ETag"] == f'"{hashlib.sha256(picture).hexdigest()}"'
    assert answer.headers["Content-Length"] == str(len(picture))
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_thumbnail_is_a_small_picture(place: BytesPlace) -> None:
    file = io.BytesIO()
    Image.new("RGB", (900, 600), (1, 2, 3)).save(file, "PNG")
    answer = place.api.get(f"images/{place.image(data=file.getvalue())}/thumbnail")
    assert answer.headers["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(answer.content)) as opened:
        assert opened.size == (256, 171)


def test_an_export_comes_as_a_zip_with_its_name(place: BytesPlace, export: int) -> None:
    told = place.api.get(f"exports/{export}").json()
    answer = place.api.get(told["url"])
    assert hashlib.sha256(answer.content).hexdigest() == told["sha256"]
    assert answer.headers["ETag"] == f'"{told["sha256"]}"'
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{told["filename"]}"')
    assert answer.headers["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_head_says_the_same_and_sends_nothing(place: BytesPlace, image: int, export: int) -> None:
    told = ("ETag", "Content-Length", "Content-Type", "Content-Disposition", "Cache-Control", "Accept-Ranges")
    for path in (f"images/{image}/file", f"images/{image}/thumbnail", f"exports/{export}/file"):
        head, get = place.api.head(path), place.api.get(path)
        assert head.status_code == 200 and head.content == b""
        assert {name: head.headers[name] for name in told} == {name: get.headers[name] for name in told}


@pytest.mark.parametrize("template", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_who_has_the_bytes_is_not_sent_them_again(place: BytesPlace, image: int, picture: bytes, template: str) -> None:
    tag = template.format(hashlib.sha256(picture).hexdigest())
    answer = place.api.get(f"images/{image}/file", headers={"If-None-Match": tag})
    assert answer.status_code == 304 and answer.content == b""
    assert answer.headers["ETag"] and answer.headers["Cache-Control"]


def test_who_has_other_bytes_is_sent_these(place: BytesPlace, image: int, picture: bytes) -> None:
    answer = place.api.get(f"images/{image}/file", headers={"If-None-Match": '"0"'})
    assert answer.status_code == 200 and answer.content == picture


@pytest.mark.parametrize(
    "asked, start, stop",
    [
        ("bytes=0-0", 0, 1),
        ("bytes=2-5", 2, 6),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=0-999999", 0, None),
        ("bytes=-999999", 0, None),
        ("BYTES = 2 - 5", 2, 6),
    ],
)
def test_a_part_is_a_part(
    place: BytesPlace, image: int, picture: bytes, asked: str, start: int, stop: int | None
) -> None:
    answer = place.api.get(f"images/{image}/file", headers={"Range": asked})
    first = start % len(picture) if start < 0 else start
    wanted = picture[start:stop]
    assert answer.status_code == 206 and answer.content == wanted
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(picture)}"
    assert answer.headers["Content-Length"] == str(len(wanted))


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=5-2", "bytes=-", "bytes=a-b", "lines=0-1", "bytes=--1"])
def test_what_is_no_single_part_is_the_whole(place: BytesPlace, image: int, picture: bytes, asked: str) -> None:
    answer = place.api.get(f"images/{image}/file", headers={"Range": asked})
    assert answer.status_code == 200 and answer.content == picture


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=999999-9999999", "bytes=-0"])
def test_a_part_behind_the_end_is_416(place: BytesPlace, image: int, picture: bytes, asked: str) -> None:
    answer = place.api.get(f"images/{image}/file", headers={"Range": asked})
    assert answer.status_code == 416 and answer.headers["Content-Range"] == f"bytes */{len(picture)}"


def test_a_download_goes_on_only_with_the_same_bytes(place: BytesPlace, image: int, picture: bytes) -> None:
    tag = f'"{hashlib.sha256(picture).hexdigest()}"'
    same = place.api.get(f"images/{image}/file", headers={"Range": "bytes=5-", "If-Range": tag})
    other = place.api.get(f"images/{image}/file", headers={"Range": "bytes=5-", "If-Range": '"0"'})
    assert (same.status_code, same.content) == (206, picture[5:])
    assert (other.status_code, other.content) == (200, picture)


# headers that keep browsers from harm


def test_every_file_is_kept_from_harm(place: BytesPlace, image: int, export: int) -> None:
    """WEB-016, WEB-018, ACL-016"""
    for path in (f"images/{image}/file", f"images/{image}/thumbnail", f"exports/{export}/file"):
        headers = place.api.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "private" in headers["Cache-Control"] and "public" not in headers["Cache-Control"]
        assert "Cookie" in headers["Vary"] and "Authorization" in headers["Vary"]
    assert "no-store" in place.api.get(f"exports/{export}/file").headers["Cache-Control"]
    assert "immutable" in place.api.get(f"images/{image}/file").headers["Cache-Control"]


def test_what_is_no_picture_is_only_ever_saved(place: BytesPlace) -> None:
    """WEB-016"""
    image = place.image()
    with closing(sqlite3.connect(place.folder / "roboflow.db")) as db, db:
        db.execute("UPDATE images SET media_type = 'image/svg+xml', filename = 'a.svg' WHERE id = ?", (image,))
    headers = place.api.get(f"images/{image}/file").headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment;")
    with closing(sqlite3.connect(place.folder / "roboflow.db")) as db, db:
        db.execute("UPDATE images SET media_type = 'image/png', filename = 'a.png' WHERE id = ?", (image,))


def test_a_name_of_any_script_is_told_exactly(place: BytesPlace) -> None:
    sent = body(file_part('猫 "1"%.png'.replace('"', '\\"'), place.picture()))
    image = place.api.post(f"datasets/{place.dataset()}/images", **sent).json()["id"]
    told = place.api.get(f"images/{image}/file").headers["Content-Disposition"]
    assert told == "inline; filename=\"_ _1__.png\"; filename*=UTF-8''%E7%8C%AB%20%221%22%25.png"


# what is damaged, what is large


@pytest.fixture(scope="module")
def large(place: BytesPlace) -> tuple[int, bytes]:
    """A picture of 105 MB: its number and its bytes."""
    file = io.BytesIO()
    Image.effect_noise((7000, 5000), 90).convert("RGB").save(file, "BMP")
    return place.image(data=file.getvalue()), file.getvalue()


@contextmanager
def damaged(place: BytesPlace, data: bytes) -> Iterator[None]:
    """The stored picture has one other bit meanwhile."""
    blob = place.local.installation.store.path(blob_key(hashlib.sha256(data).hexdigest()))
    assert blob is not None
    blob.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    try:
        yield
    finally:
        blob.write_bytes(data)


def test_a_thumbnail_that_is_missing_is_made_anew(place: BytesPlace) -> None:
    file = io.BytesIO()
    Image.new("RGB", (900, 600), (4, place.number() % 256, 6)).save(file, "PNG")
    image = place.image(data=file.getvalue())
    before = place.api.get(f"images/{image}/thumbnail").content
    lies = Path(place.settings.storage_url) / thumbnail_key(hashlib.sha256(file.getvalue()).hexdigest())
    lies.unlink()
    again = place.api.get(f"images/{image}/thumbnail")
    assert again.status_code == 200 and again.content == before and lies.read_bytes() == before
    lies.unlink()
    assert place.local.thumbnails([image]) == [before]
    lies.unlink()
    assert thumbnails_of(place, [image, image]) == [before, before] and lies.read_bytes() == before
    place.assert_sound()


def thumbnails_of(place: BytesPlace, images: list[int]) -> list[bytes]:
    """Those that come in one answer."""
    answer = place.api.post("images/thumbnails", json={"ids": images})
    assert answer.status_code == 200
    return [base64.b64decode(item) for item in answer.json()["items"]]


def test_thumbnails_come_for_many_at_once_and_for_all_or_none(place: BytesPlace, image: int) -> None:
    other = place.image()
    single = {number: place.api.get(f"images/{number}/thumbnail").content for number in (image, other)}
    assert thumbnails_of(place, [other, image, other]) == [single[other], single[image], single[other]]
    missing = place.api.post("images/thumbnails", json={"ids": [image, 999_999]})
    assert (missing.status_code, missing.json()["error"]["message"]) == (404, "There is no image 999999.")
    assert place.api.post("images/thumbnails", json={"ids": [image] * 101}).status_code == 422
    assert place.api.post("images/thumbnails", json={"ids": []}).status_code == 422
    _, stranger = place.person()
    hidden = stranger.post("images/thumbnails", json={"ids": [image]})
    assert (hidden.status_code, hidden.json()["error"]["message"]) == (404, f"There is no image {image}.")
    stranger.close()


def test_thumbnails_too_large_for_one_answer_come_in_several(place: BytesPlace) -> None:
    file = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((256, 256), 200) for _ in range(3)]).save(file, "PNG")
    image = place.image(data=file.getvalue())
    some = thumbnails_of(place, [image] * 100)
    assert 1 < len(some) < 100 and sum(map(len, some[1:])) <= 2 << 20
    backend = open_http(place.server.url, TOKEN)
    assert backend.thumbnails([image] * 130) == some[:1] * 130
    backend.close()


def test_a_picture_that_is_missing_is_said_to_be(place: BytesPlace) -> None:
    picture = place.picture()
    image = place.image(data=picture)
    sha256 = hashlib.sha256(picture).hexdigest()
    blob, thumbnail = (Path(place.settings.storage_url) / key(sha256) for key in (blob_key, thumbnail_key))
    thumbnail.unlink()
    aside = blob.rename(blob.with_suffix(".aside"))
    for path in (f"images/{image}/file", f"images/{image}/thumbnail"):
        gone = place.api.get(path)
        assert (gone.status_code, code_of(gone)) == (410, "storage_missing")
        assert "restore it from a backup" in gone.json()["error"]["message"]
        assert "no-store" in gone.headers["Cache-Control"]
    together = place.api.post("images/thumbnails", json={"ids": [place.image(), image]})
    assert (together.status_code, code_of(together)) == (410, "storage_missing")
    aside.rename(blob)
    assert place.api.get(f"images/{image}/file").content == picture


def test_damaged_bytes_never_pass_for_good_ones(place: BytesPlace, large: tuple[int, bytes]) -> None:
    picture = place.picture()
    image = place.image(data=picture)
    with damaged(place, picture):
        answer = place.api.get(f"images/{image}/file")
        assert (answer.status_code, code_of(answer)) == (500, "storage_corrupt")
        assert "ETag" not in answer.headers and answer.headers["Content-Type"] == "application/json"
    assert place.api.get(f"images/{image}/file").content == picture
    number, data = large
    with damaged(place, data), pytest.raises(httpx.RemoteProtocolError):
        place.api.get(f"images/{number}/file")


def test_memory_stays_flat_while_a_slow_reader_takes_100_mb(place: BytesPlace, large: tuple[int, bytes]) -> None:
    image, data = large
    process = psutil.Process(place.server.pid)
    before, most, digest = process.memory_info().rss, 0, hashlib.sha256()
    with place.api.stream("GET", f"images/{image}/file") as answer:
        for number, piece in enumerate(answer.iter_bytes(1 << 20)):
            digest.update(piece)
            if number % 10 == 0:
                time.sleep(0.02)
            most = max(most, process.memory_info().rss)
    assert len(data) > 100_000_000 and digest.hexdigest() == hashlib.sha256(data).hexdigest()
    assert most - before < 20 << 20, f"{(most - before) >> 20} MB more"


def test_who_hangs_up_in_the_middle_harms_nobody(place: BytesPlace, large: tuple[int, bytes]) -> None:
    image, data = large
    process, logged = psutil.Process(place.server.pid), len(place.server.log())
    with place.client(dict(place.api.headers)) as client, client.stream("GET", f"images/{image}/file") as answer:
        next(answer.iter_bytes(1000))
    until(lambda: not any("blobs" in file.path for file in process.open_files()), 60)
    assert "Traceback" not in place.server.log()[logged:]
    tail = place.api.get(f"images/{image}/file", headers={"Range": "bytes=-9"})
    assert tail.content == data[-9:]


# a bucket


@pytest.fixture(scope="module")
def bucket_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BytesPlace]:
    with open_bucket("pictures") as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            if name.startswith("AWS_"):
                patch.setenv(name, value)
        with open_bytes_place(tmp_path_factory.mktemp("bucket"), **environment) as made:
            yield made


def test_a_bucket_sends_its_pictures_itself(bucket_place: BytesPlace) -> None:
    picture = bucket_place.picture()
    image = bucket_place.image(data=picture)
    for path in (f"images/{image}/file", f"images/{image}/thumbnail"):
        answer = bucket_place.api.get(path)
        assert answer.status_code == 302 and answer.content == b""
        assert "immutable" not in answer.headers["Cache-Control"]
        assert "X-Amz-Expires=300" in answer.headers["Location"]
        followed = httpx.get(answer.headers["Location"])
        direct = bucket_place.api.get(path, params={"redirect": "0"})
        assert followed.status_code == direct.status_code == 200 and followed.content == direct.content
        assert followed.headers["Content-Type"] == direct.headers["Content-Type"]
        assert followed.headers["Content-Disposition"] == "inline"
    assert thumbnails_of(bucket_place, [image, image]) == [direct.content] * 2
    assert bucket_place.api.get(f"images/{image}/file", params={"redirect": "0"}).content == picture


def test_the_server_sends_parts_of_what_is_in_a_bucket(bucket_place: BytesPlace) -> None:
    picture = bucket_place.picture()
    image = bucket_place.image(data=picture)
    path = f"images/{image}/file?redirect=0"
    answer = bucket_place.api.get(path, headers={"Range": "bytes=7-30"})
    assert (answer.status_code, answer.content) == (206, picture[7:31])
    assert bucket_place.api.head(f"images/{image}/file").headers["Content-Length"] == str(len(picture))


def test_a_bucket_sends_nothing_by_itself_that_is_no_picture(bucket_place: BytesPlace) -> None:
    """WEB-016"""
    image = bucket_place.image()
    with closing(sqlite3.connect(bucket_place.folder / "roboflow.db")) as db, db:
        db.execute("UPDATE images SET media_type = 'image/svg+xml', filename = 'a.svg' WHERE id = ?", (image,))
    answer = bucket_place.api.get(f"images/{image}/file")
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")


def test_an_export_and_an_import_go_through_a_bucket(bucket_place: BytesPlace) -> None:
    dataset = bucket_place.dataset()
    bucket_place.image(dataset)
    export = bucket_place.exported(dataset, options={"include_unlabeled": True})
    sent = httpx.get(bucket_place.api.get(f"exports/{export}/file").headers["Location"])
    data, own = sent.content, bucket_place.api.get(f"exports/{export}/file?redirect=0").headers
    for name in ("Content-Type", "Content-Disposition"):
        assert sent.headers[name] == own[name]
    assert sent.headers["Content-Disposition"].startswith('attachment; filename="')
    assert bucket_place.api.get(f"exports/{export}/file?redirect=0").content == data
    other = bucket_place.dataset()
    started = bucket_place.api.post(f"datasets/{other}/import", files={"file": ("cells.zip", data)})
    job = bucket_place.finished(started.json()["job_id"])
    assert (job["state"], job["result"]["counts"]["images_added"]) == ("succeeded", 1), job
