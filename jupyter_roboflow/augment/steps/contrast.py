"""More contrast where there is little, decided from the picture itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..move import Run
from ..opencv import opencv
from ..parameter import Choice
from ..picture import Picture, Pixels
from .step import Settings, Step


class Contrast(Step):
    name = "contrast"
    title = "Auto-adjust contrast"
    help = "Stretch between the 2nd and the 98th percentile, equalise the histogram, or equalise it locally (CLAHE)."
    stage = "preprocess"
    parameters = (Choice(name="type", default="stretch", choices=("stretch", "equalize", "adaptive"), help="How."),)

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        how = {"stretch": stretched, "equalize": equalized, "adaptive": locally_equalized}
        return [picture.with_pixels(how[settings["type"]](picture.pixels))]


def stretched(pixels: Pixels) -> Pixels:
    """The 2nd to 98th percentile of all values, spread over 0 to 255."""
    cv = opencv()
    low, high = np.percentile(pixels, (2, 98))
    if high <= low:
        return pixels
    table = np.clip((np.arange(256) - low) * (255 / (high - low)), 0, 255).round().astype(np.uint8)
    return np.asarray(cv.LUT(pixels, table), dtype=np.uint8)


def equalized(pixels: Pixels) -> Pixels:
    """Lightness (L of CIELAB) with a flat histogram; colours stay."""
    cv = opencv()
    return _on_lightness(pixels, cv.equalizeHist)


def locally_equalized(pixels: Pixels) -> Pixels:
    """Lightness equalised in 8 × 8 fields with limited contrast."""
    cv = opencv()
    return _on_lightness(pixels, cv.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply)


def _on_lightness(pixels: Pixels, change: Callable[[Any], Any]) -> Pixels:
    cv = opencv()
    lab = cv.cvtColor(pixels, cv.COLOR_RGB2LAB)
    lab[..., 0] = change(np.ascontiguousarray(lab[..., 0]))
    return np.asarray(cv.cvtColor(lab, cv.COLOR_LAB2RGB), dtype=np.uint8)
