"""Turned, slanted, scaled and shifted by random amounts. The picture keeps its size."""

from __future__ import annotations

import math

import numpy as np

from ..move import Run, move
from ..parameter import Choice, Number
from ..picture import Picture
from ..warp import FILLS, Projection, about_centre
from .box_step import BoxStep
from .step import Settings, Step, refusal

FILL = Choice(
    name="fill", default="black", choices=tuple(FILLS), help="Colour where no pixel of the picture comes to be."
)


class Rotate(Step):
    name = "rotate"
    title = "Rotate"
    help = "Turn about the middle by a random angle."
    stage = "augment"
    moves = True
    parameters = (
        Number(name="degrees", default=15.0, low=0, high=180, unit="°", help="Largest angle, either way."),
        FILL,
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        degrees = run.uniform(-settings["degrees"], settings["degrees"])
        run.notes["degrees"] = round(degrees, 2)
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        matrix = about_centre(np.array([[c, -s], [s, c]]), picture.size_wh)
        return [move(picture, Projection(matrix, picture.size_wh, settings["fill"]), run)]


class Shear(Step):
    name = "shear"
    title = "Shear"
    help = "Slant sideways and up and down by random angles."
    stage = "augment"
    moves = True
    parameters = (
        Number(name="horizontal", default=10.0, low=0, high=45, unit="°", help="Largest slant to the side."),
        Number(name="vertical", default=10.0, low=0, high=45, unit="°", help="Largest slant up and down."),
        FILL,
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        across, down = (run.uniform(-settings[n], settings[n]) for n in ("horizontal", "vertical"))
        run.notes.update(horizontal=round(across, 2), vertical=round(down, 2))
        # One after the other, not both in one matrix: at 45° and 45° that one would flatten the picture to a line.
        sideways = np.array([[1.0, math.tan(math.radians(across))], [0.0, 1.0]])
        upwards = np.array([[1.0, 0.0], [math.tan(math.radians(down)), 1.0]])
        matrix = about_centre(upwards @ sideways, picture.size_wh)
        return [move(picture, Projection(matrix, picture.size_wh, settings["fill"]), run)]


class ScaleTranslate(Step):
    name = "scale_translate"
    title = "Scale and translate"
    help = "Enlarge or shrink about the middle and shift, by random amounts."
    stage = "augment"
    moves = True
    parameters = (
        Number(name="scale_min", default=0.8, low=0.1, high=4, help="Smallest factor."),
        Number(name="scale_max", default=1.2, low=0.1, high=4, help="Largest factor."),
        Number(
            name="horizontal", default=10.0, low=0, high=100, unit="%", help="Largest shift sideways, of the width."
        ),
        Number(
            name="vertical", default=10.0, low=0, high=100, unit="%", help="Largest shift up or down, of the height."
        ),
        FILL,
    )

    def check_together(self, settings: Settings, place: str) -> None:
        if settings["scale_min"] > settings["scale_max"]:
            raise refusal(place, "scale_min", settings["scale_min"], f"at most scale_max ({settings['scale_max']:g})")

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        # Evenly over the logarithm: half as large is as likely as twice as large.
        low, high = math.log(settings["scale_min"]), math.log(settings["scale_max"])
        scale = math.exp(run.uniform(low, high))
        shares = [run.uniform(-settings[n], settings[n]) / 100 for n in ("horizontal", "vertical")]
        shift = (shares[0] * picture.size_wh[0], shares[1] * picture.size_wh[1])
        run.notes.update(scale=round(scale, 3), shift=[round(v, 1) for v in shift])
        matrix = about_centre(np.eye(2) * scale, picture.size_wh, shift)
        return [move(picture, Projection(matrix, picture.size_wh, settings["fill"]), run)]


class BoxRotate(BoxStep):
    inner = Rotate()


class BoxShear(BoxStep):
    inner = Shear()
