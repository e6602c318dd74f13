"""Names made to confuse – of files, labels and tags – through the workspace, all three formats, and back."""

from __future__ import annotations

import csv
import io
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

import jupyter_roboflow as rf

from .conftest import picture, write_pictures
from .datasets_on_disk import png
from .invariants import assert_sound, nothing_changes

FORMATS = ("coco", "yolo", "voc")
BOX = rf.BBox(2, 3, 20, 10)


@pytest.fixture(autouse=True)
def sound(ws: rf.Workspace) -> Iterator[None]:
    yield
    assert_sound(ws)


def bytes_named(name: str, seed: int = 0) -> io.BytesIO:
    """An open file that says it has this name, as uploads do."""
    stream = io.BytesIO(png(seed))
    stream.name = name
    return stream


LABELS = {
    "LBL-003": "<script>alert(1)</script>",
    "LBL-003-image": '"><img src=x onerror=alert(1)>',
    "LBL-007": "👩🏽‍🔬🧬",
    "LBL-007-flag": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "LBL-009": "a, b; \"c\" 'd'",
    "LBL-011": "red blood cell",
    "LBL-013": "a & b < c > d ]]> e",
    "LBL-013-entity": "&amp; &#65; &x;",
    "LBL-017": "../../etc/passwd",
    "LBL-017-backslash": "..\\..\\windows",
    "formula": "=cmd|' /C calc'!A1",
    "yaml": "no",
    "yaml-more": "- [a: {b}] # c",
    "yaml-null": "~",
    "number": "007",
    "percent": "%s %(x)s {0} ${HOME}",
    "combining": "é",
    "longest": "x" * 255,
    "right-to-left": "تفاح",
}


@pytest.mark.parametrize("format", FORMATS)
def test_labels_of_any_spelling_survive_an_export_and_the_import_of_it(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, format: str
) -> None:
    ds.upload(write_pictures(tmp_path / "in", len(LABELS)))
    for image, name in zip(ds, LABELS.values(), strict=True):
        assert ds.add_label(name).name == name
        image.save([rf.Annotation(BOX, name)])
    archive = ds.export(format, tmp_path / "out.zip").path
    with zipfile.ZipFile(archive) as opened:
        assert all(".." not in PurePosixPath(name).parts and not name.startswith("/") for name in opened.namelist())
    back = ws.create_dataset("back")
    back.import_(archive)
    assert {image.filename: [a.label for a in image.annotations] for image in back} == {
        image.filename: [a.label for a in image.annotations] for image in ds
    }
    assert [(one.name, one.index) for one in back.labels] == [(one.name, one.index) for one in ds.labels]


def test_a_label_with_a_script_is_shown_as_text_lbl_003(ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path) -> None:
    ds.upload(bytes_named("<script>alert(2)</script>.png"))
    ds.add_label("<script>alert(1)</script>")
    image = next(iter(ds)).save([rf.Annotation(BOX, "<script>alert(1)</script>")])
    image.tag("<script>alert(3)</script>")
    report = ds.export("voc", tmp_path / "out.zip")
    shown = [ws, ds, ds.images(), image, ds.health(), report, ds.upload(bytes_named("<script>x.png"))]
    for thing in shown:
        html = thing._repr_html_()  # pyright: ignore[reportPrivateUsage]
        assert "<script" not in html, type(thing).__name__


REFUSED_LABELS = {
    "LBL-001": ("", "label_empty"),
    "LBL-001-spaces": (" \t ", "label_empty"),
    "LBL-001-zero-width": ("\u200b\u200d\ufeff", "label_empty"),
    "LBL-013": ("a\x0bb", "control_characters"),
    "LBL-021": ("a\0b", "bad_unicode"),
    "LBL-021-surrogate": ("a\ud800b", "bad_unicode"),
    "too-long": ("x" * 256, "name_too_long"),
}


@pytest.mark.parametrize("name", REFUSED_LABELS)
def test_a_label_that_cannot_be_is_refused_whatever_the_way_in(
    ws: rf.Workspace, ds: rf.Dataset, name: str, tmp_path: Path
) -> None:
    given, code = REFUSED_LABELS[name]
    ds.upload(write_pictures(tmp_path / "in", 1))
    ds.add_label("cat")
    with nothing_changes(ws):
        for call in (ds.add_label, lambda wrong: ds.rename_label("cat", wrong)):
            with pytest.raises(rf.Invalid) as refused:
                call(given)
            assert refused.value.code == code
        with pytest.raises(rf.Invalid):
            next(iter(ds)).tag(given)


@pytest.mark.parametrize("again", ["Car", "Car ", "\tCAR", "car"])
def test_a_label_that_differs_in_case_or_spaces_is_the_same_one_lbl_015(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, again: str
) -> None:
    ds.upload(write_pictures(tmp_path / "in", 1))
    ds.add_label("Car")
    ds.add_label("bus")
    with nothing_changes(ws):
        for call in (ds.add_label, lambda name: ds.rename_label("bus", name)):
            with pytest.raises(rf.Conflict) as refused:
                call(again)
            assert refused.value.code == "name_taken"


@pytest.mark.parametrize("color", ["javascript:alert(1)", "red", "#12345", "#1234567", "#12345g", "url(x)", "", 7])
def test_a_colour_is_six_hex_digits_lbl_005(ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, color: object) -> None:
    ds.upload(write_pictures(tmp_path / "in", 1))
    ds.add_label("cat", "#AABBCC")
    with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
        ds.recolor_label("cat", color)  # pyright: ignore[reportArgumentType]
    assert refused.value.code == "bad_colour" and ds.labels[0].color == "#aabbcc"


def test_a_label_in_use_is_kept_or_its_annotations_go_to_another_lbl_019(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path
) -> None:
    ds.upload(write_pictures(tmp_path / "in", 1))
    ds.add_label("cat")
    ds.add_label("dog")
    image = next(iter(ds)).save([rf.Annotation(BOX, "cat")])
    with nothing_changes(ws):
        with pytest.raises(rf.Conflict) as refused:
            ds.delete_label("cat")
        assert refused.value.code == "label_in_use"
        with pytest.raises(rf.NotFound):
            ds.delete_label("cat", reassign_to="bird")
        with pytest.raises(rf.Invalid):
            ds.delete_label("cat", reassign_to="cat")
    ds.delete_label("cat", reassign_to="dog")
    assert [a.label for a in image.reload().annotations] == ["dog"]


FILES = {
    "FN-001": "../../etc/passwd",
    "FN-003": "/etc/passwd",
    "FN-005": "%2e%2e%2f%2e%2e%2fa.png",
    "FN-007": "a\r\nSet-Cookie: x.png",
    "FN-009": "x" * 251 + ".png",
    "FN-013": ".",
    "FN-013-two": "..",
    "FN-015": "trail. .png",
    "FN-015-end": "trail.",
    "FN-015-same": "TRAIL. ",
    "FN-017": ".hidden.png",
    "FN-019": "evil\u202egpj.exe",
    "FN-021": "=cmd|calc!A1.png",
    "FN-023": "two words here.png",
    "windows": "con.png",
    "colon": "a:b*c?.png",
    "emoji": "👩🏽‍🔬.png",
    "suffix-of-another": "photo.jpg",
}


@pytest.mark.parametrize("format", FORMATS)
def test_files_of_any_name_are_exported_safely_and_come_back_under_their_names(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, format: str
) -> None:
    report = ds.upload([bytes_named(name, seed) for seed, name in enumerate(FILES.values())])
    assert len(report.added) == len(FILES), report
    ds.add_label("cat")
    for image in ds:
        image.save([rf.Annotation(BOX, "cat")])
    archive = ds.export(format, tmp_path / "out.zip").path
    with zipfile.ZipFile(archive) as opened:
        pictures = [name for name in opened.namelist() if name.endswith((".png", ".jpg", ".exe"))]
        table = list(csv.reader(io.StringIO(opened.read("names.csv").decode())))
    assert len({name.casefold() for name in pictures}) == len(FILES) and all(name.endswith(".png") for name in pictures)
    assert len({PurePosixPath(name).stem.casefold() for name in pictures}) == len(FILES), "labels pair up by stem"
    for name in pictures:
        assert not PurePosixPath(name).name.startswith("."), name
        assert name.isprintable() and not name.startswith("/") and ".." not in PurePosixPath(name).parts
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@"))]
    back = ws.create_dataset("back")
    back.import_(archive)
    assert sorted(image.filename for image in back) == sorted(image.filename for image in ds)
    assert {image.filename: image.bytes() for image in back} == {image.filename: image.bytes() for image in ds}
    assert all(len(image.annotations) == 1 for image in back)
    assert {path.name for path in tmp_path.iterdir()} <= {"home", "out.zip"}


@pytest.mark.parametrize(
    ("name", "code"),
    [("x" * 4_092 + ".png", "name_too_long"), ("a\ud800.png", "bad_unicode")],
    ids=["FN-011", "FN-027"],
)
def test_a_file_name_that_cannot_be_is_refused_and_its_picture_not_kept(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, name: str, code: str
) -> None:
    ds.upload(write_pictures(tmp_path / "in", 1))
    with nothing_changes(ws):
        report = ds.upload([bytes_named(name, 50)])
        assert [entry.code for entry in report.refused] == [code]


@pytest.mark.parametrize("format", FORMATS)
def test_many_images_of_one_name_are_as_many_files_img_073_fn_025(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, format: str
) -> None:
    ds.upload([bytes_named("image.jpg", seed) for seed in range(40)])
    ds.add_label("cat")
    for number, image in enumerate(ds):
        image.save([rf.Annotation(rf.BBox(number, 1, 5, 5), "cat")])
    archive = ds.export(format, tmp_path / "out.zip").path
    with zipfile.ZipFile(archive) as opened:
        assert sum(name.endswith(".png") for name in opened.namelist()) == 40
    back = ws.create_dataset("back")
    back.import_(archive)
    assert len(back) == 40 and {image.filename for image in back} == {"image.jpg"}
    there = {image.bytes(): image.annotations[0].shape.bounds() for image in ds}
    for image in back:
        assert image.annotations[0].shape.bounds() == pytest.approx(there[image.bytes()], abs=0.5)


def test_the_suffix_follows_the_bytes_in_an_export_img_013(ds: rf.Dataset, tmp_path: Path) -> None:
    ds.upload(bytes_named("photo.jpg"))
    with zipfile.ZipFile(ds.export("coco", tmp_path / "out.zip", include_unlabeled=True).path) as opened:
        assert [PurePosixPath(n).name for n in opened.namelist() if "photo" in n] == ["photo.png"]


def test_one_picture_of_two_owners_is_one_blob_and_outlives_either_img_071(ws: rf.Workspace, tmp_path: Path) -> None:
    one, two = ws.create_dataset("one"), ws.create_dataset("two")
    for dataset in (one, two):
        assert len(dataset.upload(bytes_named("same.png", 9)).added) == 1
    assert len([path for path in (tmp_path / "home" / "store" / "blobs").rglob("*") if path.is_file()]) == 1
    one.delete()
    assert next(iter(two)).bytes() == png(9)


@pytest.mark.parametrize("host", ["127.0.0.1:9", "[::1]:9", "169.254.169.254", "2130706433", "example.org"])
def test_addresses_are_not_fetched_unless_allowed_imp_042(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, host: str
) -> None:
    ds.upload(write_pictures(tmp_path / "in", 1))
    with nothing_changes(ws):
        report = ds.upload([f"http://{host}/a.png"])
        assert [entry.code for entry in report.refused] == ["url_forbidden"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_folder_with_names_of_an_old_system_comes_in(ds: rf.Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    picture(1).save(folder / "fine.png")
    (folder / os.fsdecode(b"\xe4.png")).write_bytes(png(2))
    report = ds.upload(folder)
    assert len(report.added) == 1 and list(report.skipped.values()) == [1], "said, not dropped silently"
