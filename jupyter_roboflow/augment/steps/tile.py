"""One picture into many."""

from __future__ import annotations

from dataclasses import replace

from ..move import Run, move
from ..parameter import Number
from ..picture import Picture
from ..warp import Crop
from .step import Settings, Step


class Tile(Step):
    name = "tile"
    title = "Tile"
    help = "Cut each picture into rows × columns; small objects keep their pixels when tiles are resized later."
    stage = "preprocess"
    moves = True
    parameters = (
        Number(name="rows", default=2, low=1, high=50, whole=True, help="Tiles from top to bottom."),
        Number(name="columns", default=2, low=1, high=50, whole=True, help="Tiles from left to right."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        aside = replace(run, dropped=[])  # a shape is missing in most tiles, which is no loss
        columns = _cuts(picture.size_wh[0], int(settings["columns"]))
        rows = _cuts(picture.size_wh[1], int(settings["rows"]))
        tiles = [
            move(picture, Crop(x0, y0, x1, y1), aside).named(f"r{row}c{column}")
            for row, (y0, y1) in enumerate(rows)
            for column, (x0, x1) in enumerate(columns)
        ]
        left = {(mark.picture, mark.source) for tile in tiles for mark in tile.marks}
        for mark in picture.marks:
            if (mark.picture, mark.source) not in left:
                run.drop(mark, "less of it visible than min_visible in each tile")
        return tiles


def _cuts(side: int, count: int) -> list[tuple[int, int]]:
    """Start and end of each tile along a side in whole pixels; fewer where there are fewer pixels than tiles."""
    count = min(count, side)
    return [(side * i // count, side * (i + 1) // count) for i in range(count)]
