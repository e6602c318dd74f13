"""Brighter or darker."""

from __future__ import annotations

import numpy as np

from ..move import Run
from ..opencv import opencv
from ..parameter import Choice, Number
from ..picture import Picture, Pixels
from .box_step import BoxStep
from .step import Settings, Step

DIRECTION = Choice(
    name="direction", default="both", choices=("both", "brighten", "darken"), help="Brighter, darker, or either."
)


class Brightness(Step):
    name = "brightness"
    title = "Brightness"
    help = "Multiply all values by a random factor."
    stage = "augment"
    parameters = (
        Number(name="percent", default=15.0, low=0, high=99, unit="%", help="Largest change."),
        DIRECTION,
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        change = _drawn(settings, run)
        return [picture.with_pixels(_looked_up(picture.pixels, np.arange(256) * (1 + change)))]


class Exposure(Step):
    name = "exposure"
    title = "Exposure"
    help = "Lift or lower the middle tones by a random gamma; black and white stay."
    stage = "augment"
    parameters = (
        Number(name="percent", default=10.0, low=0, high=99, unit="%", help="Largest change of gamma."),
        DIRECTION,
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        change = _drawn(settings, run)
        gamma = 1 / (1 + change) if change > 0 else 1 - change
        return [picture.with_pixels(_looked_up(picture.pixels, 255 * (np.arange(256) / 255) ** gamma))]


def _drawn(settings: Settings, run: Run) -> float:
    """A share between -1 and 1, noted in percent."""
    low = 0.0 if settings["direction"] == "brighten" else -settings["percent"]
    high = 0.0 if settings["direction"] == "darken" else settings["percent"]
    percent = run.uniform(low, high)
    run.notes["percent"] = round(percent, 2)
    return percent / 100


def _looked_up(pixels: Pixels, values: object) -> Pixels:
    """Every value replaced by that of a table of 256."""
    cv = opencv()
    return np.asarray(cv.LUT(pixels, np.clip(np.asarray(values), 0, 255).round().astype(np.uint8)), dtype=np.uint8)


class BoxBrightness(BoxStep):
    inner = Brightness()


class BoxExposure(BoxStep):
    inner = Exposure()
