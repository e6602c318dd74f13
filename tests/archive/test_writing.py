"""Writing zip archives and folders."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_roboflow.archive import FolderSink, Sink, ZipSink, open_files
from jupyter_roboflow.domain.errors import Conflict, Invalid, StorageCorrupt

from .archives import Bytes

MEMBERS = {"README.md": b"about", "images/ü.jpg": b"\xff\xd8" * 5000, "labels/a.txt": b"", "big.json": b'{"a": 1}' * 99}


@pytest.fixture(params=[ZipSink, FolderSink])
def make_sink(request: pytest.FixtureRequest) -> Callable[[Path], Sink]:
    return request.param


def fill(sink: Sink) -> None:
    sink.add("README.md", MEMBERS["README.md"])
    picture = MEMBERS["images/ü.jpg"]
    sink.copy("images/ü.jpg", Bytes("blob", picture, zlib.crc32(picture)))
    sink.copy("labels/a.txt", Bytes("blob", b""))
    with sink.stream("big.json") as out:
        for _ in range(99):
            out.write(b'{"a": 1}')


def test_everything_written_comes_back(make_sink: Callable[[Path], Sink], tmp_path: Path) -> None:
    with make_sink(tmp_path / "out") as sink:
        fill(sink)
    with open_files(tmp_path / "out") as files:
        assert {name: files.read(name) for name in files.names} == MEMBERS
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_others_read_the_archive(tmp_path: Path) -> None:
    with ZipSink(tmp_path / "out.zip") as sink:
        fill(sink)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == MEMBERS
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-tq", str(tmp_path / "out.zip")], check=True, capture_output=True)


def test_the_same_calls_give_the_same_bytes(tmp_path: Path) -> None:
    digests: set[str] = set()
    for name in ("one.zip", "two.zip"):
        with ZipSink(tmp_path / name) as sink:
            fill(sink)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_nothing_is_visible_before_the_end_and_nothing_is_left_after_an_error(
    make_sink: Callable[[Path], Sink], tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError), make_sink(tmp_path / "out") as sink:
        fill(sink)
        assert not (tmp_path / "out").exists()
        raise RuntimeError("disk full")
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_streaming_leaves_nothing(make_sink: Callable[[Path], Sink], tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), make_sink(tmp_path / "out") as sink, sink.stream("a.json") as out:
        out.write(b"half")
        raise RuntimeError("disk full")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("again", ["a/b.txt", "A/B.txt"])
def test_a_name_is_taken_once(make_sink: Callable[[Path], Sink], again: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught, make_sink(tmp_path / "out") as sink:
        sink.add("a/b.txt", b"")
        sink.add(again, b"")
    assert caught.value.code == "duplicate_entry"


@pytest.mark.parametrize("name", ["../a", "/a", "a/../b", "a\\b", "", "a//b", "./a", "C:/a", "a/", "a\n"])
def test_a_sink_never_writes_elsewhere(make_sink: Callable[[Path], Sink], name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught, make_sink(tmp_path / "out") as sink:
        sink.add(name, b"x")
    assert caught.value.code == "unsafe_path"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("crc", [None, 1])
def test_a_source_of_another_size_than_it_says_fails(
    make_sink: Callable[[Path], Sink], crc: int | None, tmp_path: Path
) -> None:
    with pytest.raises(StorageCorrupt, match="blob"), make_sink(tmp_path / "out") as sink:
        sink.copy("a.jpg", Bytes("blob", b"1234", crc, claimed=5))
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with FolderSink(tmp_path / "out") as sink:
        sink.add("a.txt", b"one")
    with pytest.raises(Conflict, match="not empty"):
        FolderSink(tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"one"
    with pytest.raises(Conflict, match="is a file"):
        FolderSink(tmp_path / "out" / "a.txt")


def test_a_new_archive_takes_the_place_of_the_old_one_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    with ZipSink(path) as sink:
        sink.add("a.txt", b"old")
    with pytest.raises(RuntimeError), ZipSink(path) as sink:
        sink.add("a.txt", b"new")
        raise RuntimeError
    with open_files(path) as files:
        assert files.read("a.txt") == b"old"
    with ZipSink(path) as sink:
        sink.add("a.txt", b"new")
    with open_files(path) as files:
        assert files.read("a.txt") == b"new"


def test_one_file_is_streamed_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught, ZipSink(tmp_path / "out.zip") as sink, sink.stream("a.json"):
        sink.add("b.txt", b"")
    assert caught.value.code == "sink_busy"


def test_more_than_65535_members_need_zip64(tmp_path: Path) -> None:
    with ZipSink(tmp_path / "many.zip") as sink:
        for number in range(70_000):
            sink.add(f"labels/{number}.txt", b"")
    with zipfile.ZipFile(tmp_path / "many.zip") as archive:
        assert len(archive.infolist()) == 70_000
    with open_files(tmp_path / "many.zip") as files:
        assert len(files.names) == 70_000


def test_archives_of_more_than_4_gib_need_zip64(tmp_path: Path) -> None:
    picture = b"p" * 3000
    with ZipSink(tmp_path / "big.zip") as sink:
        sink.add("first.txt", b"1")
        # A sparse hole of 4 GiB stands for members nobody wants to write in a test.
        sink._out.seek(2**32 + 10)  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue, reportUnknownMemberType]
        sink._position = 2**32 + 10  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
        sink.copy("behind.jpg", Bytes("blob", picture, zlib.crc32(picture)))
        with sink.stream("last.json") as out:
            out.write(b"{}")
    with zipfile.ZipFile(tmp_path / "big.zip") as archive:
        assert archive.read("behind.jpg") == picture
        assert archive.read("last.json") == b"{}"
        assert archive.read("first.txt") == b"1"
    with open_files(tmp_path / "big.zip") as files:
        assert files.read("behind.jpg") == picture
        assert files.read("last.json") == b"{}"
