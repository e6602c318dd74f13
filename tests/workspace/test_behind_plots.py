"""The images behind a bar or a cell of the health plots are those it was counted from."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Unpack

import jupyter_roboflow as rf
from jupyter_roboflow.workspace.query import Where

from .conftest import BOTH_WAYS, write_pictures


@BOTH_WAYS
def test_every_bar_of_box_sizes_and_every_cell_of_a_heat_map_finds_its_images(ds: rf.Dataset, tmp_path: Path) -> None:
    ds.upload(write_pictures(tmp_path / "cells", 4))  # 64 × 48 pixels each
    dice = random.Random(5)
    shapes: list[list[rf.Annotation]] = [[], [], [], []]
    for label in ("cat", 'white "cell", old'):
        ds.add_label(label)
        for drawn in shapes[:3]:
            x, y, side = dice.uniform(0, 40), dice.uniform(0, 30), dice.uniform(2, 18)
            drawn += [rf.Annotation(rf.BBox(x, y, side, side), label)]
            drawn += [rf.Annotation(rf.Point(dice.uniform(0, 64), dice.uniform(0, 48)), label)]
    shapes[0] += [rf.Annotation(rf.BBox(0, 0, 4, 4), "cat"), rf.Annotation(rf.Point(64, 48), "cat")]  # on the edges
    shapes[1] += [rf.Annotation(rf.BBox(30, 22, 4, 4), "cat"), rf.Annotation(rf.Polygon([1, 1, 9, 1, 5, 9]), "cat")]
    images = list(ds)
    for image, drawn in zip(images, shapes, strict=True):
        image.save(drawn)
    health = ds.health().data

    sized = [(image.id, a.shape.bounds()) for image in images for a in image.annotations if a.shape.kind != "point"]
    sizes = health.box_sizes
    for (low, high), count in zip(pairwise(sizes.edges), sizes.counts, strict=True):
        inside = [id for id, (x0, y0, x1, y1) in sized if low**2 <= (x1 - x0) * (y1 - y0) < high**2]
        assert len(inside) == count and _ids(ds, box=f"{int(low)}..{int(high) - 1}") == set(inside)
    for label in health.labels:
        cells = {(column, row): n for row, line in enumerate(label.heat_map) for column, n in enumerate(line) if n > 0}
        assert sum(cells.values()) == label.annotations
        behind = {cell: _ids(ds, at=f"{cell[0]},{cell[1]},{label.name}") for cell in cells}
        assert all(1 <= len(ids) <= cells[cell] for cell, ids in behind.items())
        assert set.union(*behind.values()) == {image.id for image in ds.images(label=label.name)}
    assert _ids(ds, at="31,31") == {images[0].id} and len(ds.images(exclude_at="31,31", exclude_box="0..")) == 1


def _ids(ds: rf.Dataset, **where: Unpack[Where]) -> set[int]:
    return {image.id for image in ds.images(**where)}
