"""The product's data: a dataset `boxes-N` for each N, and one to warm up with.

`python -m bench.annotator.workspace FOLDER N …`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import jupyter_roboflow as rf
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.domain.dataset import ImageState
from jupyter_roboflow.storage.bulk import Addition, BulkWriter

from .data import COLORS, IMAGES, made_folder


def main() -> None:
    folder, sizes = Path(sys.argv[1]), [int(n) for n in sys.argv[2:]]
    with rf.connect(data_dir=folder, progress=False) as ws:
        ws.create_dataset("warm").upload([np.full((200, 300, 3), shade, np.uint8) for shade in (80, 160)])
        for n in sizes:
            fill(ws, ws.create_dataset(f"boxes-{n}"), n)


def fill(ws: rf.Workspace, ds: rf.Dataset, n: int) -> None:
    """Every photo with its N boxes and N/10 polygons."""
    labels = {name: ds.add_label(name, color).id for name, color in COLORS.items()}
    numbers = {f"photo-{number}.jpg": number for number in range(1, IMAGES + 1)}
    ds.upload([made_folder() / name for name in numbers])
    drawn = [Addition(image.id, _rows(n, numbers[image.filename]), ImageState.LABELED) for image in ds.images()]
    assert isinstance(ws.backend, LocalBackend)
    with ws.backend.installation.database.write() as conn:
        BulkWriter(conn, ws.backend.user, labels).write(drawn)


def _rows(n: int, number: int) -> list[tuple[str, str, str, str, float, float, float, float, float]]:
    drawn = json.loads((made_folder() / f"shapes-{n}-{number}.json").read_text())["shapes"]
    return [_row(shape) for shape in drawn]


def _row(shape: dict[str, Any]) -> tuple[str, str, str, str, float, float, float, float, float]:
    if "box" in shape:
        x, y, w, h = shape["box"]
        text = json.dumps({"bbox": shape["box"], "coords_unit": "px"}, separators=(",", ":"))
        return shape["label"], "bbox", text, "{}", x, y, x + w, y + h, w * h
    xs, ys = shape["points"][::2], shape["points"][1::2]
    text = json.dumps({"points": shape["points"], "coords_unit": "px"}, separators=(",", ":"))
    ring = list(zip(xs, ys, strict=True))
    area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2
    return shape["label"], "polygon", text, "{}", min(xs), min(ys), max(xs), max(ys), area


if __name__ == "__main__":
    main()
