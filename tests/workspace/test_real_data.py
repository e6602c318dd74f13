"""Two real datasets go in, round through every format, and come back as they were."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.demo.run import largest_move

from .conftest import BLOOD_CELLS, BOTH_WAYS, NUCLEI


def _nuclei(tmp_path: Path, json_name: str) -> Path:
    """All 28 pictures beside one of the two annotation files."""
    source = tmp_path / "nuclei"
    shutil.copytree(NUCLEI / "images", source / "images")
    shutil.copy(NUCLEI / json_name, source)
    return source


@pytest.fixture
def cells(ws: rf.Workspace) -> rf.Dataset:
    dataset = ws.create_dataset("blood")
    dataset.import_(BLOOD_CELLS)
    return dataset


@BOTH_WAYS
def test_blood_cells_arrive_with_exactly_these_counts(cells: rf.Dataset) -> None:
    frame = cells.to_dataframe()
    assert Counter(frame["label"]) == {"RBC": 547, "Platelets": 81, "WBC": 50}
    assert Counter(str(image.split) for image in cells) == {"train": 32, "valid": 8, "test": 8}
    assert cells.info.annotation_count == 678
    assert {image.state for image in cells} == {"labeled"}


@BOTH_WAYS
def test_voc_to_coco_to_yolo_to_voc_keeps_every_box_and_class(
    ws: rf.Workspace, cells: rf.Dataset, tmp_path: Path
) -> None:
    current = cells
    for format in ("coco", "yolo", "voc"):
        archive = current.export(format, tmp_path / f"{format}.zip").path
        current = ws.create_dataset(f"after {format}")
        assert current.import_(archive).format == format
        moved = largest_move(cells, current)
        assert moved is not None and moved <= 0.5, format
    assert Counter(current.to_dataframe()["label"]) == {"RBC": 547, "Platelets": 81, "WBC": 50}
    assert Counter(str(image.split) for image in current) == {"train": 32, "valid": 8, "test": 8}


@pytest.mark.parametrize("json_name", ["instances_polygons.json", "instances_rle.json"])
def test_nuclei_arrive_as_polygons(ws: rf.Workspace, tmp_path: Path, json_name: str) -> None:
    dataset = ws.create_dataset("nuclei")
    source = _nuclei(tmp_path, json_name)
    dataset.import_(source)
    frame = dataset.to_dataframe()
    assert len(frame) == 915 and set(frame["kind"]) == {"polygon"} and set(frame["label"]) == {"nucleus"}
    assert len(dataset) == 28


@BOTH_WAYS
def test_nuclei_keep_their_outlines_through_coco_and_yolo_segment(ws: rf.Workspace, tmp_path: Path) -> None:
    dataset = ws.create_dataset("nuclei")
    source = _nuclei(tmp_path, "instances_polygons.json")
    dataset.import_(source)
    options: dict[str, Any]
    for format, options in (("coco", {}), ("yolo", {"task": "segment"})):
        archive = dataset.export(format, tmp_path / f"{format}.zip", **options).path
        back = ws.create_dataset(format)
        back.import_(archive)
        assert _areas(back) == pytest.approx(_areas(dataset), abs=1.0)


def _areas(dataset: rf.Dataset) -> list[float]:
    return [
        area
        for image in sorted(dataset, key=lambda i: i.filename)
        for area in sorted(a.shape.area() for a in image.annotations)
    ]


@BOTH_WAYS
def test_importing_the_same_again_changes_nothing(cells: rf.Dataset) -> None:
    report = cells.import_(BLOOD_CELLS)
    assert report.counts["images_added"] == 0 and report.counts["images_known"] == 48
    assert cells.info.annotation_count == 678 and len(cells) == 48


@BOTH_WAYS
def test_the_same_data_gives_the_same_bytes(cells: rf.Dataset, tmp_path: Path) -> None:
    for format in ("coco", "yolo", "voc"):
        first = cells.export(format, tmp_path / "one.zip").path.read_bytes()
        assert cells.export(format, tmp_path / "two.zip").path.read_bytes() == first


@BOTH_WAYS
def test_health_counts_the_blood_cells(cells: rf.Dataset) -> None:
    health = cells.health().to_dict()
    assert "RBC" in str(health) and health["images"] == 48 and health["annotations"] == 678
    assert "<img" in cells.health()._repr_html_()
