"""A dataset of 10,000 images: 18 photos with boxes, the rest rows with thumbnails.

`python -m bench.panel.workspace FOLDER`
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import cv2
import numpy as np

import jupyter_roboflow as rf
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.storage import images as rows
from jupyter_roboflow.storage.files import thumbnail_key

from ..annotator.data import IMAGES as PHOTOS
from ..annotator.workspace import fill

IMAGES = 10_000
DATASET = "panel"
_BATCH = 2_000


def main() -> None:
    with rf.connect(data_dir=Path(sys.argv[1]), progress=False) as ws:
        ds = ws.create_dataset(DATASET)
        fill(ws, ds, 10)
        assert isinstance(ws.backend, LocalBackend)
        _list_more(ws.backend, ds.id)


def _list_more(backend: LocalBackend, dataset_id: int) -> None:
    random = np.random.default_rng(3)
    small = [random.integers(60, 200, (12, 16, 3), np.uint8) for _ in range(50)]
    pictures = [cv2.resize(each, (256, 192), interpolation=cv2.INTER_CUBIC) for each in small]
    thumbnails = [cv2.imencode(".jpg", picture)[1].tobytes() for picture in pictures]
    for start in range(PHOTOS, IMAGES, _BATCH):
        numbers = range(start, min(start + _BATCH, IMAGES))
        hashes = [hashlib.sha256(b"panel %d" % number).hexdigest() for number in numbers]
        new = [
            rows.NewImage(f"frame-{number:06d}.jpg", 640, 480, sha256, 90_000, 0, "image/jpeg", 0)
            for number, sha256 in zip(numbers, hashes, strict=True)
        ]
        with backend.installation.database.write() as conn:
            rows.add(conn, dataset_id, backend.user, new)
        keyed = [(thumbnail_key(sha256), thumbnails[i % len(thumbnails)]) for i, sha256 in enumerate(hashes)]
        backend.installation.store.place.put(keyed)


if __name__ == "__main__":
    main()
