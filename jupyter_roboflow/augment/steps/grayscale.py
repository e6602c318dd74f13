"""Without colour, still in three channels."""

from __future__ import annotations

import numpy as np

from ..move import Run
from ..opencv import opencv
from ..picture import Picture, Pixels
from .step import Settings, Step

LUMA = (0.2125, 0.7154, 0.0721)
"""Weights of red, green and blue: ITU-R BT.709, as Roboflow uses them."""


class Grayscale(Step):
    name = "grayscale"
    title = "Grayscale"
    help = "Every picture in shades of grey."
    stage = "preprocess"

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        return [picture.with_pixels(grey(picture.pixels))]


class RandomGrayscale(Step):
    name = "random_grayscale"
    title = "Grayscale"
    help = "Some copies in shades of grey."
    stage = "augment"
    probability = 0.15

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        return [picture.with_pixels(grey(picture.pixels))]


def grey(pixels: Pixels) -> Pixels:
    """The same brightness in all three channels."""
    cv = opencv()
    return np.asarray(cv.transform(pixels, np.array([LUMA] * 3)), dtype=np.uint8)
