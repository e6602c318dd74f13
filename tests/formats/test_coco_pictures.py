"""COCO and its pictures: where they are found, which are missing, and whether their sizes agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.domain.errors import UnreadableDataset
from tests.formats.coco_files import annotation, annotations_of, dataset, draw, load, losses_of, save


def test_a_path_for_a_file_name_finds_the_picture(tmp_path: Path) -> None:
    data = dataset(annotation())
    data["images"][0]["file_name"] = "C:\\data\\raw\\a.png"
    data["images"][1]["file_name"] = "../elsewhere/b.png"
    save(tmp_path, data)
    draw(tmp_path, "train/a.png", "train/b.png")
    found = load(tmp_path)
    assert [(e.filename, e.image and e.image.name) for e in found.examples] == [
        ("a.png", "train/a.png"),
        ("b.png", "train/b.png"),
    ]
    assert losses_of(found) == {("noted", "file_name is a path that leads elsewhere: its last part is taken")}


@pytest.mark.parametrize("folder", ["", "train", "images", "images/train", "train/images", "train2017", "annotations"])
def test_pictures_are_found_where_people_put_them(folder: str, tmp_path: Path) -> None:
    name = "annotations/instances_train2017.json"
    save(tmp_path, dataset(annotation()), name)
    draw(tmp_path, *(f"{folder}/{base}".strip("/") for base in ("a.png", "b.png")))
    found = load(tmp_path)
    assert all(e.image is not None and e.split is Split.TRAIN for e in found.examples)
    assert not found.losses


def test_pictures_of_one_name_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    data = dataset(annotation())
    data["images"][0]["file_name"], data["images"][1]["file_name"] = "left/a.png", "right/a.png"
    save(tmp_path, data, "instances.json")
    draw(tmp_path, "images/left/a.png", "images/right/a.png")
    assert [e.image and e.image.name for e in load(tmp_path).examples] == ["images/left/a.png", "images/right/a.png"]
    save(tmp_path, dataset(annotation()), "instances.json")
    with pytest.raises(UnreadableDataset, match=r"left/a.png or .*right/a.png"):
        load(tmp_path)


def test_a_picture_that_is_not_listed_comes_in_unlabeled_and_one_without_annotations_empty(tmp_path: Path) -> None:
    save(tmp_path, dataset(annotation()))
    draw(tmp_path, "train/a.png", "train/b.png", "train/c.png", "masks/a.png")
    found = load(tmp_path)
    assert {e.filename: e.state for e in found.examples} == {
        "a.png": ImageState.LABELED,
        "b.png": ImageState.EMPTY,
        "c.png": ImageState.UNLABELED,
    }
    assert found.count == 3
    assert losses_of(found) == {
        ("noted", "a picture that no COCO file lists comes in as unlabeled"),
        ("noted", "pictures in a folder that no COCO file refers to are left out"),
    }


def test_a_size_that_is_not_the_picture_s_is_noted(tmp_path: Path) -> None:
    save(tmp_path, dataset(annotation()))
    draw(tmp_path, "train/a.png", size=(50, 100))
    draw(tmp_path, "train/b.png")
    found = load(tmp_path)
    one, two = found.examples
    assert (one.width, one.height, one.metadata["size_mismatch"]) == (100, 50, [50, 100])
    assert "size_mismatch" not in two.metadata
    assert any("size_mismatch" in why for _, why in losses_of(found))


def test_a_missing_size_is_taken_from_the_picture(tmp_path: Path) -> None:
    data = dataset(annotation())
    data["images"][0] |= {"width": None, "height": "50"}
    del data["images"][1]["width"]
    save(tmp_path, data)
    draw(tmp_path, "train/a.png", "train/b.png")
    assert [(e.width, e.height) for e in load(tmp_path).examples] == [(100, 50), (100, 50)]


def test_a_second_file_for_the_same_pictures_is_left_aside(tmp_path: Path) -> None:
    draw(tmp_path, "a.png", "b.png")
    save(tmp_path, dataset(annotation()), "instances_boxes.json")
    save(tmp_path, dataset(annotation(1), annotation(2)), "instances_more.json")
    found = load(tmp_path)
    assert len(annotations_of(found)) == 1 and found.count == 2
    assert [(loss.what, loss.where) for loss in found.losses] == [("dropped", "instances_more.json")]


def test_a_picture_listed_twice_is_refused(tmp_path: Path) -> None:
    data = dataset(annotation())
    data["images"][1]["file_name"] = "a.png"
    save(tmp_path, data)
    with pytest.raises(UnreadableDataset, match=r"images\[1\]") as caught:
        load(tmp_path)
    assert caught.value.code == "import_duplicate_image"
    assert len(list(load(tmp_path, policy="lenient").examples)) == 1
