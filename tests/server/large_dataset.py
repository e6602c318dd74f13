"""A dataset that takes a while to export: few small pictures with very many boxes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

import jupyter_roboflow as rf
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.domain.dataset import ImageState
from jupyter_roboflow.storage.bulk import Addition, BulkWriter

IMAGES = 192
"""Exports look up every 32 images whether to go on."""


def make_large_dataset(data_dir: Path, boxes: int, name: str = "large") -> int:
    """Its id; `boxes` on each picture."""
    random = np.random.default_rng(1)
    with rf.connect(data_dir=data_dir, progress=False) as ws:
        dataset = ws.create_dataset(name)
        report = dataset.upload([random.integers(0, 255, (16, 16, 3), np.uint8) for _ in range(IMAGES)])
        assert len(report.added) == IMAGES
        dataset.add_label("cell")
        _draw(ws, dataset, boxes)
        return dataset.id


def multiply_images(db: sqlite3.Connection, times: int) -> None:
    """Every image without its annotations so many times, as if the pictures were different ones."""
    columns = [row[1] for row in db.execute("PRAGMA table_info(images)") if row[1] not in ("id", "sha256")]
    names = ", ".join(columns)
    values = names.replace("annotation_count", "0")
    for number in range(1, times):
        sha256 = f"substr(sha256, 1, 60) || '{number:04x}'"
        db.execute(f"INSERT INTO images (sha256, {names}) SELECT {sha256}, {values} FROM images LIMIT {IMAGES}")


def _draw(ws: rf.Workspace, dataset: rf.Dataset, boxes: int) -> None:
    """As an import would: one by one it would take minutes."""
    backend = ws.backend
    assert isinstance(backend, LocalBackend)
    label = backend.labels(dataset.id)[0]
    row = ("cell", "bbox", '{"bbox":[1.5,2.5,3.25,4.75],"coords_unit":"px"}', "{}", 1.5, 2.5, 4.75, 7.25, 15.4375)
    images = backend.images(dataset.id, limit=500).items
    with backend.installation.database.write() as conn:
        writer = BulkWriter(conn, backend.user, {"cell": label.id})
        writer.write([Addition(image.id, [row] * boxes, ImageState.LABELED) for image in images])
