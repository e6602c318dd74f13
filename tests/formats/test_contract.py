"""What every format must do, for all of them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_roboflow.archive import ZipSink, open_files
from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.domain.errors import Invalid, UnreadableDataset
from jupyter_roboflow.domain.manifest import Manifest
from jupyter_roboflow.domain.shapes import BBox, Point, Polygon
from jupyter_roboflow.formats import FORMATS, Format, detect
from tests.formats.manifests import (
    BOXES,
    OUTLINES,
    box,
    example,
    facts,
    golden,
    labels_of,
    largest_difference,
    manifest,
    manifests,
    picture,
    read,
    tree,
    write,
)

GOLDEN = Path(__file__).parents[1] / "golden"


@dataclass(frozen=True)
class Case:
    """One way to write a format: what it keeps that way, and how close coordinates come back, in pixels."""

    format: str
    kinds: tuple[str, ...]
    tolerance: float
    write: dict[str, Any] = field(default_factory=dict[str, Any])
    read: dict[str, Any] = field(default_factory=dict[str, Any])
    parts: bool = False
    golden: str = ""
    shapes: tuple[BBox | Polygon, ...] = ()


CASES = [
    Case("yolo", ("bbox",), 1e-5, {"task": "detect"}, golden="yolo-detect", shapes=BOXES),
    Case("yolo", ("polygon",), 1e-5, {"task": "segment"}, golden="yolo-segment", shapes=OUTLINES),
    Case("voc", ("bbox", "polygon"), 2e-6, parts=True, golden="voc", shapes=(BOXES[0], *OUTLINES[1:])),
    Case("voc", ("bbox", "polygon"), 2e-6, {"origin": 0}, {"origin": 0}, parts=True),
    Case("coco", ("bbox", "polygon"), 1e-9, parts=True, golden="coco", shapes=(BOXES[0], OUTLINES[1], OUTLINES[0])),
    Case("coco", ("bbox", "polygon"), 1e-9, {"layout": "roboflow", "id_base": 0}, parts=True),
]
IDS = ["-".join([case.format, *map(str, case.write.values())]) for case in CASES]
each_case = pytest.mark.parametrize("case", CASES, ids=IDS)
each_golden = pytest.mark.parametrize("case", [c for c in CASES if c.golden], ids=[c.golden for c in CASES if c.golden])
each_format = pytest.mark.parametrize("format", FORMATS.values(), ids=list(FORMATS))


def test_every_format_is_in_the_contract() -> None:
    assert {case.format for case in CASES} == set(FORMATS)
    for format in FORMATS.values():
        kept = {kind for case in CASES if case.format == format.name for kind in case.kinds}
        assert kept == format.keeps


@pytest.mark.parametrize("folder", [p.name for p in sorted(GOLDEN.iterdir()) if p.name.split("-")[0] in FORMATS])
def test_a_golden_folder_is_of_its_format_and_of_no_other(folder: str) -> None:
    with open_files(GOLDEN / folder) as files:
        assert detect(files).name == folder.split("-")[0]
        others = {name: format.detect(files) for name, format in FORMATS.items() if name != folder.split("-")[0]}
    assert all(isinstance(reason, str) and len(reason) > 10 for reason in others.values())


@each_format
def test_every_format_has_a_golden_folder(format: Format) -> None:
    assert [p for p in GOLDEN.iterdir() if p.name.split("-")[0] == format.name]


@each_golden
def test_the_golden_folder_reads_as_expected(case: Case) -> None:
    found = read(FORMATS[case.format], GOLDEN / case.golden, case.read)
    assert facts(found) == facts(golden(case.shapes))
    assert largest_difference(golden(case.shapes), found) <= case.tolerance


@each_golden
def test_the_golden_dataset_is_written_as_these_bytes(case: Case, tmp_path: Path) -> None:
    write(FORMATS[case.format], golden(case.shapes), tmp_path / "out", case.write)
    found, expected = tree(tmp_path / "out"), tree(GOLDEN / case.golden)
    assert found.keys() == expected.keys()
    pictures = {name for name in expected if name.endswith((".png", ".jpg"))}  # their bytes depend on Pillow's release
    assert {n: found[n] for n in found.keys() - pictures} == {n: expected[n] for n in expected.keys() - pictures}


@each_case
def test_what_a_format_keeps_comes_back_equal(case: Case) -> None:
    format = FORMATS[case.format]

    @given(manifests(case.kinds, parts=case.parts))
    def run(dataset: Manifest) -> None:
        with TemporaryDirectory() as folder:
            losses = write(format, dataset, Path(folder) / "out.zip", case.write)
            found = read(format, Path(folder) / "out.zip", case.read)
            assert facts(found)["images"] == facts(dataset)["images"]
            assert largest_difference(dataset, found) <= case.tolerance
            assert {loss.what for loss in losses} <= {"noted"}
            kept = dict(facts(dataset)["labels"])
            for name, index in facts(found)["labels"]:
                assert kept[name] == index

    run()


@each_case
def test_the_same_dataset_gives_the_same_bytes(case: Case) -> None:
    format = FORMATS[case.format]

    @given(manifests(case.kinds), st.booleans())
    def run(dataset: Manifest, as_zip: bool) -> None:
        with TemporaryDirectory() as folder:
            paths = [Path(folder) / f"{name}{'.zip' if as_zip else ''}" for name in ("one", "two")]
            for path in paths:
                write(format, replace(dataset, examples=iter(dataset.examples)), path, case.write)
            if as_zip:
                assert paths[0].read_bytes() == paths[1].read_bytes()
            assert tree(paths[0]) == tree(paths[1])

    run()


@each_case
def test_a_folder_and_an_archive_hold_the_same(case: Case, tmp_path: Path) -> None:
    dataset = golden(case.shapes or BOXES)
    for name in ("out", "out.zip"):
        write(FORMATS[case.format], dataset, tmp_path / name, case.write)
    assert tree(tmp_path / "out") == tree(tmp_path / "out.zip")


@each_case
def test_an_archive_with_everything_in_one_folder_reads_the_same(case: Case, tmp_path: Path) -> None:
    dataset = golden(case.shapes or BOXES)
    write(FORMATS[case.format], dataset, tmp_path / "test" / "my export", case.write)
    shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "test")
    with open_files(tmp_path / "packed.zip") as files:
        assert detect(files).name == case.format
    found = read(FORMATS[case.format], tmp_path / "packed.zip", case.read)
    assert facts(found)["images"].keys() == facts(dataset)["images"].keys()
    assert {name: one[1] for name, one in facts(found)["images"].items()} == {
        name: one[1] for name, one in facts(dataset)["images"].items()
    }


@each_case
def test_the_pictures_are_copied_byte_for_byte(case: Case, tmp_path: Path) -> None:
    dataset = golden(case.shapes or BOXES)
    write(FORMATS[case.format], dataset, tmp_path / "out.zip", case.write)
    with open_files(tmp_path / "out.zip") as files:
        found = {e.filename: e for e in FORMATS[case.format].read(files, case.read).examples}
        for wanted in dataset.examples:
            source = found[wanted.filename].image
            assert source is not None and wanted.image is not None
            with source.open() as mine, wanted.image.open() as theirs:
                assert mine.read() == theirs.read()


@each_case
def test_what_a_format_cannot_hold_is_reported(case: Case, tmp_path: Path) -> None:
    shapes = {
        "outside": BBox(200, 200, 5, 5),
        "over the border": BBox(-5, 10, 20, 20),
        "point": Point(5, 5),
        "cut in two": Polygon([10, -10, 90, -10, 90, 40, 70, 40, 70, -5, 30, -5, 30, 40, 10, 40]),
    }
    examples = [example(f"{name}.png", Annotation(shape, "cat")) for name, shape in shapes.items()]
    losses = write(FORMATS[case.format], manifest(*examples), tmp_path / "out", case.write)
    reported = {(loss.where.removesuffix(".png"), loss.what) for loss in losses}
    kept = {
        e.filename.removesuffix(".png"): len(e.annotations)
        for e in read(FORMATS[case.format], tmp_path / "out", case.read).examples
    }
    for name in shapes:
        assert any(where.startswith(name) for where, _ in reported) or (
            kept[name] == 1 and name != "over the border"
        ), name
    assert kept["outside"] == 0
    assert any(what == "dropped" and where.startswith("outside") for where, what in reported)
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert all(f"× {what}" in readme for what in {what for _, what in reported})


@each_format
def test_images_without_a_split_stay_so_or_go_to_train_and_are_noted(format: Format, tmp_path: Path) -> None:
    dataset = manifest(
        example("a.png", box(1, 1, 5, 5), split=None), example("b.png", box(1, 1, 5, 5), split=Split.TEST)
    )
    losses = write(format, dataset, tmp_path / "out")
    found = {e.filename: e.split for e in read(format, tmp_path / "out").examples}
    assert found["b.png"] is Split.TEST
    if found["a.png"] is not None:
        assert found["a.png"] is Split.TRAIN
        assert [(loss.what, loss.where) for loss in losses] == [("noted", "a.png")]


@each_format
def test_empty_images_stay_and_are_not_unlabeled(format: Format, tmp_path: Path) -> None:
    dataset = manifest(
        example("a.png", box(1, 1, 5, 5)), example("b.png"), example("c.png", state=ImageState.UNLABELED)
    )
    write(format, dataset, tmp_path / "out")
    states = {e.filename: e.state for e in read(format, tmp_path / "out").examples}
    assert states["a.png"] is ImageState.LABELED and states["b.png"] is ImageState.EMPTY
    assert states["c.png"] is ImageState.UNLABELED


@each_format
def test_images_of_one_name_never_overwrite_each_other(format: Format, tmp_path: Path) -> None:
    names = ["a.png", "a.jpg", "A.png", "sub/a.png", "other/a.png", "a_2.png", "sub_a.png", ".a.png", "con.png"]
    dataset = manifest(*(example(n, box(i, 1, 5, 5), size=(100 + i, 50)) for i, n in enumerate(names)))
    write(format, dataset, tmp_path / "out")
    found = read(format, tmp_path / "out")
    assert facts(found)["images"] == facts(dataset)["images"]
    assert largest_difference(dataset, found) < 1e-5


@each_format
def test_ten_thousand_images_of_one_name(format: Format, tmp_path: Path) -> None:
    shared = picture(10, 10)
    dataset = manifest(*(example("image.jpg", box(1, 1, 5, 5), size=(10, 10), image=shared) for _ in range(10_000)))
    write(format, dataset, tmp_path / "out.zip")
    with open_files(tmp_path / "out.zip") as files:
        assert sum(name.endswith(".jpg") for name in files.names) == 10_000
        assert sum(len(e.annotations) for e in format.read(files).examples) == 10_000


@each_format
def test_the_readme_says_what_it_is(format: Format, tmp_path: Path) -> None:
    write(format, manifest(example("a.png", box(1, 1, 5, 5)), example("b.png")), tmp_path / "out")
    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    for part in (
        "Pets & \\<friends\\>",
        "Version: 3",
        "Date: 2026-01-02",
        "1.2.3",
        "Images: 2",
        "Annotations: 1",
        "cat (0)",
    ):
        assert part in text
    assert "Nothing" in text


@each_format
def test_a_dataset_without_pictures_still_has_its_labels(format: Format, tmp_path: Path) -> None:
    losses = write(format, manifest(example("a.png", box(1, 1, 5, 5), image=None)), tmp_path / "out")
    assert losses.total("noted") >= 0
    assert not any(name.endswith(".png") for name in tree(tmp_path / "out"))
    assert any(b"cat" in data for data in tree(tmp_path / "out").values())


@each_format
def test_an_annotation_with_a_label_nobody_knows_is_refused(format: Format, tmp_path: Path) -> None:
    broken = manifest(example("a.png", box(1, 1, 5, 5, "ghost")), labels=labels_of("cat"))
    with pytest.raises(Invalid, match="ghost"):
        write(format, broken, tmp_path / "out.zip")
    assert list(tmp_path.iterdir()) == []


@each_format
def test_unknown_options_are_refused_by_name(format: Format, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="colour"):
        write(format, manifest(), tmp_path / "out.zip", {"colour": "red"})
    with pytest.raises(Invalid, match="colour"), open_files(GOLDEN.parent / "formats") as files:
        format.read(files, {"colour": "red"})


@each_format
def test_a_folder_of_something_else_is_not_of_this_format(format: Format, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "a.png").write_bytes(picture(4, 4).data)
    with open_files(tmp_path) as files:
        reason = format.detect(files)
        assert reason is not None and len(reason) > 10
        with pytest.raises(UnreadableDataset):
            list(format.read(files).examples)


def test_an_unknown_folder_is_told_every_format_s_reason(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with open_files(tmp_path) as files, pytest.raises(UnreadableDataset) as caught:
        detect(files)
    assert caught.value.code == "unknown_format"
    assert all(format.title in caught.value.message for format in FORMATS.values())


def test_files_of_two_formats_are_not_guessed_at(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "voc", tmp_path, dirs_exist_ok=True)
    shutil.copytree(GOLDEN / "yolo-detect", tmp_path, dirs_exist_ok=True)
    with open_files(tmp_path) as files, pytest.raises(UnreadableDataset, match="format=") as caught:
        detect(files)
    assert caught.value.code == "ambiguous_format"


@each_format
def test_memory_stays_flat(format: Format, tmp_path: Path) -> None:
    """Ten times as many images may not need more than the names of the files need."""
    import tracemalloc

    shared = picture(10, 10)

    def peak(count: int) -> int:
        def images() -> Any:
            for i in range(count):
                yield example(f"{i:06d}.png", *(box(j % 5, 1, 3, 3) for j in range(20)), size=(10, 10), image=shared)

        tracemalloc.start()
        with ZipSink(tmp_path / f"{count}.zip") as sink:
            format.write(Manifest(labels_of("cat"), images()), sink)
        if format.name != "coco":  # its JSON is one file; how that is read has tests of its own
            with open_files(tmp_path / f"{count}.zip") as files:
                assert sum(1 for _ in format.read(files).examples) == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    small, large = peak(100), peak(1000)
    # 900 images with 20 annotations each are about 9 MB as objects; the names of their files are under 2 MB.
    assert large - small < 4_000_000
