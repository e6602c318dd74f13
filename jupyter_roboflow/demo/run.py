"""What `jupyter roboflow demo` does, step by step, with the packaged images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

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
    health.figure().savefig(output / "blood-cells-health.png", dpi=110)
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
    with as_file(files(__package__) / "data" / folder) as path:
        say(f"   {name}: {dataset.import_(path)}")
    return dataset


def _export(dataset: Dataset, name: str, path: Path, say: Callable[[str], None]) -> ExportReport:
    report = dataset.export(name, path)
    say(f"   {report}")
    return report


def largest_move(one: Dataset, other: Dataset) -> float | None:
    """How far the edge of any box moved between two datasets, in pixels; None when labels, images or counts differ."""
    left, right = _boxes(one), _boxes(other)
    if left.keys() != right.keys():
        return None
    if any(Counter(b[0] for b in left[name]) != Counter(b[0] for b in right[name]) for name in left):
        return None
    pairs = (pair for name in left for pair in zip(left[name], right[name], strict=True))
    return max((abs(a - b) for (_, p), (_, q) in pairs for a, b in zip(p, q, strict=True)), default=0.0)


def _boxes(dataset: Dataset) -> Mapping[str, list[tuple[str, tuple[float, ...]]]]:
    return {
        image.filename: sorted((a.label, tuple(a.shape.bounds())) for a in image.annotations) for image in dataset
    }
