"""Numbers instead of pixels, for arrays only: a file keeps its pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..move import Run
from ..parameter import Choice, Numbers
from ..picture import Picture, Pixels
from .step import Settings, Step


class Normalize(Step):
    name = "normalize"
    title = "Normalize"
    help = (
        "For arrays: values from 0 to 1, or those less a mean and over a deviation. Pictures in files stay as they are."
    )
    stage = "preprocess"
    parameters = (
        Choice(name="type", default="zero_one", choices=("zero_one", "mean_std"), help="Scale to 0–1, or standardise."),
        Numbers(name="mean", default=[0.485, 0.456, 0.406], low=0, high=1, help="Of red, green and blue (ImageNet's)."),
        Numbers(name="std", default=[0.229, 0.224, 0.225], low=1e-6, high=1, help="Deviations (ImageNet's)."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        return [picture]


def normalized(pixels: Pixels, settings: Settings) -> NDArray[np.float32]:
    """(H, W, 3) float32 by the settings of a `normalize` step."""
    values = (pixels / np.float32(255)).astype(np.float32)
    if settings["type"] == "zero_one":
        return values
    mean, std = (np.array(settings[name], dtype=np.float32) for name in ("mean", "std"))
    return ((values - mean) / std).astype(np.float32)
