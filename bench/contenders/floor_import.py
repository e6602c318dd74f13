"""The least that importing annotations takes: parse the JSON, `sqlite3.executemany` the rows the product writes."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from operator import attrgetter

import msgspec

from ..gauge import Case
from .floor_ingest import ingest
from .floor_records import RawCoco, parse_raw

DATABASE = "roboflow.db"
_NOW = "2026-01-01 00:00:00.000000"
_NEXT_PART = re.compile(rb"\],\s*\[")


@contextmanager
def import_rows(case: Case) -> Iterator[Callable[[], object]]:
    """Annotations for images that are in the database already."""
    case.output.mkdir(parents=True, exist_ok=True)
    database = shutil.copy(case.workspace / DATABASE, case.output / DATABASE)
    if hasattr(os, "sync"):
        os.sync()
    yield lambda: _insert(parse_raw(case), str(database))


@contextmanager
def import_pixels(case: Case) -> Iterator[Callable[[], object]]:
    """Pictures and their annotations; two processes look at the pictures."""
    with import_rows(case) as insert, ingest(2)(case) as bring_in:

        def run() -> None:
            bring_in()
            insert()

        yield run


def _insert(coco: RawCoco, database: str) -> None:
    labels = {category.id: at for at, category in enumerate(coco.categories, 1)}
    position = {image.id: count() for image in coco.images}
    in_order = sorted(coco.annotations, key=attrgetter("image_id"))  # so that the pages of the indexes fill one by one
    rows = (
        (
            f"{number:032x}", a.image_id, labels[a.category_id], *_geometry(a.segmentation, a.bbox), "{}",
            next(position[a.image_id]), a.bbox[0], a.bbox[1], a.bbox[0] + a.bbox[2], a.bbox[1] + a.bbox[3], a.area,
            1, _NOW, _NOW,
        )
        for number, a in enumerate(in_order)
    )  # fmt: skip
    columns = (
        "id, image_id, label_id, shape_type, geometry, attributes, position, x0, y0, x1, y1, area, "
        "created_by, created_at, updated_at"
    )
    with closing(sqlite3.connect(database)) as conn, conn:
        conn.executemany(f"INSERT INTO annotations ({columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)


def _geometry(segmentation: msgspec.Raw, bbox: tuple[float, float, float, float]) -> tuple[str, str]:
    """Shape type and geometry as the product keeps them; the numbers stay the text they are in the file."""
    text = bytes(segmentation)
    if len(text) < 5:
        return "bbox", f'{{"bbox":{list(bbox)},"coords_unit":"px"}}'
    parts = _NEXT_PART.split(text[2:-2])
    if len(parts) == 1:
        return "polygon", f'{{"points":[{parts[0].decode()}],"coords_unit":"px"}}'
    listed = ",".join([f'{{"points":[{part.decode()}]}}' for part in parts])
    return "polygon", f'{{"parts":[{listed}],"coords_unit":"px"}}'
