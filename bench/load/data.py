"""What the load is put on: 10,000 images with 200,000 annotations, and pictures to upload. `python -m bench.load.data`.

Arguments: the data folder, the database's URL (empty for SQLite in the folder).
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import cv2
import numpy as np

from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.opening import open_backend
from jupyter_roboflow.domain.dataset import ImageState
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage import images as rows
from jupyter_roboflow.storage.bulk import Addition, BulkWriter
from jupyter_roboflow.storage.files import thumbnail_key

IMAGES, EACH, UPLOADS, TARGETS = 10_000, 20, 400, 12
"""Images, annotations on each, pictures that are uploaded, datasets for uploads (one a run)."""

_BATCH = 2_000


def main() -> None:
    folder, url = Path(sys.argv[1]), sys.argv[2]
    settings = Settings.from_environment({}, data_dir=folder, database_url=url)
    backend = open_backend(settings)
    dataset = backend.create_dataset("load").id
    for number in range(TARGETS):
        backend.create_dataset(f"uploads {number}")
    _enter_images(backend, dataset)
    _draw(backend, dataset)
    backend.close()
    _make_pictures(folder / "pictures")


def _enter_images(backend: LocalBackend, dataset: int) -> None:
    thumbnail = cv2.imencode(".jpg", np.full((192, 256, 3), 90, np.uint8))[1].tobytes()
    store = backend.installation.store
    for start in range(0, IMAGES, _BATCH):
        hashes = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(start, start + _BATCH)]
        new = [
            rows.NewImage(f"frame-{start + i:06d}.jpg", 640, 480, sha256, 90_000, 0, "image/jpeg", 0)
            for i, sha256 in enumerate(hashes)
        ]
        with backend.installation.database.write() as conn:
            rows.add(conn, dataset, backend.user, new)
        store.place.put([(thumbnail_key(sha256), thumbnail) for sha256 in hashes])


def _draw(backend: LocalBackend, dataset: int) -> None:
    label = backend.add_label(dataset, "cell")
    additions: list[Addition] = []
    for page in range(1, IMAGES // 500 + 1):
        for image in backend.images(dataset, page=page, limit=500).items:
            drawn = [_row(number) for number in range(EACH)]
            additions.append(Addition(image.id, drawn, ImageState.LABELED))
    with backend.installation.database.write() as conn:
        BulkWriter(conn, backend.user, {"cell": label.id}).write(additions)


def _row(number: int) -> tuple[str, str, str, str, float, float, float, float, float]:
    x, y, w, h = 10.0 + 20 * number, 20.0 + number, 15.5, 12.25
    geometry = json.dumps({"bbox": [x, y, w, h], "coords_unit": "px"}, separators=(",", ":"))
    return "cell", "bbox", geometry, "{}", x, y, x + w, y + h, w * h


def _make_pictures(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    random = np.random.default_rng(7)
    for number in range(UPLOADS):
        small = random.integers(0, 255, (48, 64, 3), np.uint8)
        picture = cv2.resize(small, (640, 480), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / f"{number:04d}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
