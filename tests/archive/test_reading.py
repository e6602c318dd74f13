"""Reading folders and zip archives, good and hostile."""

from __future__ import annotations

import os
import stat
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyter_roboflow.archive import Files, ZipSink, open_files
from jupyter_roboflow.domain.errors import NotFound, TooLarge, UnreadableDataset

from .archives import make_zip, zip_with_raw_names

MEMBERS = {"b.txt": b"second", "a/ä.txt": b"first" * 1000, "a/c/d.bin": bytes(range(256)) * 2000, "leer.txt": b""}


@pytest.fixture(params=["folder", "deflated", "stored", "own"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        for name, data in MEMBERS.items():
            (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / name).write_bytes(data)
        return open_files(tmp_path / "in")
    path = tmp_path / "in.zip"
    if request.param == "own":
        with ZipSink(path) as sink:
            for name, data in MEMBERS.items():
                sink.add(name, data)
    else:
        make_zip(path, MEMBERS, zipfile.ZIP_STORED if request.param == "stored" else zipfile.ZIP_DEFLATED)
    return open_files(path)


def refusal(path: Path, **limits: int) -> str:
    with pytest.raises(UnreadableDataset) as caught, open_files(path, **limits) as files:
        for name in files.names:
            files.read(name)
    assert path.name in caught.value.message or "names" in caught.value.details
    return caught.value.code


def test_names_are_sorted_and_bytes_come_back(files: Files) -> None:
    with files:
        assert list(files.names) == sorted(MEMBERS)
        assert {name: files.read(name) for name in files.names} == MEMBERS
        assert {name: files.get(name).size for name in files.names} == {n: len(d) for n, d in MEMBERS.items()}
        assert "b.txt" in files and "nothing" not in files


def test_a_file_opens_as_a_stream_that_can_go_back(files: Files) -> None:
    data = MEMBERS["a/c/d.bin"]
    with files, files.get("a/c/d.bin").open() as stream:
        assert stream.read(10) == data[:10]
        assert stream.seek(400_000) == 400_000
        assert stream.read(7) == data[400_000:400_007]
        assert stream.seek(-5, os.SEEK_END) == len(data) - 5
        assert stream.read() == data[-5:]
        stream.seek(0)
        assert stream.read() == data


def test_an_unknown_name_is_not_found(files: Files) -> None:
    with files:
        for ask in (files.get, files.read):
            with pytest.raises(NotFound, match=r"nothing\.txt"):
                ask("nothing.txt")
        with pytest.raises(NotFound):
            files.get("../outside.txt")


def test_a_file_over_the_limit_is_too_large(files: Files) -> None:
    with files, pytest.raises(TooLarge, match=r"d\.bin"):
        files.read("a/c/d.bin", limit=1000)


def test_many_threads_read_one_archive(files: Files) -> None:
    with files, ThreadPoolExecutor(4) as pool:
        names = list(MEMBERS) * 25
        assert list(pool.map(files.read, names)) == [MEMBERS[name] for name in names]


@pytest.mark.parametrize(
    "name",
    [b"../evil.txt", b"a/../../evil.txt", b"/etc/evil", b"C:evil.txt", b"c:/evil.txt", b"a\\..\\evil.txt", b"..",
     b"\\\\host\\evil", b"a/..", b"nul\x00.txt", b"line\nbreak.txt"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name: bytes, tmp_path: Path) -> None:
    assert refusal(zip_with_raw_names(tmp_path / "slip.zip", [b"fine.txt", name])) == "unsafe_path"
    assert [p.name for p in tmp_path.iterdir()] == ["slip.zip"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_in_an_archive_are_refused(kind: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        info = zipfile.ZipInfo("images/a.jpg")
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert refusal(tmp_path / "link.zip") == "unsafe_entry"


@pytest.mark.parametrize("other", ["a/b.txt", "A/B.TXT", "a/./b.txt", "a//b.txt"])
def test_two_entries_of_one_name_are_refused(other: str, tmp_path: Path) -> None:
    path = zip_with_raw_names(tmp_path / "twice.zip", [b"a/b.txt", other.encode()])
    assert refusal(path) == "duplicate_entry"


def test_names_that_differ_only_in_composition_are_refused(tmp_path: Path) -> None:
    path = zip_with_raw_names(tmp_path / "nfd.zip", ["ä.txt".encode(), "a\u0308.txt".encode()])
    assert refusal(path) == "duplicate_entry"


@pytest.mark.parametrize("count", [100_000, 1_000_000])
def test_an_archive_of_very_many_entries_is_refused_quickly(count: int, tmp_path: Path) -> None:
    with ZipSink(tmp_path / "many.zip") as sink:
        for number in range(count):
            sink.add(f"{number}", b"")
    start = time.process_time()
    assert refusal(tmp_path / "many.zip", max_entries=50_000) == "too_many_entries"
    assert time.process_time() - start < 5


def test_an_archive_that_lies_about_its_count_is_refused_too(tmp_path: Path) -> None:
    path = zip_with_raw_names(tmp_path / "liar.zip", [b"%d" % i for i in range(1000)])
    data = bytearray(path.read_bytes())
    data[-14:-10] = b"\x01\x00\x01\x00"
    path.write_bytes(bytes(data))
    assert refusal(path, max_entries=500) == "too_many_entries"
    assert refusal(path, max_entries=5000) == "archive_corrupt"


def test_a_bomb_is_refused_by_what_it_says(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "bomb.zip", {"a.bin": b"\0" * 60_000_000})
    assert refusal(path) == "archive_bomb"
    small = make_zip(tmp_path / "small.zip", {f"{i}.bin": bytes(1000) for i in range(20)})
    assert refusal(small, max_bytes=19_999) == "archive_bomb"
    with open_files(small, max_bytes=20_000) as files:
        assert len(files.names) == 20


def test_a_member_that_unpacks_to_more_than_it_says_is_stopped(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "lies.zip", {"a.bin": b"\0" * 5_000_000})
    data = path.read_bytes().replace((5_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(data)
    assert refusal(path) == "archive_corrupt"
    with open_files(path) as files, files.get("a.bin").open() as stream, pytest.raises(UnreadableDataset):
        stream.read()


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    path = zip_with_raw_names(tmp_path / "overlap.zip", [b"a.bin", b"b.bin"], b"x" * 1000)
    data = path.read_bytes()
    second = data.rindex(b"PK\x01\x02")
    patched = bytearray(data)
    patched[second + 42 : second + 46] = b"\0\0\0\0"
    path.write_bytes(bytes(patched))
    assert refusal(path) == "archive_bomb"


def test_every_cut_and_every_flipped_byte_is_noticed_or_harmless(tmp_path: Path) -> None:
    """No damage may raise anything but our errors, and what is read is never other than what was written."""
    good = make_zip(tmp_path / "good.zip", {"a.txt": b"hello hello hello " * 5, "b.txt": b"other"}).read_bytes()
    expected = {b"hello hello hello " * 5, b"other"}
    path = tmp_path / "bad.zip"
    damaged = [good[:cut] for cut in range(len(good))]
    damaged += [good[:at] + bytes([good[at] ^ flip]) + good[at + 1 :] for at in range(len(good)) for flip in (1, 0x80)]
    refused = 0
    for data in damaged:
        path.write_bytes(data)
        try:
            with open_files(path) as files:
                for name in files.names:
                    assert files.read(name) in expected
                    with files.get(name).open() as stream:
                        assert stream.read() in expected
        except UnreadableDataset:
            refused += 1
    assert refused > len(good)


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "secret.zip", {"a.txt": b"x"}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(UnreadableDataset, match="encrypted") as caught:
        open_files(path)
    assert caught.value.code == "archive_corrupt"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_compression_is_refused_by_name_of_the_file(method: int, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDataset, match=r"a\.txt uses compression method") as caught:
        open_files(make_zip(tmp_path / "rare.zip", {"a.txt": b"x" * 100}, method))
    assert caught.value.code == "archive_corrupt"


def test_files_that_are_no_archives_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not a zip")
    assert refusal(tmp_path / "text.zip") == "archive_corrupt"
    (tmp_path / "data.tar.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(UnreadableDataset, match="unpack it"):
        open_files(tmp_path / "data.tar.gz")
    with pytest.raises(NotFound, match="gone"):
        open_files(tmp_path / "gone")


def test_one_json_file_stands_for_itself_and_the_pictures_around_it(tmp_path: Path) -> None:
    for name in ("annotations/one.json", "annotations/two.json", "train/a.png", "labels/a.txt", "names.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    with open_files(tmp_path / "annotations" / "one.json") as files:
        assert files.chosen == "annotations/one.json"
        assert list(files.names) == ["annotations/one.json", "names.csv", "train/a.png"]
    with open_files(tmp_path) as files:
        assert files.chosen is None and len(files.names) == 5


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right on Windows")
def test_a_json_file_that_is_a_link_to_elsewhere_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "one.json").write_text("{}")
    (tmp_path / "in" / "one.json").symlink_to(tmp_path / "one.json")
    with pytest.raises(UnreadableDataset, match="Copy it beside its pictures"):
        open_files(tmp_path / "in" / "one.json")


def test_left_overs_and_inner_archives_are_not_part_of_the_dataset(tmp_path: Path) -> None:
    members = ["__MACOSX/a/._a.jpg", "a/.DS_Store", "a/Thumbs.db", "a/._a.jpg", "a/.hidden.jpg", "a/a.jpg", "inner.zip"]
    with open_files(make_zip(tmp_path / "mac.zip", dict.fromkeys(members, b"x"))) as files:
        assert list(files.names) == ["a/a.jpg", "inner.zip"]
        assert [(loss.where, loss.why) for loss in files.notes] == [
            ("a/.hidden.jpg", "hidden files are left out"),
            ("inner.zip", "archives inside are not opened"),
        ]


def test_a_self_extracting_archive_and_a_comment_are_no_problem(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "sfx.zip", {"a.txt": b"hello"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"made by hand PK\x03\x04"
    path.write_bytes(b"PK stub in front" + path.read_bytes())
    with open_files(path) as files:
        assert files.read("a.txt") == b"hello"


def test_names_of_tools_that_forget_the_utf8_flag(tmp_path: Path) -> None:
    path = zip_with_raw_names(tmp_path / "flag.zip", ["ä.txt".encode()])
    path.write_bytes(path.read_bytes().replace(b"\x00\x08\x00\x00", b"\x00\x00\x00\x00"))
    with open_files(path) as files:
        assert list(files.names) == ["ä.txt"]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right on Windows")
def test_links_that_leave_the_folder_are_left_out_and_noted(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "in"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text("a")
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "inside.txt").symlink_to(root / "a.txt")
    (root / "dangling.txt").symlink_to(root / "nothing")
    (root / "folder").symlink_to(tmp_path / "elsewhere")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe")
    files = open_files(root)
    assert list(files.names) == ["a.txt", "inside.txt"]
    assert {loss.where for loss in files.notes} == {"out.txt", "dangling.txt", "folder", "loop", "pipe"}
    with pytest.raises(NotFound):
        files.read("out.txt")


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path) -> None:
    for number in range(11):
        (tmp_path / f"{number}").touch()
    assert len(open_files(tmp_path, max_entries=11).names) == 11
    with pytest.raises(UnreadableDataset) as caught:
        open_files(tmp_path, max_entries=10)
    assert caught.value.code == "too_many_entries"
