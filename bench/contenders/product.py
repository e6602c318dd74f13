"""The product, by its public API alone: `python -m bench.contenders.product JOB …`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import jupyter_roboflow as rf

from ..gauge import Case, Job, main
from .augmenting import augmenting
from .cores import only_cores
from .drawing import outline, path
from .product_augment import STEPS
from .workspaces import DATASET


def _export(format_name: str, **options: Any) -> Job:
    """From a workspace to a zip; without pixels the option `images=False` leaves the pictures out."""

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        case.output.mkdir(parents=True, exist_ok=True)
        with rf.connect(data_dir=case.workspace, progress=False) as ws:
            ds = ws.dataset(DATASET)
            yield lambda: ds.export(format_name, case.output / "out.zip", images=case.pixels, **options)

    return job


@contextmanager
def _import(case: Case) -> Iterator[Callable[[], object]]:
    """Annotations into a dataset that has the images; with pixels the whole folder into an empty one."""
    with rf.connect(data_dir=_copy(case), progress=False) as ws:
        ds = ws.dataset(DATASET)
        yield lambda: ds.import_(case.data)


def _ingest(cores: int) -> Job:
    """Pictures into an empty dataset, by children that have been started."""

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        only_cores(cores)
        with rf.connect(data_dir=_copy(case), workers=cores, progress=False) as ws:
            ds = ws.dataset(DATASET)
            ds.upload([np.full((8, 8, 3), shade, np.uint8) for shade in range(8 * cores)])
            yield lambda: ds.upload(case.pictures)

    return job


def _version(workers: int) -> Job:
    """A version by the job queue: the workers have been started by a version of another, tiny dataset."""

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        only_cores(workers)
        with rf.connect(data_dir=_copy(case), workers=workers, queue="local", progress=False) as ws:
            recipe = rf.Recipe(STEPS, seed=1, multiplier=2)
            first = ws.create_dataset("first")
            first.upload([np.full((64, 64, 3), shade, np.uint8) for shade in range(8 * workers)])
            first.generate(recipe, include_unlabeled=True)
            yield lambda: ws.dataset(DATASET).generate(recipe)

    return job


def _copy(case: Case) -> Path:
    """A copy of the workspace, so that every run finds it as it was."""
    copy = case.output / "workspace"
    shutil.copytree(case.workspace, copy)
    if hasattr(os, "sync"):
        os.sync()
    return copy


if __name__ == "__main__":
    main(
        {
            "export-coco": _export("coco"),
            "export-yolo": _export("yolo", task="detect"),
            "export-yolo-segment": _export("yolo", task="segment"),
            "export-voc": _export("voc"),
            "import": _import,
            "import-pixels": _import,
            "ingest-1": _ingest(1),
            "ingest-2": _ingest(2),
            "augment-few": augmenting(1, "product_augment", few=True),
            "augment-1": augmenting(1, "product_augment"),
            "augment-2": augmenting(2, "product_augment"),
            "version-1": _version(1),
            "version-2": _version(2),
            "thumbnails-1": augmenting(1, "product_augment", function="thumbnail"),
            "thumbnails-2": augmenting(2, "product_augment", function="thumbnail"),
            "assist-first": outline(again=False),
            "assist-outline": outline(again=True),
            "assist-path": path(again=False),
            "assist-move": path(again=True),
        }
    )
