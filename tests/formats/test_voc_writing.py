"""Pascal VOC exports: what is in them, and that others' readers agree."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.domain.shapes import BBox, Polygon
from jupyter_roboflow.formats.pascal_voc import PascalVoc
from tests.formats.manifests import (
    BOXES,
    OUTLINES,
    box,
    example,
    facts,
    golden,
    labels_of,
    manifest,
    picture,
    read,
    tree,
    write,
)

RING = Polygon([10, 5, 90, 5, 90, 45, 10, 45], [[20, 10, 40, 10, 40, 30, 20, 30]])


def parsed(path: Path, name: str = "Annotations/a.xml") -> ET.Element:
    return ET.fromstring(tree(path)[name])


def corners(root: ET.Element) -> list[list[str | None]]:
    return [[child.text for child in item] for item in root.iter("bndbox")]


def test_boxes_are_inclusive_pixels_from_one(tmp_path: Path) -> None:
    write(
        PascalVoc(),
        manifest(example("a.png", box(0, 0, 1, 1), box(0, 0, 100, 50), box(10.25, 5, 4.5, 2))),
        tmp_path / "o",
    )
    assert corners(parsed(tmp_path / "o")) == [
        ["1", "1", "1", "1"], ["1", "1", "100", "50"], ["11.25", "6", "14.75", "7"],
    ]  # fmt: skip
    assert b"count pixels of the upright image from 1" in tree(tmp_path / "o")["README.md"]


def test_origin_0_writes_edges_and_says_so(tmp_path: Path) -> None:
    dataset = manifest(example("a.png", box(0, 0, 1, 1), box(0, 0, 100, 50)))
    write(PascalVoc(), dataset, tmp_path / "o", {"origin": 0})
    assert corners(parsed(tmp_path / "o")) == [["0", "0", "1", "1"], ["0", "0", "100", "50"]]
    assert b"origin=0" in tree(tmp_path / "o")["README.md"]
    assert facts(read(PascalVoc(), tmp_path / "o", {"origin": 0})) == facts(dataset)


def test_a_box_smaller_than_a_pixel_becomes_one_and_is_reported(tmp_path: Path) -> None:
    losses = write(PascalVoc(), manifest(example("a.png", box(99.5, 10, 0.25, 3))), tmp_path / "o")
    assert corners(parsed(tmp_path / "o")) == [["100", "11", "100", "13"]]
    assert losses.total("changed") == 1


def test_whole_numbers_on_request(tmp_path: Path) -> None:
    dataset = manifest(example("a.png", box(0.4, 0.6, 99.2, 49.1), box(99.8, 49.9, 0.2, 0.1), Annotation(RING, "cat")))
    losses = write(PascalVoc(), dataset, tmp_path / "o", {"integers": True})
    assert corners(parsed(tmp_path / "o"))[:2] == [["1", "2", "100", "50"], ["100", "50", "100", "50"]]
    assert losses.total("changed") == 3


def test_labels_and_attributes_survive_any_spelling(tmp_path: Path) -> None:
    names = ["a & b", "<c>", "]]>", '"q"', "ä🙂", "'", "a;b,c"]
    given = {"pose": "Left & <up>", "truncated": True, "difficult": 1, "occluded": 0.25}
    annotations = [Annotation(BBox(1, 1, 5, 5), name, given if name == "<c>" else {}) for name in names]
    losses = write(PascalVoc(), manifest(example("a.png", *annotations)), tmp_path / "o")
    found = next(iter(read(PascalVoc(), tmp_path / "o").examples)).annotations
    assert [(a.label, dict(a.attributes)) for a in found] == [(a.label, dict(a.attributes)) for a in annotations]
    assert losses.as_list() == []


def test_other_attributes_are_reported_as_lost(tmp_path: Path) -> None:
    losses = write(PascalVoc(), manifest(example("a.png", box(1, 1, 5, 5, color="red", occluded="x"))), tmp_path / "o")
    assert sorted((loss.what, loss.why.split()[2]) for loss in losses) == [
        ("changed", "occluded"),
        ("dropped", "color"),
    ]


def test_the_fixed_index_of_a_label_survives(tmp_path: Path) -> None:
    labels = labels_of("zebra", 'ant, "red"', "unused", indices=[2, 5, 9])
    write(PascalVoc(), manifest(example("a.png", box(1, 1, 5, 5, 'ant, "red"')), labels=labels), tmp_path / "o")
    found = read(PascalVoc(), tmp_path / "o").labels
    assert [(label.name, label.index) for label in found] == [(label.name, label.index) for label in labels]


def test_the_lists_of_images_follow_the_splits(tmp_path: Path) -> None:
    given = [("a b.png", Split.TRAIN), ("c.png", Split.VALID), ("d.png", Split.TEST), ("e.png", None)]
    write(PascalVoc(), manifest(*(example(n, box(1, 1, 5, 5), split=s) for n, s in given)), tmp_path / "o")
    lists = {n.rpartition("/")[2]: d.decode().splitlines() for n, d in tree(tmp_path / "o").items() if "ImageSets" in n}
    assert lists == {"train.txt": ["a b", "e"], "val.txt": ["c"], "test.txt": ["d"], "trainval.txt": ["a b", "c", "e"]}


def test_empty_and_unlabeled_images(tmp_path: Path) -> None:
    dataset = manifest(example("a.png"), example("b.png", state=ImageState.UNLABELED), labels=labels_of("cat"))
    write(PascalVoc(), dataset, tmp_path / "o")
    assert [n for n in tree(tmp_path / "o") if n.endswith(".xml")] == ["Annotations/a.xml"]
    assert facts(read(PascalVoc(), tmp_path / "o")) == facts(dataset)


def test_pictures_left_out_come_back_as_annotations_alone(tmp_path: Path) -> None:
    dataset = manifest(example("a.png", box(1, 1, 5, 5), image=None))
    write(PascalVoc(), dataset, tmp_path / "o")
    found = read(PascalVoc(), tmp_path / "o")
    assert facts(found) == facts(dataset)
    assert [e.image for e in found.examples] == [None]


@pytest.mark.parametrize("holes, parts", [("bridge", 1), ("split", 2)])
def test_holes_keep_their_area(holes: str, parts: int, tmp_path: Path) -> None:
    losses = write(PascalVoc(), manifest(example("a.png", Annotation(RING, "cat"))), tmp_path / "o", {"holes": holes})
    (found,) = (a.shape for e in read(PascalVoc(), tmp_path / "o").examples for a in e.annotations)
    assert isinstance(found, Polygon) and len(found.parts) == parts
    assert found.area() == pytest.approx(RING.area())
    assert len(losses) == 1


def test_holes_can_be_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"a\.png"):
        write(PascalVoc(), manifest(example("a.png", Annotation(RING, "cat"))), tmp_path / "o", {"holes": "refuse"})


@pytest.mark.parametrize("shapes", [BOXES[:2], OUTLINES[1:]], ids=["boxes", "polygons"])
def test_supervision_reads_the_same(shapes: Any, tmp_path: Path) -> None:
    sv = pytest.importorskip("supervision")
    dataset = golden(shapes)
    write(PascalVoc(), dataset, tmp_path / "o")
    loaded = sv.DetectionDataset.from_pascal_voc(str(tmp_path / "o/JPEGImages"), str(tmp_path / "o/Annotations"))
    found = {os.path.basename(path): detections for path, _, detections in loaded}  # noqa: PTH119
    for wanted in dataset.examples:
        detections = found[wanted.filename.replace("/", "_")]
        assert len(detections) == len(wanted.annotations)
        if wanted.annotations:
            bounds = [a.shape.bounds() for a in wanted.annotations]
            assert np.abs(detections.xyxy - np.array(bounds)).max() < 1e-4
            assert [loaded.classes[i] for i in detections.class_id] == [a.label for a in wanted.annotations]
        if wanted.annotations and shapes[0].kind == "polygon":
            areas = detections.mask.sum(axis=(1, 2))
            assert areas == pytest.approx([a.shape.area() for a in wanted.annotations], rel=0.4)


def test_a_dataset_goes_through_supervision_and_back(tmp_path: Path) -> None:
    sv = pytest.importorskip("supervision")
    write(PascalVoc(), manifest(example("a.png", box(10, 5, 20, 10), image=picture(100, 50))), tmp_path / "o")
    loaded = sv.DetectionDataset.from_pascal_voc(str(tmp_path / "o/JPEGImages"), str(tmp_path / "o/Annotations"))
    loaded.as_pascal_voc(str(tmp_path / "sv/JPEGImages"), str(tmp_path / "sv/Annotations"))
    found = read(PascalVoc(), tmp_path / "sv")
    assert [a.shape for e in found.examples for a in e.annotations] == [BBox(10, 5, 20, 10)]
