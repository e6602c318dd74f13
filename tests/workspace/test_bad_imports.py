"""Imports that cannot be: each is refused by file and line, and the dataset is as it was, to the last row."""

from __future__ import annotations

import json
import socket
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

import jupyter_roboflow as rf
from tests.archive.archives import zip_with_raw_names

from .conftest import write_pictures
from .datasets_on_disk import (
    YAML,
    Made,
    coco,
    coco_box,
    coco_files,
    coco_image,
    png,
    voc_files,
    voc_object,
    voc_xml,
    write_folder,
    write_zip,
    yolo_files,
)
from .invariants import assert_sound, local, nothing_changes

BOX = rf.BBox(2, 3, 20, 10)


@pytest.fixture
def ds(ws: rf.Workspace, tmp_path: Path) -> Iterator[rf.Dataset]:
    """A dataset with something to lose: two images, one of them with a box."""
    dataset = ws.create_dataset("cells")
    dataset.upload(write_pictures(tmp_path / "before", 2))
    dataset.add_label("cat", "#112233")
    dataset["picture-000.png"].save([rf.Annotation(BOX, "cat")])
    yield dataset
    assert_sound(ws)


@dataclass(frozen=True)
class Bad:
    """Files that cannot be imported; the error's code and words that its message must hold: file and line."""

    files: Made
    code: str
    says: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict[str, Any])


JSON = "_annotations.coco.json"
NAN = (
    b'{"images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48}], "categories": [{"id": 1, "name": "x"}],'
)
NAN += b'"annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [NaN, 1, 2, 3]}]}'
ENTITY = '<!DOCTYPE annotation [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
RUN = YAML + b"train_it: !!python/object/apply:os.system ['touch pwned']\n"


def _deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def _shaped(segmentation: bytes, attributes: bytes = b"{}") -> bytes:
    """A COCO file whose first annotation has this JSON text as its segmentation."""
    text = json.dumps(coco(coco_box(segmentation="HERE", attributes="THERE"))).encode()
    return text.replace(b'"HERE"', segmentation).replace(b'"THERE"', attributes)


BAD: dict[str, Bad] = {
    "IMP-002": Bad(coco_files(coco(coco_box(), coco_box(2, 2, 99))), "import_unknown_category", (JSON, "[1]", "99")),
    "IMP-002-image": Bad(coco_files(coco(coco_box(), coco_box(2, 77))), "import_unknown_image", (JSON, "[1]", "77")),
    "IMP-004-image": Bad(
        coco_files(coco(images=[coco_image(1, "a.png"), coco_image(1, "b.png")])),
        "import_duplicate_id",
        (JSON, "images[1]"),
    ),
    "IMP-004-annotation": Bad(
        coco_files(coco(coco_box(5), coco_box(5, 2))), "import_duplicate_id", (JSON, "annotations[1]")
    ),
    "IMP-008-text": Bad(
        coco_files(coco(coco_box(), coco_box(2, bbox=["1", "2", "3", "4"]))), "import_bad_bbox", (JSON, "[1]")
    ),
    "IMP-008-null": Bad(coco_files(coco(coco_box(bbox=None))), "import_bad_bbox", (JSON, "annotations[0].bbox")),
    "IMP-008-three": Bad(coco_files(coco(coco_box(bbox=[1, 2, 3]))), "import_bad_bbox", (JSON, "annotations[0].bbox")),
    "IMP-008-nan": Bad(coco_files(NAN), "unreadable_dataset", (JSON,)),
    "IMP-008-infinite": Bad(coco_files(coco(coco_box(bbox=[0, 0, 10**400, 5]))), "import_bad_bbox", (JSON, "[0]")),
    "IMP-010-refuse": Bad(
        coco_files(coco(images=[coco_image(1, "a.png", 640, 480), coco_image(2, "b.png")])),
        "size_mismatch",
        ("a.png", "640×480", "64×48", "size_mismatch=scale"),
        {"size_mismatch": "refuse"},
    ),
    "IMP-014": Bad(yolo_files(yaml=RUN), "bad_yaml", ("data.yaml:5",), {"format": "yolo"}),
    "IMP-014-detected": Bad(yolo_files(yaml=RUN), "unknown_format", ("data.yaml:5",)),
    "IMP-016-99": Bad(yolo_files(b"0 .5 .5 .1 .1\n99 .5 .5 .1 .1\n"), "unknown_class", ("b.txt:2", "99", "0–2")),
    "IMP-016-negative": Bad(yolo_files(b"-1 .5 .5 .1 .1\n"), "unknown_class", ("b.txt:1", "-1")),
    "IMP-016-float": Bad(yolo_files(b"1.5 .5 .5 .1 .1\n"), "unknown_class", ("b.txt:1", "1.5")),
    "IMP-018-comma": Bad(yolo_files(b"0 .5 .5 .1 .1\n\n0 0,5 0,5 0,1 0,1\n"), "bad_number", ("b.txt:3", "0,5")),
    "IMP-018-not-text": Bad(yolo_files(b"0 .5 .5 .1 .1\n\xff\xfe\x00"), "not_utf8", ("b.txt:2",)),
    "IMP-020-nine": Bad(
        yolo_files(b"0 .5 .5 .1 .1\n0 .1 .1 .4 .1 .4 .4 .1 .4\n"), "ambiguous_rows", ("b.txt:2", "task=segment")
    ),
    "IMP-020-odd": Bad(yolo_files(b"0 .1 .1 .4 .1 .4 .4 .1\n"), "bad_row", ("b.txt:1", "7 values")),
    "IMP-022": Bad(voc_files(voc_xml(voc_object("&x;"), head=ENTITY)), "xml_forbidden", ("b.xml",)),
    "IMP-022-bomb": Bad(voc_files(voc_xml(voc_object("&b;"), head=BOMB)), "xml_forbidden", ("b.xml",)),
    "IMP-026": Bad(voc_files(voc_xml(filename="../../etc/passwd")), "unsafe_path", ("b.xml", "../../etc/passwd")),
    "IMP-028": Bad(
        {"labels.csv": "﻿filename;label;x\na.png;ä;1\n".encode("latin-1", "replace"), "a.png": png(100)},
        "unknown_format",
        ("COCO", "YOLO", "Pascal VOC"),
    ),
    "GEO-024-outline": Bad(coco_files(_shaped(_deep(1_000))), "unreadable_dataset", (JSON, "annotations[0]")),
    "GEO-024-deeper": Bad(coco_files(_shaped(_deep(100_000))), "unreadable_dataset", (JSON, "annotations[0]")),
    "GEO-024-attribute": Bad(
        coco_files(_shaped(b"[]", b'{"a": %s}' % _deep(100_000))), "unreadable_dataset", (JSON, "annotations[0]")
    ),
    "GEO-002-outline": Bad(
        coco_files(_shaped(b"[[1, 2, 3, 4, 5, 1%s]]" % (b"0" * 400))), "wrong_type", (JSON, "annotations[0]")
    ),
    "GEO-008-outline": Bad(coco_files(_shaped(b'[["1", "2"]]')), "wrong_type", (JSON, "annotations[0]")),
    "GEO-032": Bad(yolo_files(b"0 0.5 0.5 0.25 0.5\n" * 5_001), "too_many_annotations", ("b.png", "5,001", "5,000")),
    "coco-broken-text": Bad(coco_files(_shaped(b'["\xff"]')), "unreadable_dataset", (JSON, "annotations[0]")),
    "coco-mask-of-a-terabyte": Bad(
        coco_files(_shaped(b'{"size": [1000000, 1000000], "counts": [1000000000000]}')),
        "import_bad_mask",
        (JSON, "[0]"),
    ),
    "yolo-classes-by-the-billion": Bad(
        yolo_files(yaml=b"nc: 999999999\n"), "bad_yaml", ("data.yaml", "999999999"), {"format": "yolo"}
    ),
    "yolo-class-number-of-a-billion": Bad(
        yolo_files(yaml=b"names: {0: cat, 999999999: dog}\n"),
        "bad_yaml",
        ("data.yaml", "999999999"),
        {"format": "yolo"},
    ),
    "yolo-class-of-5000-digits": Bad(yolo_files(b"1" * 5_000 + b" .5 .5 .1 .1\n"), "unknown_class", ("b.txt:1",)),
    "yolo-infinite": Bad(yolo_files(b"0 1e400 .5 .1 .1\n"), "geometry_not_finite", ("b.txt:1",)),
    "yolo-labels-over-the-limit": Bad(
        yolo_files(yaml=b"names: [%s]\n" % b",".join(b"c%d" % n for n in range(5_001))), "too_many_labels", ("5,000",)
    ),
    "voc-infinite": Bad(
        voc_files(voc_xml(voc_object(corners=(1, 1, "1e400", 5)))), "geometry_not_finite", ("b.xml", "object 1")
    ),
    "voc-label-number-of-a-billion": Bad(
        {**voc_files(), "labels.csv": b"index,name\n999999999,cat\n"}, "bad_labels", ("labels.csv:2",)
    ),
    "voc-labels-too-long": Bad(
        {**voc_files(), "labels.csv": b'index,name\n0,"%s"\n' % (b"x" * 200_000)}, "bad_labels", ("labels.csv:2",)
    ),
    "names-too-long": Bad(
        {**voc_files(), "names.csv": b'file,original\nb.png,"%s"\n' % (b"x" * 200_000)}, "bad_names", ("names.csv:2",)
    ),
    "voc-cut-off": Bad(voc_files(voc_xml()[:-20]), "bad_xml", ("b.xml",)),
    "voc-no-number": Bad(voc_files(voc_xml(voc_object(corners=(1, 2, "x", 9)))), "bad_number", ("b.xml", "object 1")),
    "voc-nameless": Bad(voc_files(voc_xml(voc_object(" "))), "label_empty", ("b.xml", "object 1")),
    "coco-cut-off": Bad(coco_files(b'{"images": [{"id": 1, "file_name": "a.png"'), "unreadable_dataset", (JSON,)),
    "coco-results": Bad(
        {"results.json": b'[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.9}]'},
        "unknown_format",
        ("results.json", "results"),
    ),
    "label-control": Bad(
        coco_files(coco(categories=[{"id": 1, "name": "c\u000bt"}])), "control_characters", (JSON, "categories[0]")
    ),
    "label-nul": Bad(coco_files(coco(categories=[{"id": 1, "name": "c\0t"}])), "bad_unicode", (JSON, "categories[0]")),
    "label-empty": Bad(coco_files(coco(categories=[{"id": 1, "name": " "}])), "label_empty", (JSON, "categories[0]")),
    "no-picture-at-all": Bad(
        {"instances.json": coco_files(coco())[f"train/{JSON}"]}, "nothing_to_import", ("upload them first",)
    ),
    "only-broken-pictures": Bad(
        {**coco_files(coco()), "train/a.png": png(100)[:-20], "train/b.png": b"no picture"},
        "nothing_to_import",
        ("image_truncated",),
    ),
    "not-a-dataset": Bad({"notes.txt": b"hello"}, "unknown_format", ("COCO", "YOLO", "Pascal VOC")),
}


@pytest.mark.parametrize(("name", "kind"), list(zip(BAD, cycle(["folder", "zip"]), strict=False)))
def test_a_bad_import_names_file_and_line_and_changes_nothing(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, name: str, kind: str
) -> None:
    bad = BAD[name]
    source = tmp_path / "source"
    source = write_folder(source, bad.files) if kind == "folder" else write_zip(source.with_suffix(".zip"), bad.files)
    with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
        ds.import_(source, **bad.options)
    assert refused.value.code == bad.code, refused.value.message
    for words in bad.says:
        assert words in refused.value.message, refused.value.message
    job = local(ws).jobs(ds.id).items[0]
    assert job.state == "failed" and job.error is not None and job.error["message"] == refused.value.message
    assert not list(tmp_path.rglob("pwned")) and not Path("pwned").exists()


def test_an_external_dtd_is_never_fetched_imp_024(ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        head = f'<!DOCTYPE annotation SYSTEM "http://127.0.0.1:{server.getsockname()[1]}/x.dtd">'
        source = write_folder(tmp_path / "source", voc_files(voc_xml(head=head)))
        with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
            ds.import_(source)
        assert refused.value.code == "xml_forbidden" and "b.xml" in refused.value.message
        with pytest.raises(TimeoutError):
            server.accept()


def _slip(path: Path) -> Path:
    return zip_with_raw_names(path, [b"data.yaml", b"../../evil.txt"])


def _link(path: Path) -> Path:
    write_zip(path, yolo_files())
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("images/train/c.png")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return path


def _nested(path: Path) -> Path:
    inner = write_zip(path.with_suffix(".inner"), yolo_files()).read_bytes()
    return write_zip(path, {"inner.zip": inner, "deeper/inner.zip": inner})


def _twice(path: Path) -> Path:
    return zip_with_raw_names(path, [b"images/a.png", b"Images/A.PNG"])


def _cut(path: Path) -> Path:
    data = write_zip(path, yolo_files()).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def _flipped(path: Path) -> Path:
    """One bit of one label file's bytes: only its checksum tells."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in yolo_files(b"0 0.5 0.5 0.25 0.5\n").items():
            archive.writestr(name, data)
    path.write_bytes(path.read_bytes().replace(b"0 0.5 0.5 0.25 0.5", b"0 0.5 0.5 0.35 0.5"))
    return path


def _many(path: Path) -> Path:
    return zip_with_raw_names(path, [b"%d.txt" % number for number in range(3_000)])


def _bomb(path: Path) -> Path:
    return write_zip(path, {**yolo_files(), "labels/train/b.txt": b"\0" * 300_000_000})


ARCHIVES: dict[str, tuple[Any, str]] = {
    "IMP-030": (_slip, "unsafe_path"),
    "IMP-032": (_link, "unsafe_entry"),
    "IMP-034": (_nested, "unknown_format"),
    "IMP-036": (_many, "too_many_entries"),
    "IMP-038": (_twice, "duplicate_entry"),
    "IMP-040-cut": (_cut, "archive_corrupt"),
    "IMP-040-crc": (_flipped, "archive_corrupt"),
    "bomb": (_bomb, "archive_bomb"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_archive_changes_nothing_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    make, code = ARCHIVES[name]
    folder = tmp_path / "archives"
    folder.mkdir()
    archive = make(folder / "source.zip")
    there = sorted(path.name for path in folder.iterdir())
    with rf.connect(data_dir=tmp_path / "home", progress=False, max_archive_entries=2_000) as ws:
        ds = ws.create_dataset("cells")
        ds.upload(write_pictures(tmp_path / "before", 1))
        with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
            ds.import_(archive)
    assert refused.value.code == code, refused.value.message
    assert sorted(path.name for path in folder.iterdir()) == there and not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("path", ["nowhere", "x" * 5_000, "nul\0here", "http://127.0.0.1:9/data.zip", "."])
def test_a_path_that_leads_nowhere_is_said_before_a_job_is_made(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with nothing_changes(ws), pytest.raises(rf.RoboflowError) as refused:
        ds.import_(path)
    if path != ".":
        assert refused.value.code == "path_not_found" and local(ws).jobs(ds.id).total == 0


@pytest.mark.parametrize("asked", [{"format": "excel"}, {"existing": "both"}, {"polcy": "lenient"}, {"origin": 7}])
def test_an_unknown_format_or_option_is_said_before_a_job_is_made(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, asked: dict[str, Any]
) -> None:
    source = write_folder(tmp_path / "source", voc_files())
    with nothing_changes(ws), pytest.raises(rf.Invalid):
        ds.import_(source, **{"format": "voc", **asked})
    assert local(ws).jobs(ds.id).total == 0


def test_lenient_leaves_out_and_counts_what_strict_refuses_imp_002(ds: rf.Dataset, tmp_path: Path) -> None:
    bad = coco(coco_box(1), coco_box(2, 2, 99), coco_box(3, 77))
    report = ds.import_(write_folder(tmp_path / "source", coco_files(bad)), policy="lenient")
    assert report.counts["annotations_added"] == 1 and report.counts["images_added"] == 2
    assert sum(loss["count"] for loss in report.losses if loss["what"] == "dropped") == 2


def test_a_picture_that_no_list_names_comes_in_unlabeled_and_counted_imp_006(ds: rf.Dataset, tmp_path: Path) -> None:
    report = ds.import_(write_folder(tmp_path / "source", coco_files(coco(), "a.png", "b.png", "extra.png")))
    assert ds["extra.png"].state == "unlabeled" and not ds["extra.png"].annotations
    assert report.counts["images_added"] == 3
    assert any("no COCO file lists" in loss["why"] and loss["count"] == 1 for loss in report.losses)


def test_annotations_for_a_picture_of_another_size_are_scaled_and_said_imp_010(ds: rf.Dataset, tmp_path: Path) -> None:
    twice = coco(coco_box(), images=[coco_image(1, "a.png", 128, 96), coco_image(2, "b.png")])
    report = ds.import_(write_folder(tmp_path / "source", coco_files(twice)))
    assert [a.shape for a in ds["a.png"].annotations] == [rf.BBox(5, 5, 10, 10)]
    assert any(loss["what"] == "changed" and "size_mismatch" in loss["why"] for loss in report.losses)


def test_category_ids_with_gaps_and_zero_keep_their_names_through_an_export_imp_012(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path
) -> None:
    gaps = [{"id": 90, "name": "brush"}, {"id": 0, "name": "zero"}, {"id": 7, "name": "train"}]
    data = coco(coco_box(1, 1, 90), coco_box(2, 1, 0), coco_box(3, 2, 7), categories=gaps)
    other = ws.create_dataset("gaps")
    other.import_(write_folder(tmp_path / "source", coco_files(data)))
    back = ws.create_dataset("back")
    back.import_(other.export("coco", tmp_path / "out.zip").path)
    for dataset in (other, back):
        assert sorted(a.label for a in dataset["a.png"].annotations) == ["brush", "zero"]
        assert [a.label for a in dataset["b.png"].annotations] == ["train"]
    assert [(one.name, one.index) for one in back.labels] == [(one.name, one.index) for one in other.labels]


def test_tabs_line_ends_bom_and_blank_lines_are_fine_imp_018(ds: rf.Dataset, tmp_path: Path) -> None:
    rows = b"\xef\xbb\xbf0\t0.5\t0.5\t0.25\t0.5\r\n\r\n1 0.5 0.5 0.5 0.5  \r\n"
    ds.import_(write_folder(tmp_path / "source", yolo_files(rows)))
    assert [(a.label, a.shape) for a in ds["b.png"].annotations] == [
        ("cat", rf.BBox(24, 12, 16, 24)),
        ("dog", rf.BBox(16, 12, 32, 24)),
    ]


def test_boxes_and_outlines_in_one_file_are_read_row_by_row_imp_020(ds: rf.Dataset, tmp_path: Path) -> None:
    rows = b"0 0.5 0.5 0.25 0.5\n0 0.25 0.25 0.75 0.25 0.5 0.75\n"
    ds.import_(write_folder(tmp_path / "source", yolo_files(rows)))
    box, outline = (a.shape for a in ds["b.png"].annotations)
    assert box == rf.BBox(24, 12, 16, 24) and outline.bounds() == (16, 12, 48, 36)


def test_broken_and_huge_pictures_are_left_out_by_name_and_the_rest_comes_in(tmp_path: Path) -> None:
    files = {**coco_files(coco()), "train/b.png": png(1, 400, 300)}
    with rf.connect(data_dir=tmp_path / "home", progress=False, max_pixels=100_000) as ws:
        ds = ws.create_dataset("cells")
        report = ds.import_(write_folder(tmp_path / "source", files))
        assert [entry["code"] for entry in report.refused] == ["image_too_many_pixels"]
        assert [image.filename for image in ds] == ["a.png"] and ds.info.annotation_count == 1
        assert any(loss["what"] == "dropped" and "refused" in loss["why"] for loss in report.losses)
        assert_sound(ws)


def test_a_bad_import_before_a_good_one_is_no_obstacle(ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path) -> None:
    source = write_folder(tmp_path / "source", yolo_files(b"99 .5 .5 .1 .1\n"))
    with nothing_changes(ws), pytest.raises(rf.Invalid):
        ds.import_(source)
    write_folder(source, yolo_files())
    assert ds.import_(source).counts["annotations_added"] == 2
