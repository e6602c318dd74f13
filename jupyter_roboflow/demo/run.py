"""What `jupyter roboflow demo` does, step by step, with the packaged images."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from ..domain.shapes import Bounds
from ..workspace import Dataset, Workspace
from ..workspace.reports import ExportReport

BLOOD_CELLS = "Blood cells (demo)"
NUCLEI = "Nuclei (demo)"
_AGAIN = "Blood cells (demo, read back)"
_FORMATS = ("coco", "yolo", "voc")
_TOLERANCE = 0.5
"""Pixels: what a box may move through a format that rounds. COCO does not."""


def run_demo(workspace: Workspace, output: Path, say: Callable[[str], None] = print) -> dict[str, Any]:
    """Run the main job on the demo data; the exports and a plot land in `output`.

    Running it again starts from fresh copies of the demo datasets; other datasets are left alone.
    """
    output.mkdir(parents=True, exist_ok=True)
    say("1. Import")
    cells = _import(workspace, BLOOD_CELLS, "blood-cells", say)
    nuclei = _import(workspace, NUCLEI, "nuclei", say)
    say("\n2. Health")
    health = cells.health()
    health.save_figure(output / "blood-cells-health.png")
    say(f"{health}\n   plots: {output / 'blood-cells-health.png'}")
    say("\n3. Export")
    exports = {name: _export(cells, name, output / f"blood-cells-{name}.zip", say) for name in _FORMATS}
    exports["nuclei-coco"] = _export(nuclei, "coco", output / "nuclei-coco.zip", say)
    say("\n4. Read one back and compare")
    again = _fresh(workspace, _AGAIN)
    again.import_(exports["coco"].path)
    moved = largest_move(cells, again)
    unchanged = moved is not None and moved <= _TOLERANCE
    verdict = f"nothing changed (largest move {moved:.3g} px)" if unchanged else "SOMETHING CHANGED"
    say(f"   {len(again)} images, {again.info.annotation_count} annotations: {verdict}")
    again.delete()
    say(f"\nThe results are in {output}/. The datasets stay: jupyter roboflow datasets")
    paths = {name: str(export.path) for name, export in exports.items()}
    return {"unchanged": unchanged, "largest_move_px": moved, "exports": paths, "health": health.to_dict()}


def _fresh(workspace: Workspace, name: str) -> Dataset:
    workspace.create_dataset(name, exist_ok=True).delete()
    return workspace.create_dataset(name)


def _import(workspace: Workspace, name: str, folder: str, say: Callable[[str], None]) -> Dataset:
    dataset = _fresh(workspace, name)
    with as_file(files("jupyter_roboflow.demo") / "data" / folder) as path:
        say(f"   {name}: {dataset.import_(path)}")
    return dataset


def _export(dataset: Dataset, name: str, path: Path, say: Callable[[str], None]) -> ExportReport:
    report = dataset.export(name, path)
    say(f"   {report}")
    return report


def largest_move(one: Dataset, other: Dataset) -> float | None:
    """How far the edge of any box moved between two datasets, in pixels; None when labels, images or counts differ."""
    left, right = _boxes(one), _boxes(other)
    if {key: len(boxes) for key, boxes in left.items()} != {key: len(boxes) for key, boxes in right.items()}:
        return None
    return max((_largest_gap(boxes, right[key]) for key, boxes in left.items()), default=0.0)


def _boxes(dataset: Dataset) -> dict[tuple[str, str], list[Bounds]]:
    """Bounds by file name and label."""
    boxes: dict[tuple[str, str], list[Bounds]] = defaultdict(list)
    for image in dataset:
        for annotation in image.annotations:
            boxes[image.filename, annotation.label].append(annotation.shape.bounds())
    return boxes


def _largest_gap(some: list[Bounds], others: list[Bounds]) -> float:
    """The largest difference of an edge when every box is paired with the nearest one that is left."""
    left, largest = list(others), 0.0
    for box in some:
        gaps = [max(abs(a - b) for a, b in zip(box, other, strict=True)) for other in left]
        nearest = min(range(len(gaps)), key=gaps.__getitem__)
        largest = max(largest, gaps[nearest])
        del left[nearest]
    return largest
