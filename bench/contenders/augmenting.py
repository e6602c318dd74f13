"""What augmentation is measured on: pictures with boxes and polygons, from a file to a file, by one process or two."""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from ..gauge import Case, Job
from .cores import only_cores

QUALITY = 90
_HOLE = 0.3


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture with its objects: boxes x, y, w, h; of each polygon's parts the outer ring and its holes, flat."""

    path: Path
    key: str
    boxes: list[list[float]]
    polygons: list[list[list[list[float]]]]


def scenes(case: Case) -> list[Scene]:
    """Every picture of the input. Objects in one part get a hole: their outline, smaller, about its middle."""
    coco = json.loads(case.json.read_text())
    found = {
        image["id"]: Scene(
            case.pictures / image["file_name"], hashlib.sha256(image["file_name"].encode()).hexdigest(), [], []
        )
        for image in coco["images"]
    }
    for annotation in coco["annotations"]:
        scene, parts = found[annotation["image_id"]], annotation["segmentation"]
        scene.boxes.append(annotation["bbox"])
        if parts:  # some are boxes alone
            scene.polygons.append([[parts[0], _hole(parts[0])]] if len(parts) == 1 else [[part] for part in parts])
    return list(found.values())


def _hole(ring: list[float]) -> list[float]:
    middle = [sum(ring[axis::2]) / (len(ring) // 2) for axis in (0, 1)]
    return [middle[i % 2] + _HOLE * (value - middle[i % 2]) for i, value in enumerate(ring)]


FEW = 100


def augmenting(workers: int, module: str, *, function: str = "augment", few: bool = False) -> Job:
    """The job of a function of a module beside this one, on each picture (or the first few), for processes that have
    been started. The module is imported for this job alone: the others are not to pay for it.
    """

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        only_cores(workers)
        case.output.mkdir(parents=True, exist_ok=True)
        one: Callable[[Path, Scene], object] = getattr(importlib.import_module(f".{module}", __package__), function)
        given, into = scenes(case)[: FEW if few else None], partial(one, case.output)
        one_thread()
        into(given[0])
        if workers == 1:
            yield lambda: [into(scene) for scene in given]
            return
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=one_thread) as pool:
            list(pool.map(into, given[: 4 * workers]))
            yield lambda: list(pool.map(into, given, chunksize=4))

    return job


def one_thread() -> None:
    """OpenCV works in the thread that calls it: each worker has one core."""
    import cv2

    cv2.setNumThreads(1)
