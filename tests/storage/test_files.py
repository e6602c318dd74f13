"""The store of pictures, as a folder and as a bucket of a real S3 protocol server."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from jupyter_roboflow.domain.dataset import Dataset, Image
from jupyter_roboflow.domain.errors import BackendUnavailable, Conflict, Invalid, StorageCorrupt
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore, blob_key, thumbnail_key
from tests.storage.things import Incoming, picture, upload


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 server on this computer."""
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], stderr=subprocess.PIPE, text=True
    )
    said = server.stderr
    assert said is not None
    address = next(line.rpartition(" ")[2].strip() for line in said if "Running on" in line)
    reader = threading.Thread(target=lambda: list(said))  # a full pipe would stop it
    reader.start()
    yield address
    server.kill()
    server.wait()
    reader.join()
    said.close()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new bucket's address, with the environment that leads there."""
    variables = {"ENDPOINT_URL": s3_server, "ACCESS_KEY_ID": "me", "SECRET_ACCESS_KEY": "s3cret", "REGION": "us-east-1"}
    for name, value in variables.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    name = f"b{time.time_ns()}"
    client = boto3.client("s3", endpoint_url=s3_server)
    client.create_bucket(Bucket=name)
    client.close()
    return f"s3://{name}/some/prefix"


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> ImageStore:
    if request.param == "folder":
        return ImageStore(str(tmp_path / "store"))
    return ImageStore(request.getfixturevalue("bucket"))


def image_of(incoming: Incoming) -> Image:
    from datetime import UTC, datetime
    from zlib import crc32

    from jupyter_roboflow.domain.dataset import ImageState

    data = incoming.data
    return Image(
        1, 1, "a.jpg", 1, 1, incoming.sha256, len(data), crc32(data), "image/jpeg", ImageState.LABELED, None, (), 0,
        datetime.now(UTC),
    )  # fmt: skip


def test_pictures_come_back_and_nothing_else_is_left(place: ImageStore) -> None:
    incoming = [picture(place, seed) for seed in ("a", "b", "a")]
    place.put_pictures(incoming)
    for one in incoming:
        assert place.read_blob(one.sha256) == one.data
        assert place.read_thumbnail(one.sha256) == one.thumbnail
        assert not one.path.exists()
    assert sorted(found.key for found in place.list("blobs/")) == sorted({blob_key(one.sha256) for one in incoming})
    assert [found.size for found in place.list("blobs/")] == [5_000, 5_000]
    assert len(list(place.list("thumbnails/"))) == 2 and list(place.list("exports/")) == []
    assert list(place.place.unfinished()) == []


def test_a_format_reads_a_picture_with_size_and_checksum_known(place: ImageStore) -> None:
    incoming = picture(place, "a", 3_000_000)
    place.put_pictures([incoming])
    source = place.blob_source(image_of(incoming))
    assert (source.name, source.size, source.crc32) == ("a.jpg", 3_000_000, image_of(incoming).crc32)
    with source.open() as stream:
        parts = list(iter(lambda: stream.read(1_000_000), b""))
    assert b"".join(parts) == incoming.data
    with source.open() as stream:
        assert stream.read(10) == incoming.data[:10]


@pytest.mark.parametrize("damage", ["flip", "cut", "longer", "empty", "gone"])
def test_damaged_bytes_never_pass_for_good_ones(place: ImageStore, damage: str) -> None:
    incoming = picture(place, "a")
    place.put_pictures([incoming])
    data = incoming.data
    bad = {"flip": b"X" + data[1:], "cut": data[:-1], "longer": data + b"x", "empty": b""}
    if damage == "gone":
        place.delete(blob_key(incoming.sha256))
    else:
        place.put_bytes(blob_key(incoming.sha256), bad[damage])
    with pytest.raises(StorageCorrupt):
        place.read_blob(incoming.sha256)
    with pytest.raises(StorageCorrupt), place.blob_source(image_of(incoming)).open() as stream:
        while stream.read(1_000):
            pass


def test_uploading_again_heals_a_damaged_file(place: ImageStore) -> None:
    place.put_pictures([picture(place, "a")])
    again = picture(place, "a")
    place.put_bytes(blob_key(again.sha256), b"")
    place.put_pictures([again])
    assert place.read_blob(again.sha256) == again.data


def test_an_artefact_is_published_once_and_downloaded_whole(place: ImageStore, tmp_path: Path) -> None:
    made = tmp_path / "export.zip"
    made.write_bytes(b"zip" * 1_000_000)
    artefact = place.put_artefact(made, "exports/1-1.zip")
    assert artefact.size == 3_000_000 and not made.exists()
    target = place.download(artefact.key, tmp_path / "out.zip", artefact.size, artefact.sha256)
    assert target.read_bytes() == b"zip" * 1_000_000
    made.write_bytes(b"other")
    with pytest.raises(Conflict):
        place.put_artefact(made, "exports/1-1.zip")
    with pytest.raises(StorageCorrupt):
        place.download(artefact.key, tmp_path / "bad.zip", artefact.size, "0" * 64)
    with pytest.raises(StorageCorrupt):
        place.download("exports/none.zip", tmp_path / "bad.zip", 1, "0" * 64)
    with pytest.raises(Invalid):
        place.download(artefact.key, tmp_path / "no" / "folder.zip", artefact.size, artefact.sha256)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["export.zip", "out.zip"]


def test_stat_and_delete(place: ImageStore) -> None:
    assert place.stat("blobs/x") is None
    place.put_bytes("blobs/x", b"12345")
    found = place.stat("blobs/x")
    assert found is not None and found.size == 5 and abs(found.modified - time.time()) < 60
    assert not place.place.delete_older("blobs/x", time.time() - 3600)
    assert place.place.delete_older("blobs/x", time.time() + 3600)
    assert not place.place.delete_older("blobs/x", time.time() + 3600)
    place.delete("blobs/x")
    assert place.stat("blobs/x") is None


def test_a_bucket_that_is_away_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_roboflow.storage.files import bucket

    monkeypatch.setattr(bucket, "RETRIES", 1)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "me")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    store = ImageStore("s3://nowhere")
    writing = (lambda: store.put_bytes("a", b"1"), lambda: store.delete("a"))
    for act in (*writing, lambda: store.read("a"), lambda: list(store.list("")), lambda: store.stat("a")):
        with pytest.raises(BackendUnavailable, match="check the address") as caught:
            act()
        assert caught.value.code == "storage_unavailable" and "s3cret" not in str(caught.value)


def test_a_bucket_that_is_not_there_is_unavailable(bucket: str) -> None:
    with pytest.raises(BackendUnavailable):
        ImageStore("s3://there-is-no-such-bucket").put_bytes("a", b"1")


def test_only_folders_and_buckets_are_stores() -> None:
    with pytest.raises(Invalid):
        ImageStore("ftp://host/folder")


def test_opening_a_store_loads_no_object_store_library() -> None:
    code = (
        "import sys; from jupyter_roboflow.storage.files import ImageStore; ImageStore('s3://x'); ImageStore('/x');"
        "sys.exit('obstore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_store_is_private(tmp_path: Path) -> None:
    store = ImageStore(str(tmp_path / "home" / "store"))
    store.put_pictures([picture(store, "a")])
    folders = [path for path in (tmp_path / "home").rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "home", *folders)} == {0o700}


class Recorder:
    """What is asked of the file system, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[tuple[str, str]] = []
        fsync, replace_ = os.fsync, Path.replace

        def record_fsync(descriptor: int) -> None:
            self.steps.append(("fsync", str(Path(f"/proc/self/fd/{descriptor}").readlink())))
            fsync(descriptor)

        def record_replace(path: Path, target: Path) -> Path:
            self.steps.append(("rename", f"{path} {target}"))
            return replace_(path, target)

        monkeypatch.setattr(os, "fsync", record_fsync)
        monkeypatch.setattr(Path, "replace", record_replace)

    def index(self, what: str, where: str) -> int:
        return next(i for i, (step, path) in enumerate(self.steps) if step == what and path.endswith(where))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_bytes_are_flushed_then_named_then_the_name_is_flushed(
    store: ImageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = picture(store, "a")
    key = blob_key(incoming.sha256)
    made = tmp_path / "export.zip"
    made.write_bytes(b"zip")
    seen = Recorder(monkeypatch)
    store.put_pictures([incoming])
    store.put_artefact(made, "exports/1-1.zip")
    for temporary, final in ((incoming.path.name, key), (made.name, "exports/1-1.zip")):
        named = seen.index("rename", final)
        assert seen.index("fsync", temporary) < named < seen.index("fsync", str(Path(final).parent))
    for new_folder in ("store", "store/blobs", str(Path(key).parent.parent), "store/thumbnails"):
        assert seen.index("fsync", new_folder) > seen.index("rename", key) - 1, f"{new_folder} has a new entry"
    thumbnail = thumbnail_key(incoming.sha256)
    renamed = seen.index("rename", thumbnail)
    temporary = seen.steps[renamed][1].partition(" ")[0]
    assert seen.index("fsync", temporary) < renamed < seen.index("fsync", str(Path(thumbnail).parent))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_a_picture_that_is_on_the_disk_is_not_flushed_again_but_its_name_is(
    store: ImageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = [picture(store, letter) for letter in "abcdefgh"]
    seen = Recorder(monkeypatch)
    store.put_pictures(incoming, flushed=True)
    flushed = [path for step, path in seen.steps if step == "fsync"]
    for one in incoming:
        assert not any(path.endswith(one.path.name) for path in flushed)
        for key in (blob_key(one.sha256), thumbnail_key(one.sha256)):
            assert seen.index("rename", key) < seen.index("fsync", str(Path(key).parent))
        assert store.read_blob(one.sha256)
    thumbnails = [path for path in flushed if Path(path).parent == store.temp_dir()]
    assert len(thumbnails) == len(incoming)
    assert len(flushed) == len(set(flushed)), "nothing is flushed twice in a batch"


STRACE = "/usr/bin/strace"


@pytest.mark.skipif(not Path(STRACE).exists(), reason="strace is not there; the order is also checked without it")
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_system_calls_of_an_upload_are_in_the_safe_order(
    db: Database, store: ImageStore, url: str, ada: User, cells: Dataset, tmp_path: Path
) -> None:
    log = tmp_path / "calls"
    arguments = ["-m", "tests.storage.uploader", url, str(tmp_path / "home" / "store"), "1", "safe"]
    watched = "trace=fsync,fdatasync,rename,renameat,renameat2,write"
    done = subprocess.run(
        [STRACE, "-f", "-y", "-e", watched, "-o", str(log), sys.executable, *arguments],
        cwd=Path(__file__).parents[2], capture_output=True, text=True,
    )  # fmt: skip
    if "ptrace" in done.stderr and done.returncode:
        pytest.skip("tracing is not allowed here")
    assert done.returncode == 0, done.stderr
    _, image_id, sha256 = done.stdout.split()
    calls = log.read_text(errors="replace").splitlines()

    def first(*words: str, after: int = -1) -> int:
        return next(i for i, line in enumerate(calls) if i > after and all(word in line for word in words))

    renamed = first("rename", f"{blob_key(sha256)}")
    temporary = calls[renamed].partition('"')[2].partition('"')[0]
    flushed = first("fsync", temporary)
    folder = first("fsync", str(Path(blob_key(sha256)).parent) + ">", after=renamed)
    committed = first("roboflow.db-wal", "sync", after=folder)
    answered = first("write", f"ack {image_id}")
    assert flushed < renamed < folder < committed < answered


def test_a_read_only_store_says_so_and_still_reads(
    db: Database, store: ImageStore, ada: User, cells: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = upload(db, store, ada, cells.id, "a")
    incoming = picture(store, "b")

    def refuse(_path: Path, _target: Path) -> Path:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(BackendUnavailable) as caught:
        store.put_pictures([incoming])
    assert caught.value.code == "storage_read_only"
    assert len(store.read_blob(image.sha256)) == image.size
    monkeypatch.undo()
    store.put_pictures([replace(incoming)])
    assert store.read_blob(incoming.sha256) == incoming.data


@pytest.mark.parametrize("size", [100, 12_000_000], ids=["at once", "in parts"])
def test_a_bucket_keeps_the_headers_that_its_links_are_sent_with(bucket: str, tmp_path: Path, size: int) -> None:
    store = ImageStore(bucket)
    starts = {"png": b"\x89PNG\r\n\x1a\n", "html": b"<html><script>", "zip": b"PK\x03\x04"}
    wanted = {"png": ("image/png", "inline"), "html": ("application/octet-stream", "attachment")}
    for name, start in starts.items():
        path = tmp_path / name
        path.write_bytes(start.ljust(size, b"\0"))
        store.put_artefact(path, f"x/{name}", "cells ü.zip" if name == "zip" else "")
        link = store.link(f"x/{name}", 60)
        assert link is not None
        with urllib.request.urlopen(link) as answer:
            told = answer.headers["Content-Type"], answer.headers["Content-Disposition"]
            assert len(answer.read()) == size
        saved = ("application/zip", "attachment; filename=\"cells _.zip\"; filename*=UTF-8''cells%20%C3%BC.zip")
        assert told == wanted.get(name, saved)
