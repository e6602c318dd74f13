"""One picture an object: from detection to classification."""

from __future__ import annotations

import math
from dataclasses import replace

from ..move import Run, move
from ..parameter import Number
from ..picture import Mark, Picture
from ..warp import Crop
from .step import Settings, Step


class IsolateObjects(Step):
    name = "isolate_objects"
    title = "Isolate objects"
    help = "Each object becomes its own picture, cut out along its box; nothing else is marked on it."
    stage = "preprocess"
    moves = True
    parameters = (
        Number(name="margin", default=0.0, low=0, high=100, unit="%", help="Kept around it, of the object's own size."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        objects = [mark for mark in picture.marks if mark.kind != "point"]
        if not objects:
            return run.leave_out("no object to isolate")
        alone = [replace(picture, marks=(mark,)) for mark in objects]
        margin = float(settings["margin"]) / 100
        return [
            move(one, _around(one.marks[0], margin, picture.size_wh), run).named(f"object{i}")
            for i, one in enumerate(alone)
        ]


def _around(mark: Mark, margin: float, size_wh: tuple[int, int]) -> Crop:
    x0, y0, x1, y1 = mark.bounds_xyxy()
    across, down = margin * (x1 - x0), margin * (y1 - y0)
    left = min(max(0, math.floor(x0 - across)), size_wh[0] - 1)
    top = min(max(0, math.floor(y0 - down)), size_wh[1] - 1)
    right = max(left + 1, min(size_wh[0], math.ceil(x1 + across)))
    bottom = max(top + 1, min(size_wh[1], math.ceil(y1 + down)))
    return Crop(left, top, right, bottom)
