"""Reading COCO: what others write differently is understood and noted, what has no clear meaning is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyter_roboflow.archive import open_files
from jupyter_roboflow.domain.dataset import Split
from jupyter_roboflow.domain.errors import UnreadableDataset
from jupyter_roboflow.domain.shapes import BBox, Polygon
from jupyter_roboflow.formats.coco import Coco
from jupyter_roboflow.formats.coco.masks import paint, trace
from jupyter_roboflow.formats.coco.rle import decode_crop, decode_string, encode_string
from tests.formats.coco_files import SQUARE, annotation, annotations_of, dataset, draw, load, losses_of, pycoco, save

NUCLEI = Path(__file__).parents[1] / "data" / "nuclei-dsb2018"


def shape(folder: Path, **fields: Any) -> Any:
    """The one shape that an annotation with these fields becomes."""
    (found,) = annotations_of(load(save(folder, dataset(annotation(**fields)))))
    return found.shape


def test_a_box_and_an_outline_keep_their_numbers(tmp_path: Path) -> None:
    data = dataset(
        annotation(1, bbox=[0.5, 1.25, 3, 4]), annotation(2, segmentation=[SQUARE], attributes={"hard": True})
    )
    box, outline = annotations_of(load(save(tmp_path, data)))
    assert box.shape == BBox(0.5, 1.25, 3, 4)
    assert outline.shape == Polygon(SQUARE)
    assert dict(outline.attributes) == {"hard": True}


def test_several_lists_are_one_object_in_parts(tmp_path: Path) -> None:
    other = [value + 25 if i % 2 == 0 else value for i, value in enumerate(SQUARE)]
    found = shape(tmp_path, segmentation=[SQUARE, other])
    assert [part.points for part in found.parts] == [tuple(SQUARE), tuple(other)]


def test_lists_that_overlap_are_united_and_noted(tmp_path: Path) -> None:
    inner = [15, 15, 20, 15, 20, 20, 15, 20]
    found = load(save(tmp_path, dataset(annotation(segmentation=[SQUARE, inner]))))
    assert annotations_of(found)[0].shape.area() == 400
    assert losses_of(found) == {("changed", "outlines of one object that overlap are united")}


TOLERATED: dict[str, tuple[dict[str, Any], str]] = {
    "ids as text": ({"number": "1", "image": "1", "category": "1"}, "ids are written as text"),
    "iscrowd null": ({"iscrowd": None}, "iscrowd is not written as 0 or 1"),
    "iscrowd false": ({"iscrowd": False}, "iscrowd is not written as 0 or 1"),
    "iscrowd 'false'": ({"iscrowd": "false"}, "iscrowd is not written as 0 or 1"),
    "no id": ({"number": None}, "an annotation has no id"),
    "a flat segmentation": ({"segmentation": SQUARE}, "a segmentation is one flat list of numbers"),
    "no bbox": (
        {"bbox": None, "segmentation": [SQUARE]},
        "an annotation has no bbox: that of its segmentation is taken",
    ),
}


@pytest.mark.parametrize("name", TOLERATED)
def test_what_others_write_differently_is_understood_and_noted(name: str, tmp_path: Path) -> None:
    fields, why = TOLERATED[name]
    found = load(save(tmp_path, dataset(annotation(**fields))))
    (one,) = annotations_of(found)
    assert one.shape.bounds() == (10, 10, 30, 30)
    assert one.label == "cat" and not one.attributes
    assert losses_of(found) == {("noted", why)}


@pytest.mark.parametrize("fields", [{"segmentation": []}, {"segmentation": None}, {"area": "?", "x": [{}], "score": 1}])
def test_a_box_without_outline_is_a_box(fields: dict[str, Any], tmp_path: Path) -> None:
    assert shape(tmp_path, **fields) == BBox(10, 10, 20, 20)


@pytest.mark.parametrize("crowd", [1, True, "true", "1"])
def test_crowds_stay_crowds(crowd: object, tmp_path: Path) -> None:
    (found,) = annotations_of(load(save(tmp_path, dataset(annotation(iscrowd=crowd)))))
    assert dict(found.attributes) == {"iscrowd": 1}


def test_ids_that_are_words_still_hold_together(tmp_path: Path) -> None:
    data = dataset(annotation("x", "first", 1), annotation("y", "second", 2))
    data["images"][0]["id"], data["images"][1]["id"] = "second", "first"
    found = load(save(tmp_path, data))
    assert [[one.label for one in e.annotations] for e in found.examples] == [["dog"], ["cat"]]


def test_a_box_partly_outside_is_clipped_and_one_outside_dropped(tmp_path: Path) -> None:
    boxes = [[-5, -5, 15, 15], [95, 45, 20, 20], [200, 0, 5, 5], [1, 1, 0, 5]]
    found = load(save(tmp_path, dataset(*(annotation(i, bbox=box) for i, box in enumerate(boxes)))))
    assert [one.shape.bounds() for one in annotations_of(found)] == [(0, 0, 10, 10), (95, 45, 100, 50)]
    assert found.losses.total("clipped") == 2 and found.losses.total("dropped") == 2
    assert {loss.where for loss in found.losses if loss.what == "dropped"} == {
        "annotations/instances_train.json: annotations[2]",
        "annotations/instances_train.json: annotations[3]",
    }


def test_an_outline_cut_in_two_by_the_border_is_two_annotations(tmp_path: Path) -> None:
    cut = [10, -10, 90, -10, 90, 40, 70, 40, 70, -5, 30, -5, 30, 40, 10, 40]
    found = load(save(tmp_path, dataset(annotation(segmentation=[cut]))))
    assert len(annotations_of(found)) == 2 and found.losses.total("split") == 1


def test_outlines_without_area_give_way_to_the_box(tmp_path: Path) -> None:
    found = load(save(tmp_path, dataset(annotation(segmentation=[[10, 10, 20, 20, 30, 30]]))))
    assert annotations_of(found)[0].shape == BBox(10, 10, 20, 20)
    assert found.losses.total("changed") == 1


def test_gapped_category_ids_keep_their_names_and_are_known_to_the_export(tmp_path: Path) -> None:
    names = {90: "toothbrush", 1: "person", 17: "cat"}
    data = dataset(annotation(1, 1, 90), annotation(2, 1, 17))
    data["categories"] = [{"id": i, "name": n, "supercategory": "all"} for i, n in names.items()]
    found = load(save(tmp_path, data))
    assert [(label.name, label.index) for label in found.labels] == [("person", 0), ("cat", 1), ("toothbrush", 2)]
    assert [one.label for one in annotations_of(found)] == ["toothbrush", "cat"]
    assert found.metadata["coco_categories"]["cat"] == {"id": 17, "supercategory": "all"}


@pytest.mark.parametrize("order", ["annotations first", "images last", "pretty"])
def test_keys_come_in_any_order(order: str, tmp_path: Path) -> None:
    data = dataset(annotation(1, 2, 2), annotation(2, 1, 1), extra={"a": [{"b": "}]"}]})
    keys = (
        sorted(data) if order != "images last" else ["annotations", "categories", "extra", "info", "licenses", "images"]
    )
    text = json.dumps({key: data[key] for key in keys}, indent=3 if order == "pretty" else None)
    found = load(save(tmp_path, b"\xef\xbb\xbf" + text.encode()))
    assert [[one.label for one in e.annotations] for e in found.examples] == [["cat"], ["dog"]]


def test_missing_info_and_licences_are_noted(tmp_path: Path) -> None:
    data = dataset(annotation())
    del data["info"], data["licenses"]
    found = load(save(tmp_path, data))
    assert losses_of(found) == {("noted", "the key info is missing"), ("noted", "the key licenses is missing")}
    assert len(annotations_of(found)) == 1


def bad(**fields: Any) -> dict[str, Any]:
    return dataset(annotation(7), annotation(8, **fields))


REFUSED: dict[str, tuple[object, str, str]] = {
    "duplicate annotation": (
        dataset(annotation(3), annotation(4), annotation(3)),
        "import_duplicate_id",
        r"annotations\[2\]",
    ),
    "duplicate image": (
        dataset(images=[{"id": 1, "file_name": f"{i}.png", "width": 9, "height": 9} for i in range(2)]),
        "import_duplicate_id",
        r"images\[1\]",
    ),
    "duplicate category": (
        dataset(categories=[{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]),
        "import_duplicate_id",
        r"categories\[1\]",
    ),
    "unknown image": (bad(image=9), "import_unknown_image", r"annotations\[1\].*image 9"),
    "unknown category": (bad(category=9), "import_unknown_category", r"annotations\[1\].*category 9"),
    "box of strings": (bad(bbox=["1", "2", "3", "4"]), "import_bad_bbox", r"annotations\[1\].bbox"),
    "box with null": (bad(bbox=[1, None, 3, 4]), "import_bad_bbox", r"annotations\[1\].bbox"),
    "null box": (bad(bbox=None), "import_bad_bbox", r"annotations\[1\].bbox"),
    "three numbers": (bad(bbox=[1, 2, 3]), "import_bad_bbox", r"annotations\[1\].bbox"),
    "NaN": (bad(bbox=[1, 2, 3, float("nan")]), "unreadable_dataset", r"annotations\[1\].*NaN"),
    "infinity": (bad(bbox=[1, 2, 3, float("inf")]), "unreadable_dataset", r"annotations\[1\].*Infinity"),
    "number too large": (
        json.dumps(bad(bbox=[1, 2, 3, 4])).replace("[1, 2, 3, 4]", "[1,2,3,1e999]").encode(),
        "unreadable_dataset",
        r"annotations\[1\]",
    ),
    "odd outline": (bad(segmentation=[[1, 2, 3, 4, 5, 6, 7]]), "wrong_length", r"annotations\[1\].segmentation\[0\]"),
    "outline of strings": (bad(segmentation=[["1", 2, 3, 4, 5, 6]]), "wrong_type", r"annotations\[1\].segmentation"),
    "outline is a name": (bad(segmentation="a"), "wrong_type", r"annotations\[1\].segmentation"),
    "mask too short": (
        bad(segmentation={"size": [50, 100], "counts": [1, 2]}),
        "import_bad_mask",
        r"annotations\[1\].segmentation",
    ),
    "mask of another size": (
        bad(segmentation={"size": [5, 5], "counts": [25]}),
        "import_bad_mask",
        r"annotations\[1\].segmentation",
    ),
    "mask of garbage": (
        bad(segmentation={"size": [50, 100], "counts": "ééé"}),
        "import_bad_mask",
        r"annotations\[1\].segmentation",
    ),
    "iscrowd 7": (bad(iscrowd=7), "wrong_type", r"annotations\[1\].iscrowd"),
    "id is a list": (bad(image=[1]), "import_bad_id", r"annotations\[1\].image_id"),
    "annotation is a number": (dataset(annotation(), annotations=[5]), "wrong_type", r"annotations\[0\]"),
    "no file name": (dataset(images=[{"id": 1, "width": 5, "height": 5}]), "import_bad_image", r"images\[0\]"),
    "nameless category": (dataset(categories=[{"id": 1, "name": " "}]), "label_empty", r"categories\[0\]"),
    "categories is an object": (dataset(categories={"1": "cat"}), "wrong_type", "categories"),
    "results list": (
        [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}],
        "import_results_list",
        "results file",
    ),
    "no images": ({"annotations": [], "categories": []}, "unreadable_dataset", "images"),
    "cut off": (json.dumps(dataset(annotation()))[:-40].encode(), "unreadable_dataset", "ends"),
    "broken": (
        json.dumps(dataset(annotation())).replace('"area":', '"area"').encode(),
        "unreadable_dataset",
        r"annotations\[0\].*at byte",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_clear_meaning_is_refused_by_file_and_index(name: str, tmp_path: Path) -> None:
    data, code, words = REFUSED[name]
    save(tmp_path, data)
    with pytest.raises(UnreadableDataset, match=words) as caught:
        load(tmp_path)
    assert caught.value.code == code
    assert "instances_train.json" in caught.value.message


def test_a_lenient_import_leaves_out_and_counts(tmp_path: Path) -> None:
    save(tmp_path, dataset(annotation(1), annotation(2, image=9), annotation(3, category=9)))
    found = load(tmp_path, policy="lenient")
    assert len(annotations_of(found)) == 1
    assert {(loss.what, loss.where.rpartition(" ")[2]) for loss in found.losses if loss.what == "dropped"} == {
        ("dropped", "annotations[1]"),
        ("dropped", "annotations[2]"),
    }


def test_roboflow_s_variant_loses_its_placeholder(tmp_path: Path) -> None:
    for split, name in (("train", "a_jpg.rf.1.png"), ("valid", "b_jpg.rf.2.png"), ("test", "c_jpg.rf.3.png")):
        data = dataset(annotation(0, 0, 1))
        data["images"] = [{"id": 0, "file_name": name, "width": 100, "height": 50, "extra": {"name": f"{split}.png"}}]
        data["categories"] = [
            {"id": 0, "name": "cells", "supercategory": "none"},
            {"id": 1, "name": "RBC", "supercategory": "cells"},
        ]
        save(tmp_path, data, f"{split}/_annotations.coco.json")
        draw(tmp_path, f"{split}/{name}")
    found = load(tmp_path)
    assert [label.name for label in found.labels] == ["RBC"]
    assert [(e.filename, e.split) for e in found.examples] == [
        ("test.png", Split.TEST),
        ("train.png", Split.TRAIN),
        ("valid.png", Split.VALID),
    ]
    assert all(e.image is not None and len(e.annotations) == 1 for e in found.examples)


def test_a_category_zero_that_is_used_stays(tmp_path: Path) -> None:
    data = dataset(
        annotation(0, 1, 0), categories=[{"id": 0, "name": "cells", "supercategory": "none"}, {"id": 1, "name": "x"}]
    )
    assert [label.name for label in load(save(tmp_path, data)).labels] == ["cells", "x"]


def test_captions_and_keypoints_beside_instances_are_left_out(tmp_path: Path) -> None:
    save(tmp_path, dataset(annotation()), "annotations/instances_val2017.json")
    captions = dataset({"id": 1, "image_id": 1, "caption": "a cat"})
    save(tmp_path, captions, "annotations/captions_val2017.json")
    found = load(tmp_path)
    assert len(annotations_of(found)) == 1
    assert ("dropped", "annotations/captions_val2017.json") in {(loss.what, loss.where) for loss in found.losses}


def test_licences_and_dates_stay_with_the_image(tmp_path: Path) -> None:
    data = dataset(annotation(), licenses=[{"id": 4, "name": "CC BY 4.0", "url": "https://example.org/by"}])
    data["images"][0] |= {"license": 4, "date_captured": "2013-11-14", "flickr_url": "https://example.org/1"}
    found = next(iter(load(save(tmp_path, data)).examples))
    assert found.metadata == {
        "license": "CC BY 4.0",
        "license_url": "https://example.org/by",
        "date_captured": "2013-11-14",
        "flickr_url": "https://example.org/1",
    }


def test_the_examples_come_in_the_order_of_images_whatever_the_order_of_annotations(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    count = 1000
    data = dataset(images=[{"id": 7 * i, "file_name": f"{i}.png", "width": 100, "height": 50} for i in range(count)])
    owners = random.permutation(np.repeat(np.arange(count), 3)).tolist()
    data["annotations"] = [annotation(n, 7 * i, 1, bbox=[n / 100, 0, 1, 1]) for n, i in enumerate(owners)]
    examples = list(load(save(tmp_path, data)).examples)
    assert [e.filename for e in examples] == [f"{i}.png" for i in range(count)]
    for i, example in enumerate(examples):
        assert [a.shape.bounds()[0] for a in example.annotations] == [n / 100 for n, o in enumerate(owners) if o == i]


@pytest.mark.parametrize("compressed", [True, False])
def test_masks_are_read_along_pixel_edges(compressed: bool, tmp_path: Path) -> None:
    mask = np.zeros((50, 100), dtype=np.uint8, order="F")
    mask[10:20, 10:30] = 1
    mask[12:15, 15:18] = 0
    mask[30, 40] = 1
    counts: object = pycoco.encode(mask)["counts"].decode()
    if not compressed:
        flat = mask.ravel(order="F")
        edges = np.flatnonzero(np.diff(flat)) + 1
        counts = np.diff(np.concatenate(([0], edges, [flat.size]))).tolist()
    found = shape(tmp_path, segmentation={"size": [50, 100], "counts": counts})
    assert isinstance(found, Polygon)
    assert found.area() == mask.sum()
    assert sorted(len(part.holes) for part in found.parts) == [0, 1]


def test_the_temporary_file_is_given_back_when_nobody_reads_on(tmp_path: Path) -> None:
    save(tmp_path, dataset(annotation()))
    with open_files(tmp_path) as files:
        walked = iter(Coco().read(files).examples)
        next(walked)
        del walked
        Coco().read(files)


@pytest.mark.parametrize("kind", ["polygons", "rle"])
def test_the_nuclei_come_in_complete(kind: str, tmp_path: Path) -> None:
    save(tmp_path, (NUCLEI / f"instances_{kind}.json").read_bytes(), "instances.json")
    shutil.copytree(NUCLEI / "images", tmp_path / "images")
    found = load(tmp_path)
    assert [label.name for label in found.labels] == ["nucleus"]
    assert len(list(found.examples)) == 28 and len(annotations_of(found)) == 915
    assert not found.losses


def test_the_masks_of_the_nuclei_paint_exactly_as_they_were() -> None:
    listed = json.loads((NUCLEI / "instances_rle.json").read_bytes())
    sizes = {image["id"]: (image["width"], image["height"]) for image in listed["images"]}
    for one in listed["annotations"]:
        crop = decode_crop(decode_string(one["segmentation"]["counts"]), tuple(one["segmentation"]["size"]))
        assert crop is not None
        traced = trace(*crop)
        assert traced is not None and traced[0].area() == one["area"]
        counts = paint(traced[0], sizes[one["image_id"]])
        assert counts is not None and encode_string(counts) == one["segmentation"]["counts"]
