"""YOLO exports: what is in them, and that Ultralytics' rules and supervision's reader agree with them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import yaml
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon as ShapelyPolygon

from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.domain.shapes import BBox, Part, Point, Polygon, Shape
from jupyter_roboflow.formats.yolo import Yolo
from tests.formats.manifests import (
    BOXES,
    OUTLINES,
    box,
    example,
    golden,
    labels_of,
    manifest,
    manifests,
    picture,
    read,
    tree,
    write,
)

RING = Polygon(
    [10, 5, 90, 5, 90, 45, 10, 45], holes=[[20, 10, 40, 10, 40, 30, 20, 30], [60, 10, 80, 10, 80, 40, 60, 40]]
)
PIECES = Polygon.of_parts(
    (Part((5.0, 5.0, 30.0, 5.0, 30.0, 20.0)), Part((50.0, 10.0, 90.0, 10.0, 90.0, 40.0, 50.0, 40.0)))
)


def label_files(path: Path) -> dict[str, str]:
    return {n: d.decode() for n, d in tree(path).items() if n.startswith("labels/")}


def written(tmp_path: Path, shape: Shape, **options: Any) -> list[list[float]]:
    write(Yolo(), manifest(example("a.png", Annotation(shape, "cat"))), tmp_path / "out", options)
    return [
        [float(v) for v in row.split()[1:]] for row in label_files(tmp_path / "out")["labels/train/a.txt"].splitlines()
    ]


def area_of(rows: list[list[float]]) -> float:
    """The area in pixels of 100 × 50 that a filler covers: every ring filled even-odd."""
    rings = [np.array(row).reshape(-1, 2) * (100, 50) for row in rows]
    return sum(abs(np.dot(r[:, 0], np.roll(r[:, 1], 1)) - np.dot(r[:, 1], np.roll(r[:, 0], 1))) / 2 for r in rings)


def test_a_box_is_centre_and_size_as_fractions(tmp_path: Path) -> None:
    assert written(tmp_path, BBox(10, 5, 20, 10)) == [[0.2, 0.2, 0.2, 0.2]]


def test_class_numbers_are_the_fixed_indices_with_gaps_filled(tmp_path: Path) -> None:
    labels = labels_of("zebra", "ant", indices=[1, 3])
    losses = write(Yolo(), manifest(example("a.png", box(1, 1, 2, 2, "ant")), labels=labels), tmp_path / "out")
    assert label_files(tmp_path / "out")["labels/train/a.txt"].startswith("3 ")
    names = yaml.safe_load(tree(tmp_path / "out")["data.yaml"])["names"]
    assert names == {0: "unused-0", 1: "zebra", 2: "unused-2", 3: "ant"}
    assert {(loss.what, loss.where) for loss in losses} == {("noted", "class 0"), ("noted", "class 2")}
    assert [(label.name, label.index) for label in read(Yolo(), tmp_path / "out").labels] == [("zebra", 1), ("ant", 3)]


def test_the_yaml_is_what_ultralytics_asks_for(tmp_path: Path) -> None:
    examples = [example(f"{s}.png", box(1, 1, 2, 2), split=s) for s in Split]
    write(Yolo(), manifest(*examples), tmp_path / "out")
    data = yaml.safe_load(tree(tmp_path / "out")["data.yaml"])
    assert data["path"] == "." and data["nc"] == len(data["names"]) == 1
    for key in ("train", "val", "test"):
        assert (tmp_path / "out" / data[key]).is_dir()


@pytest.mark.parametrize("only", list(Split))
def test_train_and_val_are_always_there(only: Split, tmp_path: Path) -> None:
    write(Yolo(), manifest(example("a.png", box(1, 1, 2, 2), split=only)), tmp_path / "out")
    data = yaml.safe_load(tree(tmp_path / "out")["data.yaml"])
    assert all((tmp_path / "out" / data[key]).is_dir() for key in ("train", "val"))
    assert [e.split for e in read(Yolo(), tmp_path / "out").examples] == [only]


def test_unlabeled_images_have_no_file_and_empty_ones_an_empty_file(tmp_path: Path) -> None:
    dataset = manifest(example("empty.png"), example("later.png", state=ImageState.UNLABELED), labels=labels_of("cat"))
    write(Yolo(), dataset, tmp_path / "out")
    assert label_files(tmp_path / "out") == {"labels/train/empty.txt": ""}
    assert len([n for n in tree(tmp_path / "out") if n.startswith("images/")]) == 2


def test_detection_turns_outlines_into_boxes_and_says_so(tmp_path: Path) -> None:
    losses = write(Yolo(), manifest(example("a.png", Annotation(RING, "cat"))), tmp_path / "out", {"task": "detect"})
    assert label_files(tmp_path / "out") == {"labels/train/a.txt": "0 0.5 0.5 0.8 0.8\n"}
    assert losses.total("changed") == 1


def test_segmentation_turns_boxes_into_outlines_and_says_so(tmp_path: Path) -> None:
    dataset = manifest(example("a.png", box(10, 5, 20, 10), Annotation(Point(1, 1), "cat")))
    losses = write(Yolo(), dataset, tmp_path / "out", {"task": "segment"})
    assert label_files(tmp_path / "out") == {"labels/train/a.txt": "0 0.1 0.1 0.3 0.1 0.3 0.3 0.1 0.3\n"}
    assert (losses.total("changed"), losses.total("dropped")) == (1, 1)


@pytest.mark.parametrize("shape", [RING, PIECES], ids=["holes", "parts"])
def test_holes_and_parts_are_bridged_without_changing_the_area(shape: Polygon, tmp_path: Path) -> None:
    rows = written(tmp_path, shape, task="segment")
    assert len(rows) == 1
    assert area_of(rows) == pytest.approx(shape.area())
    ring = ShapelyPolygon(np.array(rows[0]).reshape(-1, 2) * (100, 50))
    assert shapely.make_valid(ring).symmetric_difference(shape.to_shapely()).area == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("shape", [RING, PIECES], ids=["holes", "parts"])
def test_holes_and_parts_can_be_split_into_rows(shape: Polygon, tmp_path: Path) -> None:
    rows = written(tmp_path, shape, task="segment", holes="split")
    assert len(rows) > 1
    assert area_of(rows) == pytest.approx(shape.area())
    united = shapely.union_all([ShapelyPolygon(np.array(row).reshape(-1, 2) * (100, 50)) for row in rows])
    assert united.symmetric_difference(shape.to_shapely()).area == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("shape", [RING, PIECES], ids=["holes", "parts"])
def test_holes_and_parts_can_be_refused(shape: Polygon, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"a\.png") as caught:
        written(tmp_path, shape, task="segment", holes="refuse")
    assert caught.value.code == "holes_refused"
    assert list(tmp_path.iterdir()) == []


def test_overlapping_parts_are_united_before_they_are_joined(tmp_path: Path) -> None:
    square = (10.0, 10.0, 30.0, 10.0, 30.0, 30.0, 10.0, 30.0)
    both = Polygon.of_parts((Part(square), Part(tuple(v + 10 for v in square))))
    rows = written(tmp_path, both, task="segment")
    assert area_of(rows) == pytest.approx(400 + 400 - 100)


def test_attributes_and_tags_are_reported_as_lost(tmp_path: Path) -> None:
    dataset = manifest(example("a.png", box(1, 1, 2, 2, difficult=True), tags=("night",)))
    losses = write(Yolo(), dataset, tmp_path / "out")
    assert sorted(loss.why for loss in losses) == ["attributes of an annotation", "tags of an image"]


def test_tiny_values_are_written_without_an_exponent(tmp_path: Path) -> None:
    write(Yolo(), manifest(example("a.png", box(0, 0, 0.001, 0.0001), size=(65_000, 50))), tmp_path / "out")
    text = label_files(tmp_path / "out")["labels/train/a.txt"]
    assert "e" not in text
    assert [float(v) for v in text.split()[1:]] == pytest.approx(
        [0.0005 / 65_000, 1e-6, 0.001 / 65_000, 2e-6], rel=1e-6
    )


@pytest.mark.parametrize("task", ["detect", "segment"])
def test_labels_follow_the_rules_of_ultralytics(task: str) -> None:
    """Every row: a whole class number below nc, values within 0–1, four of them or at least three pairs."""
    shapes = st.one_of(
        st.builds(BBox, st.floats(-50, 99), st.floats(-50, 49), st.floats(0.5, 200), st.floats(0.5, 200)),
        st.lists(st.floats(-60, 160), min_size=6, max_size=20).filter(lambda v: len(v) % 2 == 0).map(_polygon_or_none),
    )

    @given(st.lists(shapes, max_size=5))
    def run(given_shapes: list[Shape | None]) -> None:
        from tempfile import TemporaryDirectory

        annotations = [Annotation(shape, "cat") for shape in given_shapes if shape is not None]
        with TemporaryDirectory() as folder:
            losses = write(Yolo(), manifest(example("a.png", *annotations)), Path(folder) / "out.zip", {"task": task})
            lines = next(iter(label_files(Path(folder) / "out.zip").values())).splitlines()
        for line in lines:
            assert re.fullmatch(r"0( (0|1|0\.[0-9]+)){4,}", line), line
            count = line.count(" ")
            assert count == 4 if task == "detect" else count >= 6 and count % 2 == 0
        assert len(lines) >= len(annotations) - losses.total("dropped")

    run()


def _polygon_or_none(values: list[float]) -> Polygon | None:
    try:
        return Polygon(values)
    except Invalid:
        return None


@pytest.mark.parametrize("task", ["detect", "segment"])
def test_supervision_reads_the_same(task: str, tmp_path: Path) -> None:
    sv = pytest.importorskip("supervision")
    dataset = golden(BOXES if task == "detect" else OUTLINES)
    write(Yolo(), dataset, tmp_path / "out", {"task": task})
    found: dict[str, Any] = {}
    for split in ("train", "val", "test"):
        loaded = sv.DetectionDataset.from_yolo(
            images_directory_path=str(tmp_path / "out" / "images" / split),
            annotations_directory_path=str(tmp_path / "out" / "labels" / split),
            data_yaml_path=str(tmp_path / "out" / "data.yaml"),
        )
        assert loaded.classes == ["cat", "unused-1", 'dog, <big> & "small"']
        found |= {os.path.basename(path): detections for path, _, detections in loaded}  # noqa: PTH119
    for wanted in dataset.examples:
        detections = found[wanted.filename.replace("/", "_")]
        assert len(detections) == len(wanted.annotations)
        if wanted.annotations:
            bounds = [a.shape.bounds() for a in wanted.annotations]
            assert np.abs(detections.xyxy - np.array(bounds)).max() < 1e-3
            assert list(detections.class_id) == [0 if a.label == "cat" else 2 for a in wanted.annotations]
        if wanted.annotations and task == "segment":
            areas = detections.mask.sum(axis=(1, 2))
            assert areas == pytest.approx([a.shape.area() for a in wanted.annotations], rel=0.4)


def test_a_dataset_goes_through_supervision_and_back(tmp_path: Path) -> None:
    sv = pytest.importorskip("supervision")
    write(Yolo(), manifest(example("a.png", box(10, 5, 20, 10), image=picture(100, 50))), tmp_path / "out")
    loaded = sv.DetectionDataset.from_yolo(
        str(tmp_path / "out/images/train"), str(tmp_path / "out/labels/train"), str(tmp_path / "out/data.yaml")
    )
    loaded.as_yolo(str(tmp_path / "sv/images"), str(tmp_path / "sv/labels"), str(tmp_path / "sv/data.yaml"))
    found = list(read(Yolo(), tmp_path / "sv").examples)
    assert [a.shape.bounds() for e in found for a in e.annotations] == [pytest.approx((10, 5, 30, 15), abs=1e-3)]


def test_random_datasets_stay_within_half_a_pixel_at_any_size() -> None:
    """The contract checks the tolerance; this one names the promise at the largest width."""

    @given(manifests(("bbox",)))
    def run(dataset: Any) -> None:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder:
            write(Yolo(), dataset, Path(folder) / "out.zip")
            for e in read(Yolo(), Path(folder) / "out.zip").examples:
                for a in e.annotations:
                    x0, y0, x1, y1 = a.shape.bounds()
                    assert x0 >= 0 and y0 >= 0 and x1 <= e.width and y1 <= e.height

    run()
