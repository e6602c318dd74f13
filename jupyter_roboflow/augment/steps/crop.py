"""Parts of a picture: a fixed one for every image, or a random one for each copy."""

from __future__ import annotations

import numpy as np

from ..move import Run, move
from ..parameter import Number
from ..picture import Picture
from ..warp import Crop, Projection
from .box_step import BoxStep
from .step import Settings, Step, refusal


class StaticCrop(Step):
    name = "static_crop"
    title = "Static crop"
    help = "Keep the same part of every picture, in percent of its width and height."
    stage = "preprocess"
    moves = True
    parameters = (
        Number(name="x_min", default=25.0, low=0, high=100, unit="%", help="Left edge."),
        Number(name="x_max", default=75.0, low=0, high=100, unit="%", help="Right edge."),
        Number(name="y_min", default=25.0, low=0, high=100, unit="%", help="Top edge."),
        Number(name="y_max", default=75.0, low=0, high=100, unit="%", help="Bottom edge."),
    )

    def check_together(self, settings: Settings, place: str) -> None:
        for axis in ("x", "y"):
            if settings[f"{axis}_min"] >= settings[f"{axis}_max"]:
                largest = settings[f"{axis}_max"]
                raise refusal(place, f"{axis}_min", settings[f"{axis}_min"], f"below {axis}_max ({largest:g} %)")

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        x0, x1 = _pixels(settings["x_min"], settings["x_max"], picture.size_wh[0])
        y0, y1 = _pixels(settings["y_min"], settings["y_max"], picture.size_wh[1])
        return [move(picture, Crop(x0, y0, x1, y1), run)]


def _pixels(low: float, high: float, side: int) -> tuple[int, int]:
    """Whole pixels between two percentages of a side, at least one."""
    start = min(round(low / 100 * side), side - 1)
    return start, max(start + 1, round(high / 100 * side))


class RandomCrop(Step):
    name = "crop"
    title = "Crop"
    help = "Zoom into a random place by a random percentage; the picture keeps its size."
    stage = "augment"
    moves = True
    parameters = (
        Number(name="min", default=0.0, low=0, high=99, unit="%", help="Least zoom: how much of each side goes."),
        Number(name="max", default=20.0, low=0, high=99, unit="%", help="Most zoom."),
    )

    def check_together(self, settings: Settings, place: str) -> None:
        if settings["min"] > settings["max"]:
            raise refusal(place, "min", settings["min"], f"at most max ({settings['max']:g} %)")

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        zoom = run.uniform(settings["min"], settings["max"])
        kept = 1 - zoom / 100
        left, top = run.random.random(2) * (1 - kept) * picture.size_wh
        run.notes["zoom"] = round(zoom, 2)
        matrix = np.array([[1 / kept, 0, -left / kept], [0, 1 / kept, -top / kept], [0, 0, 1]])
        return [move(picture, Projection(matrix, picture.size_wh), run)]


class BoxCrop(BoxStep):
    inner = RandomCrop()
