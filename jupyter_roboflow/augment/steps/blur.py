"""Out of focus, or moved while the shutter was open."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..move import Run
from ..opencv import opencv
from ..parameter import Number
from ..picture import Picture
from .box_step import BoxStep
from .step import Settings, Step

SHARP_PX = 0.1
"""A blur below this, in pixels, changes nothing."""


class Blur(Step):
    name = "blur"
    title = "Blur"
    help = "A Gaussian blur of random width."
    stage = "augment"
    parameters = (Number(name="pixels", default=2.5, low=0, high=25, unit="px", help="Largest standard deviation."),)

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        cv = opencv()
        sigma = run.uniform(0, settings["pixels"])
        run.notes["pixels"] = round(sigma, 2)
        if sigma < SHARP_PX:
            return [picture]
        blurred = cv.GaussianBlur(picture.pixels, (0, 0), sigma, borderType=cv.BORDER_REPLICATE)
        return [picture.with_pixels(np.asarray(blurred, dtype=np.uint8))]


class MotionBlur(Step):
    name = "motion_blur"
    title = "Motion blur"
    help = "A blur along a line of random length in a random direction, as of a moving camera."
    stage = "augment"
    parameters = (
        Number(name="length", default=15.0, low=1, high=100, unit="px", help="Longest line."),
        Number(name="angle", default=180.0, low=0, high=180, unit="°", help="Largest angle of the line, either way."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        cv = opencv()
        length = run.uniform(1, settings["length"])
        angle = run.uniform(-settings["angle"], settings["angle"])
        run.notes.update(length=round(length, 1), angle=round(angle, 1))
        kernel = line_kernel(length, math.radians(angle))
        blurred = cv.filter2D(picture.pixels, -1, kernel, borderType=cv.BORDER_REPLICATE)
        return [picture.with_pixels(np.asarray(blurred, dtype=np.uint8))]


def line_kernel(length: float, angle: float) -> NDArray[np.float32]:
    """(K, K) float32 with sum 1: a line through the middle, so that nothing is shifted; the angle in radians."""
    half = math.ceil(length / 2)
    kernel = np.zeros((2 * half + 3, 2 * half + 3))
    along = np.linspace(-length / 2, length / 2, 4 * half + 1)
    x, y = along * math.cos(angle) + half + 1, along * math.sin(angle) + half + 1
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for dx in (0, 1):
        for dy in (0, 1):
            weight = np.abs(1 - dx - (x - left)) * np.abs(1 - dy - (y - top))
            np.add.at(kernel, (top + dy, left + dx), weight)
    return (kernel / kernel.sum()).astype(np.float32)


class BoxBlur(BoxStep):
    inner = Blur()
