"""Imports that meet what is there already, pictures that are turned or missing, and the layouts of other services."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageOps

import jupyter_roboflow as rf

from .conftest import picture
from .datasets_on_disk import (
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
from .invariants import all_rows, assert_sound


@pytest.fixture(autouse=True)
def sound(ws: rf.Workspace) -> Iterator[None]:
    yield
    if ws.datasets():
        assert_sound(ws)


def drawn(ds: rf.Dataset) -> dict[str, list[tuple[str, rf.Shape]]]:
    return {image.filename: [(a.label, a.shape) for a in image.annotations] for image in ds}


SOURCES: dict[str, Made] = {"coco": coco_files(coco()), "yolo": yolo_files(), "voc": voc_files()}


@pytest.mark.parametrize("existing", ["merge", "skip", "replace"])
@pytest.mark.parametrize("format", SOURCES)
def test_the_same_archive_twice_doubles_nothing_imp_048(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, format: str, existing: str
) -> None:
    archive = write_zip(tmp_path / "source.zip", SOURCES[format])
    first = ds.import_(archive)
    before, rows = drawn(ds), all_rows(ws)
    second = ds.import_(archive, existing=existing)
    assert first.counts["images_added"] == second.counts["images_known"] == 2
    assert first.counts["annotations_added"] == 2 and second.counts["images_added"] == 0
    assert drawn(ds) == before and ds.info.annotation_count == 2
    if existing != "replace":
        assert second.counts["annotations_added"] == 0 and second.counts["annotations_known"] == 2
        assert all_rows(ws)["annotations"] == rows["annotations"] and all_rows(ws)["images"] == rows["images"]


def test_what_is_drawn_already_is_merged_replaced_or_kept_as_asked(ds: rf.Dataset, tmp_path: Path) -> None:
    source = write_folder(tmp_path / "source", yolo_files())
    ds.import_(source)
    mine = rf.Annotation(rf.Point(1, 1), "bird")
    counts: dict[str, int] = {}
    for existing in ("skip", "merge", "replace"):
        ds["b.png"].save([mine])
        ds.import_(source, existing=existing)
        counts[existing] = len(ds["b.png"].annotations)
        assert (existing == "replace") == all(a.label == "cat" for a in ds["b.png"].annotations)
    assert counts == {"skip": 1, "merge": 2, "replace": 1}


@pytest.mark.parametrize("existing", ["merge", "skip", "replace"])
def test_one_picture_under_two_names_far_apart_keeps_the_annotations_of_both(
    ds: rf.Dataset, tmp_path: Path, existing: str
) -> None:
    names = ["same-000.png", *(f"p{n:03d}.png" for n in range(1, 149)), "same-149.png"]
    made = {f"train/{name}": png(0 if "same" in name else seed, 16, 16) for seed, name in enumerate(names)}
    images = [coco_image(n, name, 16, 16) for n, name in enumerate(names, 1)]
    boxes = [coco_box(1, 1, bbox=[0, 0, 5, 5]), coco_box(2, 150, bbox=[5, 5, 5, 5])]
    text = json.dumps(coco(*boxes, images=images)).encode()
    ds.import_(write_folder(tmp_path / "source", {**made, "train/_annotations.coco.json": text}), existing=existing)
    assert len(ds) == 149 and ds.info.annotation_count == 2
    assert len(ds["same-000.png"].annotations) == 2


@pytest.mark.parametrize("annotated", ["a.png", "b.png"])
def test_one_picture_twice_once_empty_once_annotated_is_labeled(ds: rf.Dataset, tmp_path: Path, annotated: str) -> None:
    box = coco_box(1, 1 if annotated == "a.png" else 2)
    files = {**coco_files(coco(box)), "train/a.png": png(7), "train/b.png": png(7)}
    report = ds.import_(write_folder(tmp_path / "source", files))
    assert [(image.filename, image.state, len(image.annotations)) for image in ds] == [("a.png", "labeled", 1)]
    assert any("came twice" in loss["why"] for loss in report.losses)


def test_an_image_whose_objects_cannot_be_kept_is_to_be_looked_at_again(ds: rf.Dataset, tmp_path: Path) -> None:
    flat = voc_xml(voc_object(corners=(900, 900, 950, 950)))
    report = ds.import_(write_folder(tmp_path / "source", voc_files(flat)))
    assert ds["b.png"].state == "unlabeled" and report.losses
    ds.import_(write_folder(tmp_path / "yolo", yolo_files(b"0 0.5 0.5 0 0\n")))
    assert ds["b.png"].state == "unlabeled"


# pictures that are turned, or not there


def _turned(orientation: int) -> bytes:
    stream = io.BytesIO()
    upright = picture(3, 64, 48)
    exif = upright.getexif()
    exif[0x0112] = orientation
    upright.save(stream, "JPEG", exif=exif, quality=95)
    return stream.getvalue()


def _mark(orientation: int) -> tuple[rf.BBox, rf.BBox]:
    """A box in the stored frame of a picture of 64 × 48, and the same in the upright frame, by Pillow's own turning."""
    from PIL import Image as Pillow

    stored = Pillow.new("L", (64, 48))
    stored.paste(255, (10, 5, 30, 15))
    exif = stored.getexif()
    exif[0x0112] = orientation
    stored.info["exif"] = exif.tobytes()
    stream = io.BytesIO()
    stored.save(stream, "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Pillow.open(stream))
    x0, y0, x1, y1 = upright.getbbox() or (0, 0, 0, 0)
    return rf.BBox(10, 5, 20, 10), rf.BBox(x0, y0, x1 - x0, y1 - y0)


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_boxes_drawn_before_the_picture_was_turned_are_turned_with_it_geo_036(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, orientation: int
) -> None:
    stored, upright = _mark(orientation)
    box = [stored.x, stored.y, stored.width, stored.height]
    files = coco_files(coco(coco_box(bbox=box), images=[coco_image(1, "a.jpg")]), "x.png")
    files = {name: data for name, data in files.items() if "x.png" not in name} | {"train/a.jpg": _turned(orientation)}
    report = ds.import_(write_folder(tmp_path / "source", files))
    image = ds["a.jpg"]
    assert (image.width, image.height) == (48, 64)
    assert image.annotations[0].shape.bounds() == pytest.approx(upright.bounds())
    assert any("EXIF" in loss["why"] for loss in report.losses)
    for format in ("coco", "yolo", "voc"):
        back = ws.create_dataset(format)
        back.import_(ds.export(format, tmp_path / f"{format}.zip").path)
        again = next(iter(back))
        assert (again.width, again.height) == (48, 64)
        assert again.annotations[0].shape.bounds() == pytest.approx(upright.bounds(), abs=0.5)


@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8])
def test_boxes_drawn_on_the_upright_picture_stay_where_they_are_geo_036(
    ds: rf.Dataset, tmp_path: Path, orientation: int
) -> None:
    size = (64, 48) if orientation < 5 else (48, 64)
    files = coco_files(coco(coco_box(), images=[coco_image(1, "a.jpg", *size)]), "x.png")
    files = {name: data for name, data in files.items() if "x.png" not in name} | {"train/a.jpg": _turned(orientation)}
    report = ds.import_(write_folder(tmp_path / "source", files), size_mismatch="refuse")
    assert [a.shape for a in ds["a.jpg"].annotations] == [rf.BBox(10, 10, 20, 20)]
    assert not any(loss["what"] == "changed" for loss in report.losses)


def test_an_export_says_in_which_frame_its_coordinates_are_geo_036(ds: rf.Dataset, tmp_path: Path) -> None:
    ds.import_(write_folder(tmp_path / "source", voc_files()))
    for format in ("coco", "yolo", "voc"):
        with zipfile.ZipFile(ds.export(format, tmp_path / f"{format}.zip").path) as archive:
            readme = archive.read("README.md").decode()
        assert re.search("upright|EXIF", readme), f"{format}: {readme}"


def test_annotations_alone_find_the_pictures_that_are_there_already(ds: rf.Dataset, tmp_path: Path) -> None:
    files = coco_files(coco())
    ds.upload(write_folder(tmp_path / "pictures", {"a.png": files["train/a.png"], "b.png": files["train/b.png"]}))
    only = {"instances.json": files["train/_annotations.coco.json"]}
    report = ds.import_(write_folder(tmp_path / "source", only))
    assert report.counts["images_known"] == 2 and report.counts["annotations_added"] == 2
    assert {image.state for image in ds} == {"labeled"}


@pytest.mark.parametrize(
    ("name", "width", "why"),
    [("b.png", 65, "another size"), ("c.png", 64, "neither in the files nor"), ("\0", 64, "neith")],
)
def test_a_listed_picture_that_is_not_there_is_left_out_and_said(
    ds: rf.Dataset, tmp_path: Path, name: str, width: int, why: str
) -> None:
    files = coco_files(coco(images=[coco_image(1, "a.png"), coco_image(2, name, width)]))
    ds.upload(write_folder(tmp_path / "pictures", {"a.png": files["train/a.png"], "b.png": files["train/b.png"]}))
    report = ds.import_(write_folder(tmp_path / "source", {"x.json": files["train/_annotations.coco.json"]}))
    assert report.counts["images_known"] == 1 and ds.info.annotation_count == 1
    assert any(loss["what"] == "dropped" and why in loss["why"] for loss in report.losses)


def test_a_listed_picture_is_found_by_the_name_it_was_stored_under(ds: rf.Dataset, tmp_path: Path) -> None:
    odd = "evil\u202egpj.png"
    ds.upload(write_folder(tmp_path / "pictures", {odd: png(1), "a.png": png(2)}))
    listed = coco(coco_box(1, 1), images=[coco_image(1, odd), coco_image(2, "a.png")])
    ds.import_(write_folder(tmp_path / "source", {"x.json": json.dumps(listed).encode()}))
    assert ds.info.annotation_count == 1


def test_two_pictures_of_the_listed_name_are_not_guessed_between(ds: rf.Dataset, tmp_path: Path) -> None:
    for seed in (1, 2):
        ds.upload(write_folder(tmp_path / str(seed), {"a.png": png(seed)}))
    ds.upload(write_folder(tmp_path / "b", {"b.png": png(3)}))
    source = {"x.json": coco_files(coco())["train/_annotations.coco.json"]}
    report = ds.import_(write_folder(tmp_path / "source", source))
    assert ds.info.annotation_count == 1
    assert any("several of that name" in loss["why"] for loss in report.losses)


# the layouts of Roboflow


def _roboflow_coco() -> Made:
    """As its exports are: category 0 a placeholder, ids from 0, renamed files, one JSON a split."""
    made: Made = {"README.roboflow.txt": b"about", "README.dataset.txt": b"about"}
    categories = [
        {"id": 0, "name": "animals", "supercategory": "none"},
        {"id": 1, "name": "cat", "supercategory": "animals"},
        {"id": 2, "name": "dog", "supercategory": "animals"},
    ]
    for number, split in enumerate(("train", "valid", "test")):
        names = [f"{split}{i}_jpg.rf.{i:032x}.png" for i in range(2)]
        images: list[dict[str, Any]] = [
            {**coco_image(i, name), "license": 1, "extra": {"name": f"{split}{i}.png"}} for i, name in enumerate(names)
        ]
        boxes = [coco_box(0, 0, 1), coco_box(1, 0, 2, bbox=[1, 1, 5.5, 5]), coco_box(2, 1, 2)]
        data = {"info": {"year": "2024"}, "licenses": [{"id": 1, "url": "", "name": "MIT"}], "categories": categories}
        made[f"{split}/_annotations.coco.json"] = json.dumps({**data, "images": images, "annotations": boxes}).encode()
        made |= {f"{split}/{name}": png(10 * number + i) for i, name in enumerate(names)}
    return made


def _roboflow_yolo() -> Made:
    yaml = b"train: ../train/images\nval: ../valid/images\ntest: ../test/images\n\nnc: 2\nnames: ['cat', 'dog']\n"
    yaml += b"\nroboflow:\n  workspace: w\n  project: p\n  version: 1\n  license: CC BY 4.0\n"
    made: Made = {"data.yaml": yaml, "README.roboflow.txt": b"about", "README.dataset.txt": b"about"}
    for number, split in enumerate(("train", "valid", "test")):
        rows = (b"0 0.3 0.4 0.3 0.4\n1 0.1 0.1 0.1 0.1", b"1 0.3 0.4 0.3 0.4")
        for i in range(2):
            stem = f"{split}{i}_jpg.rf.{i:032x}"
            made[f"{split}/images/{stem}.png"] = png(10 * number + i)
            made[f"{split}/labels/{stem}.txt"] = rows[i]
    return made


def _roboflow_voc() -> Made:
    made: Made = {"README.roboflow.txt": b"about"}
    for number, split in enumerate(("train", "valid", "test")):
        for i in range(2):
            name = f"{split}{i}_jpg.rf.{i:032x}"
            inside = ("" if i else voc_object("cat", (2, 2, 9, 9))) + voc_object("dog")
            made[f"{split}/{name}.png"] = png(10 * number + i)
            made[f"{split}/{name}.xml"] = voc_xml(inside, filename=f"{name}.png")
    return made


@pytest.mark.parametrize("make", [_roboflow_coco, _roboflow_yolo, _roboflow_voc], ids=["coco", "yolo", "voc"])
def test_an_export_of_roboflow_comes_in_whole_imp_052(ds: rf.Dataset, tmp_path: Path, make: Any) -> None:
    report = ds.import_(write_zip(tmp_path / "roboflow.zip", make()))
    assert report.counts == {"images_added": 6, "images_known": 0, "annotations_added": 9, "annotations_known": 0}
    frame = ds.to_dataframe()
    assert Counter(frame["label"]) == {"cat": 3, "dog": 6}
    assert Counter(str(image.split) for image in ds) == {"train": 2, "valid": 2, "test": 2}
    assert [label.name for label in ds.labels] == ["cat", "dog"]
    if report.format == "coco":
        assert ds["train0.png"].annotations[1].shape == rf.BBox(1, 1, 5.5, 5)


def test_labels_that_differ_in_case_alone_are_one_and_that_is_said(ds: rf.Dataset, tmp_path: Path) -> None:
    yaml = b"names: [Car, car, bus]\n"
    report = ds.import_(write_folder(tmp_path / "source", yolo_files(yaml=yaml)))
    assert [label.name for label in ds.labels] == ["Car", "bus"]
    assert any(loss["what"] == "changed" and "'Car'" in loss["why"] for loss in report.losses)
    before = drawn(ds)
    assert ds.import_(tmp_path / "source").counts["annotations_added"] == 0 and drawn(ds) == before
