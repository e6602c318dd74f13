"""supervision: reads COCO and writes the other formats into a folder. Polygons go through masks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import supervision as sv

from ..gauge import Case, Job, main


def _export(write: Callable[[sv.DetectionDataset, Case], object]) -> Job:
    def run(case: Case) -> None:
        dataset = sv.DetectionDataset.from_coco(str(case.pictures), str(case.json))
        write(dataset, case)

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        yield lambda: run(case)

    return job


def _coco(dataset: sv.DetectionDataset, case: Case) -> None:
    dataset.as_coco(str(case.output / "images"), str(case.output / "annotations.json"))


def _yolo(dataset: sv.DetectionDataset, case: Case) -> None:
    folders = str(case.output / "images"), str(case.output / "labels"), str(case.output / "data.yaml")
    dataset.as_yolo(*folders)


def _voc(dataset: sv.DetectionDataset, case: Case) -> None:
    dataset.as_pascal_voc(str(case.output / "images"), str(case.output / "annotations"))


if __name__ == "__main__":
    main({"export-coco": _export(_coco), "export-yolo-segment": _export(_yolo), "export-voc": _export(_voc)})
