"""A COCO file by itself: what it lists comes in, with the pictures around it, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.domain.dataset import Split
from jupyter_roboflow.domain.errors import NotFound, UnreadableDataset

from .conftest import write_pictures
from .datasets_on_disk import coco, coco_box, coco_image, png, write_folder, yolo_files
from .invariants import assert_sound, nothing_changes

ONLY_A = coco(coco_box(), images=[coco_image(1, "a.png")])


@pytest.fixture
def ds(ws: rf.Workspace) -> rf.Dataset:
    return ws.create_dataset("cells")


@pytest.fixture
def full(ds: rf.Dataset, tmp_path: Path) -> rf.Dataset:
    """A dataset with something to lose."""
    ds.upload(write_pictures(tmp_path / "before", 1))
    return ds


def names(dataset: rf.Dataset) -> list[str]:
    return sorted(image.filename for image in dataset)


def test_a_bare_json_file_brings_in_its_pictures(ds: rf.Dataset, ws: rf.Workspace, tmp_path: Path) -> None:
    files = {"instances.json": json.dumps(coco()).encode(), "a.png": png(1), "sub/b.png": png(2)}
    report = ds.import_(write_folder(tmp_path / "in", files) / "instances.json")
    assert report.format == "coco" and report.counts["annotations_added"] == 2
    assert names(ds) == ["a.png", "b.png"]
    assert_sound(ws)


def test_only_what_the_file_lists_comes_in(ds: rf.Dataset, tmp_path: Path) -> None:
    files = {
        "one.json": json.dumps(ONLY_A).encode(),
        "other.json": json.dumps(coco()).encode(),
        "a.png": png(1),
        "b.png": png(2),
        "private.jpg": png(3),
    }
    report = ds.import_(write_folder(tmp_path / "in", files) / "one.json")
    assert report.counts["images_added"] == 1 and names(ds) == ["a.png"]


def test_when_its_pictures_are_missing_no_others_come_in(ws: rf.Workspace, full: rf.Dataset, tmp_path: Path) -> None:
    files = {"one.json": json.dumps(ONLY_A).encode(), "holiday.png": png(3)}
    path = write_folder(tmp_path / "in", files) / "one.json"
    with nothing_changes(ws), pytest.raises(UnreadableDataset, match="beside the annotations"):
        full.import_(path)


@pytest.mark.parametrize(
    ("file", "picture", "split"),
    [
        ("annotations/instances_val2017.json", "val2017/a.png", Split.VALID),
        ("annotations/instances_train.json", "images/train/a.png", Split.TRAIN),
        ("valid/_annotations.coco.json", "valid/a.png", Split.VALID),
        ("my data.json", "a.png", None),
    ],
)
def test_the_usual_layouts_are_known(
    file: str, picture: str, split: Split | None, ds: rf.Dataset, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "in", {file: json.dumps(ONLY_A).encode(), picture: png(1)})
    ds.import_(folder / file)
    assert [image.split for image in ds] == [split]


def test_labels_of_other_formats_beside_it_do_not_confuse(ds: rf.Dataset, tmp_path: Path) -> None:
    files = {**yolo_files(), "images/train/one.json": json.dumps(ONLY_A).encode()}
    report = ds.import_(write_folder(tmp_path / "in", files) / "images" / "train" / "one.json")
    assert report.format == "coco" and names(ds) == ["a.png"]


def test_a_path_from_the_current_folder_will_do(
    ds: rf.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"annotations/instances_train.json": json.dumps(ONLY_A).encode(), "train/a.png": png(1)}
    monkeypatch.chdir(write_folder(tmp_path / "in", files) / "annotations")
    ds.import_("instances_train.json")
    assert names(ds) == ["a.png"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"shapes": [], "imagePath": "a.png"}', "COCO"),
        (b'[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}]', "results file"),
        (b'{"images": [], "annotations": [', "cut off"),
        (b"", "COCO"),
    ],
)
def test_a_json_file_that_is_no_dataset_is_named(
    data: bytes, says: str, ws: rf.Workspace, full: rf.Dataset, tmp_path: Path
) -> None:
    path = write_folder(tmp_path / "in", {"thing.json": data, "a.png": png(1)}) / "thing.json"
    with nothing_changes(ws), pytest.raises(UnreadableDataset, match=says) as caught:
        full.import_(path)
    assert "thing.json" in caught.value.message


def test_a_file_that_is_not_there_is_named(ds: rf.Dataset, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.json"):
        ds.import_(tmp_path / "gone.json")
