"""Whatever people call a source becomes a stream of pictures; what is no picture is counted, what is bad is named."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from jupyter_roboflow.archive import open_files
from jupyter_roboflow.domain.errors import Invalid, NotFound, RoboflowError, UnreadableDataset
from jupyter_roboflow.ingest import DecodePool, Incoming, Outcome, Picture, open_sources
from jupyter_roboflow.settings import Settings
from tests.ingest import pictures as make
from tests.ingest.pictures import opened

Bring = Callable[..., list[Outcome]]


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def bring(pool: DecodePool, workdir: Path) -> Bring:
    """Everything a source has, checked; afterwards only the accepted pictures lie in the work folder."""

    def run(sources: Any, skipped: Counter[str] | None = None, **settings: Any) -> list[Outcome]:
        before = set(workdir.iterdir())
        found = list(pool.map(open_sources(sources, Settings(**settings), workdir, skipped)))
        kept = {outcome.picture.path for outcome in found if outcome.picture}
        assert set(workdir.iterdir()) == kept | before
        return found

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one deeper, one broken, and other files."""
    root = tmp_path / "photos"
    (root / "deep" / "deeper").mkdir(parents=True)
    (root / "a.jpg").write_bytes(make.jpeg())
    (root / "deep" / "deeper" / "B.PNG").write_bytes(make.png())
    (root / "deep" / "broken.jpg").write_bytes(make.jpeg()[:-2])
    (root / "notes.txt").write_text("no picture")
    (root / "labels.xml").write_text("<a/>")
    (root / "more.txt").write_text("no picture")
    return root


def names(outcomes: list[Outcome]) -> list[str]:
    return [outcome.filename for outcome in outcomes]


def codes(outcomes: list[Outcome]) -> list[str]:
    return [outcome.error.code if outcome.error else "" for outcome in outcomes]


def only(outcomes: list[Outcome]) -> Picture:
    (outcome,) = outcomes
    assert outcome.picture, outcome.error
    return outcome.picture


def pixels(picture: Picture) -> np.ndarray:
    return np.asarray(opened(picture.path.read_bytes()))


def test_a_path_as_text_or_as_path(bring: Bring, folder: Path) -> None:
    for source in (folder / "a.jpg", str(folder / "a.jpg"), [folder / "a.jpg"]):
        picture = only(bring(source))
        assert picture.filename == "a.jpg"
        picture.path.unlink()
    assert (folder / "a.jpg").read_bytes() == make.jpeg()


def test_a_folder_goes_down_and_counts_what_it_passes_over(bring: Bring, folder: Path) -> None:
    skipped: Counter[str] = Counter()
    outcomes = bring(folder, skipped)
    assert names(outcomes) == ["a.jpg", "broken.jpg", "B.PNG"]
    assert codes(outcomes) == ["", "image_truncated", ""]
    assert skipped == {".txt": 2, ".xml": 1}


def test_globs(bring: Bring, folder: Path) -> None:
    assert names(bring(str(folder / "*.jpg"))) == ["a.jpg"]
    assert names(bring(str(folder / "**" / "*.jpg"))) == ["a.jpg", "broken.jpg"]
    assert names(bring(str(folder / "**" / "*"))) == ["a.jpg", "broken.jpg", "B.PNG"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(bring: Bring, folder: Path) -> None:
    odd = folder / "[a]*.jpg" if os.name != "nt" else folder / "[a].jpg"
    odd.write_bytes(make.png())
    assert only(bring(str(odd))).media_type == "image/png"


@pytest.mark.parametrize("source", ["nothing/*.jpg", "nothing.jpg", "nul\0.jpg", "x" * 5000])
def test_a_source_that_matches_nothing_says_so(bring: Bring, source: str) -> None:
    with pytest.raises(NotFound) as caught:
        bring(source)
    assert caught.value.code in ("source_empty", "source_not_found")
    assert "check the" in caught.value.message


def test_a_folder_without_pictures_says_so(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.txt").write_text("")
    with pytest.raises(NotFound, match="no pictures in"):
        bring(tmp_path / "empty")


def test_in_a_list_a_bad_source_is_one_entry(bring: Bring, folder: Path) -> None:
    outcomes = bring([folder / "a.jpg", "missing.jpg", 42, folder / "deep", "no/*.png", make.png()])
    assert codes(outcomes) == [
        "", "source_not_found", "wrong_type", "image_truncated", "", "source_empty", "",
    ]  # fmt: skip
    assert names(outcomes)[1:3] == ["missing.jpg", "int"]


@pytest.mark.parametrize("source", [42, None, {"a.jpg": b""}])
def test_what_is_no_source_is_named(bring: Bring, source: object) -> None:
    with pytest.raises(Invalid) as caught:
        bring(source)
    assert caught.value.code == "wrong_type"


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip(bring: Bring, tmp_path: Path, method: int) -> None:
    members = {"x/a.jpg": make.jpeg(), "x/b.png": make.png(), "c.jpg": make.jpeg()[:-1], "x/a.txt": b"", "i.zip": b"PK"}
    skipped: Counter[str] = Counter()
    outcomes = bring(zipped(tmp_path / "a.zip", members, method), skipped)
    assert names(outcomes) == ["c.jpg", "a.jpg", "b.png"]
    assert codes(outcomes) == ["image_truncated", "", ""]
    assert skipped[".txt"] == 1


def test_a_zip_under_another_name_is_a_zip(bring: Bring, tmp_path: Path) -> None:
    path = zipped(tmp_path / "upload.bin", {"a.jpg": make.jpeg(), "b.jpg": make.jpeg()})
    assert names(bring(path)) == ["a.jpg", "b.jpg"]


def test_a_zip_that_climbs_out_is_refused_whole(bring: Bring, tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path / "evil.zip", {"../../evil.jpg": make.jpeg(), "a.jpg": make.jpeg()})
    with pytest.raises(UnreadableDataset):
        bring(path)
    outcomes = bring([path, folder / "a.jpg"])
    assert codes(outcomes) == ["unsafe_path", ""]
    assert not (tmp_path.parent / "evil.jpg").exists()


def test_a_damaged_member_is_one_entry(bring: Bring, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.jpg": make.jpeg(), "b.png": make.png()}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    at = data.index(make.jpeg()) + 300
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert codes(bring(path)) == ["archive_corrupt", ""]


def test_open_files_and_bytes(bring: Bring, folder: Path) -> None:
    with (folder / "a.jpg").open("rb") as file:
        assert only(bring(file)).filename == "a.jpg"
    named = io.BytesIO(make.png())
    named.name = "../sent.png"
    sources = [io.BytesIO(make.jpeg()), named, make.jpeg(), bytearray(make.png()), memoryview(make.png())]
    assert names(bring(sources)) == ["image", "sent.png", "image", "image", "image"]


def test_a_file_opened_by_a_generator_may_be_closed_again(bring: Bring, folder: Path) -> None:
    def each() -> Iterator[object]:
        for _ in range(20):
            with (folder / "a.jpg").open("rb") as file:
                yield file

    assert codes(bring(each())) == [""] * 20


def test_a_file_opened_as_text_is_named(bring: Bring, folder: Path) -> None:
    with (folder / "notes.txt").open() as file:
        (outcome,) = bring(file)
    assert outcome.error
    assert 'mode "rb"' in outcome.error.message


def test_a_stream_over_the_limit_is_cut_short(bring: Bring) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            Endless.given += size
            return bytes(size)

    assert codes(bring(Endless(), max_image_bytes=5_000_000)) == ["image_too_large"]
    assert Endless.given < 10_000_000


@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 1), (20, 30, 3), (20, 30, 4)])
@pytest.mark.parametrize("kind", ["uint8", "uint16"])
def test_arrays_come_through_without_loss(bring: Bring, shape: tuple[int, ...], kind: str) -> None:
    array = np.random.default_rng(0).integers(0, np.iinfo(kind).max, shape, dtype=kind)
    picture = only(bring(array))
    assert (picture.filename, picture.media_type) == ("image.png", "image/png")
    back: Any = cv2.imdecode(np.frombuffer(picture.path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    if back.ndim == 3:
        back = back[..., [2, 1, 0, 3][: back.shape[2]]]
    assert np.array_equal(back, array.reshape(back.shape))
    assert back.dtype == array.dtype


def test_a_mask_of_truth_values(bring: Bring) -> None:
    mask = np.arange(600).reshape(20, 30) % 7 == 0
    assert np.array_equal(pixels(only(bring(mask))), mask)


def test_an_array_used_again_for_the_next_picture(bring: Bring) -> None:
    frame = np.zeros((40, 50, 3), dtype=np.uint8)

    def film() -> Iterator[np.ndarray]:
        for number in range(12):
            frame[:] = number * 20
            yield frame

    values = [int(pixels(outcome.picture)[0, 0, 0]) for outcome in bring(film()) if outcome.picture]
    assert values == [number * 20 for number in range(12)]


@pytest.mark.parametrize(
    "array, code",
    [
        (np.zeros((2, 3, 4, 3), np.uint8), "array_shape"),
        (np.zeros((3, 20, 30), np.uint8), "array_shape"),
        (np.zeros((20, 30, 3)), "array_type"),
        (np.zeros((20, 30, 3), bool), "array_type"),
        (np.zeros((0, 30), np.uint8), "image_empty"),
    ],
    ids=["a stack", "channels first", "floats", "three masks", "no pixels"],
)
def test_an_array_that_is_no_picture_is_refused(bring: Bring, array: np.ndarray, code: str) -> None:
    assert codes(bring([array])) == [code]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK", "YCbCr", "F", "HSV"])
def test_pillow_images_of_every_mode(bring: Bring, mode: str) -> None:
    image = make.photo(40, 30, "L").convert("I").convert(mode) if mode == "I;16" else make.photo(40, 30).convert(mode)
    picture = only(bring(image))
    assert (picture.width, picture.height) == (40, 30)
    if mode not in ("HSV", "P"):
        expected = image.convert("RGB") if mode == "YCbCr" else image
        assert np.array_equal(pixels(picture), np.asarray(expected))


def test_a_pillow_image_keeps_its_name_and_its_orientation(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    path.write_bytes(make.jpeg(exif=make.exif_with_orientation(6)))
    with Image.open(path) as image:
        picture = only(bring(image))
    assert (picture.filename, picture.orientation) == ("phone.png", 6)
    assert (picture.width, picture.height) == (240, 320)


def test_a_broken_pillow_image_is_one_entry(bring: Bring) -> None:
    with Image.open(io.BytesIO(make.jpeg()[:900])) as image:
        assert codes(bring([image, make.png()])) == ["source_unreadable", ""]


def test_the_files_of_an_opened_archive(bring: Bring, folder: Path, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x/a.jpg": make.jpeg(), "b.png": make.png()})
    with open_files(path) as archive, open_files(folder) as files:
        outcomes = bring([archive.get("x/a.jpg"), archive.get("b.png"), files.get("a.jpg")])
    assert names(outcomes) == ["a.jpg", "b.png", "a.jpg"]
    assert (folder / "a.jpg").exists()


def test_something_already_written_is_taken_as_it_is(bring: Bring, workdir: Path) -> None:
    (workdir / "part").write_bytes(make.jpeg())
    picture = only(bring(Incoming("sent.jpg", workdir / "part")))
    assert picture.path == workdir / "part"


def test_names_no_one_may_have_are_refused_one_by_one(bring: Bring) -> None:
    files = [io.BytesIO(make.png()) for _ in range(3)]
    for file, name in zip(files, ("a\ud800.png", "x" * 4096, "\u202efine.png"), strict=True):
        file.name = name
    outcomes = bring(files)
    assert codes(outcomes) == ["bad_unicode", "name_too_long", ""]
    assert names(outcomes)[0] == "a?.png"
    assert names(outcomes)[2] == "fine.png"


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_from_an_old_system_is_shown_with_a_mark(bring: Bring, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.png"
    try:
        with open(path, "wb") as file:  # noqa: PTH123 - a name that is no text
            file.write(make.png())
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    assert only(bring(Path(os.fsdecode(path)))).filename == "caf\ufffd.png"


@pytest.mark.parametrize("way", ["path", "list", "bytes", "file", "folder", "zip", "glob"])
@pytest.mark.parametrize("data", [make.jpeg()[:-2], make.png()[:-12]], ids=["IMG-005", "IMG-007"])
def test_a_cut_file_is_refused_the_same_on_every_way_in(bring: Bring, tmp_path: Path, way: str, data: bytes) -> None:
    root = tmp_path / "in"
    root.mkdir()
    path = root / "a.jpg"
    path.write_bytes(data)
    if way == "zip":
        path = zipped(tmp_path / "a.zip", {"a.jpg": data})
    sources = {"path": path, "zip": path, "list": [path], "bytes": data, "file": io.BytesIO(data), "folder": root}
    assert codes(bring(sources.get(way, str(root / "*")))) == ["image_truncated"]


def test_temporary_files_of_the_standard_library(bring: Bring) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(make.png())
        file.seek(0)
        assert only(bring(file)).filename == "image"  # its name is a number


def test_an_error_keeps_its_class(bring: Bring) -> None:
    (outcome,) = bring([b"\x00\x00\x01\x00 icon"])
    assert isinstance(outcome.error, RoboflowError)
    assert type(outcome.error).__name__ == "UnsupportedImage"
