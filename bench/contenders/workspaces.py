"""Workspaces of the product to measure on: `python -m bench.contenders.workspaces KIND DATA WORKSPACE`.

`empty`: a dataset without images. `listed`: the rows of all images and no pixels. `full`, `full-listed`: the same with
all annotations.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import jupyter_roboflow as rf

from ..gauge import Case
from .floor_records import Image, parse_raw

DATASET = "bench"
_BATCH = 5_000


def make_workspace(kind: str, case: Case) -> None:
    """Make it in the folder `case.workspace`."""
    with rf.connect(data_dir=case.workspace, progress=False) as ws:
        ds = ws.create_dataset(DATASET)
        if kind in ("listed", "full-listed"):
            _list_images(ws, ds.id, parse_raw(case).images)
        if kind in ("full", "full-listed"):
            ds.import_(case.data)


def _list_images(ws: rf.Workspace, dataset_id: int, images: list[Image]) -> None:
    """Rows of images whose pixels nobody has, through the product's own storage: names and sizes from the JSON, the
    hash of the name in place of the pixels' hash."""
    from jupyter_roboflow.backend.local import LocalBackend
    from jupyter_roboflow.storage import images as rows

    backend = ws.backend
    assert isinstance(backend, LocalBackend)
    for start in range(0, len(images), _BATCH):
        new = [_row(image) for image in images[start : start + _BATCH]]
        with backend.installation.database.write() as conn:
            rows.add(conn, dataset_id, backend.user, new)


def _row(image: Image):
    from jupyter_roboflow.storage.images import NewImage

    return NewImage(
        filename=image.file_name,
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(image.file_name.encode()).hexdigest(),
        size=0,
        crc32=0,
        media_type="image/jpeg",
        dhash=0,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("empty", "listed", "full", "full-listed"))
    parser.add_argument("data", type=Path)
    parser.add_argument("workspace", type=Path)
    given = parser.parse_args()
    make_workspace(given.kind, Case(given.data, Path("none"), True, given.workspace))
