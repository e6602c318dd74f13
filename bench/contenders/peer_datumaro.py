"""datumaro: reads COCO and writes the other formats into a folder.

Its reader gives every object a box beside its polygon. Its YOLO and VOC writers write the boxes and no polygons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import datumaro as dm  # pyright: ignore[reportMissingImports]  # lives in its own environment

from ..gauge import Case, Job, main


def _export(format_name: str) -> Job:
    def run(case: Case) -> None:
        dataset = dm.Dataset.import_from(str(case.data), "coco_instances")
        dataset.export(str(case.output), format_name, save_media=case.pixels)

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        yield lambda: run(case)

    return job


if __name__ == "__main__":
    main(
        {
            "export-coco": _export("coco_instances"),
            "export-yolo": _export("yolo"),
            "export-voc": _export("voc_detection"),
        }
    )
