"""The least that bringing pictures in takes: read, hash, decode all of it, thumbnail, one file flushed to disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from ..gauge import Case, Job
from .augmenting import Scene
from .cores import only_cores

THUMBNAIL_SIDE = 256


def ingest_one(folder: Path, path: Path) -> str:
    """Bring one picture in; the name of the file that was flushed."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError(f"{path.name} is no picture")
    height, width = pixels.shape[:2]
    scale = THUMBNAIL_SIDE / max(width, height)
    small = cv2.resize(pixels, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    thumbnail = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 82])[1]
    with (folder / digest).open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    (folder / f"{digest}.jpg").write_bytes(thumbnail.tobytes())
    return digest


def thumbnail(folder: Path, scene: Scene) -> None:
    """A small picture of one, decoded at half, a quarter or an eighth of its size as far as that is enough."""
    data = np.frombuffer(scene.path.read_bytes(), np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_4)  # of 1280 × 960: 320 × 240
    if pixels is None:
        raise ValueError(f"{scene.path.name} is no picture")
    height, width = pixels.shape[:2]
    scale = THUMBNAIL_SIDE / max(width, height)
    small = cv2.resize(pixels, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / scene.path.name), small, [cv2.IMWRITE_JPEG_QUALITY, 82])


def ingest(processes: int) -> Job:
    """The job for one process on one core, or for a pool of processes that has been started."""

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        only_cores(processes)
        case.output.mkdir(parents=True, exist_ok=True)
        one, paths = partial(ingest_one, case.output), sorted(case.pictures.iterdir())
        _one_thread()
        if processes == 1:
            yield lambda: [one(path) for path in paths]
            return
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_one_thread) as pool:
            list(pool.map(_one_thread, range(4 * processes)))
            yield lambda: list(pool.map(one, paths, chunksize=8))

    return job


def _one_thread(_: int = 0) -> None:
    cv2.setNumThreads(1)
