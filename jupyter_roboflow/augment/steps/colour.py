"""Other colours."""

from __future__ import annotations

import numpy as np

from ..move import Run
from ..opencv import opencv
from ..parameter import Number
from ..picture import Picture, Pixels
from .step import Settings, Step


class Hue(Step):
    name = "hue"
    title = "Hue"
    help = "Turn all colours around the colour wheel by a random angle."
    stage = "augment"
    parameters = (Number(name="degrees", default=15.0, low=0, high=180, unit="°", help="Largest turn, either way."),)

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        degrees = run.uniform(-settings["degrees"], settings["degrees"])
        run.notes["degrees"] = round(degrees, 2)
        turned = (np.arange(256) + round(degrees * 256 / 360)) % 256  # the whole circle is 256 in OpenCV's full range
        return [picture.with_pixels(_in_hsv(picture.pixels, 0, turned))]


class Saturation(Step):
    name = "saturation"
    title = "Saturation"
    help = "Stronger or paler colours by a random factor."
    stage = "augment"
    parameters = (Number(name="percent", default=25.0, low=0, high=99, unit="%", help="Largest change, either way."),)

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        percent = run.uniform(-settings["percent"], settings["percent"])
        run.notes["percent"] = round(percent, 2)
        return [picture.with_pixels(_in_hsv(picture.pixels, 1, np.arange(256) * (1 + percent / 100)))]


def _in_hsv(pixels: Pixels, channel: int, values: object) -> Pixels:
    """One channel of hue, saturation and value replaced by way of a table of 256."""
    cv = opencv()
    tables = np.tile(np.arange(256, dtype=np.uint8)[:, None], (1, 3))
    tables[:, channel] = np.clip(np.asarray(values), 0, 255).round().astype(np.uint8)
    hsv = cv.cvtColor(pixels, cv.COLOR_RGB2HSV_FULL)
    changed = cv.LUT(hsv, tables.reshape(1, 256, 3))
    return np.asarray(cv.cvtColor(changed, cv.COLOR_HSV2RGB_FULL), dtype=np.uint8)
