"""Grain."""

from __future__ import annotations

import numpy as np

from ..move import Run
from ..parameter import Number
from ..picture import Picture
from .box_step import BoxStep
from .step import Settings, Step


class Noise(Step):
    name = "noise"
    title = "Noise"
    help = "Random colours in a random share of the pixels."
    stage = "augment"
    parameters = (Number(name="percent", default=1.0, low=0, high=25, unit="%", help="Largest share of the pixels."),)

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        percent = run.uniform(0, settings["percent"])
        run.notes["percent"] = round(percent, 2)
        flat = picture.pixels.reshape(-1, 3).copy()
        count = round(len(flat) * percent / 100)
        flat[run.random.integers(len(flat), size=count)] = run.random.integers(256, size=(count, 3), dtype=np.uint8)
        return [picture.with_pixels(flat.reshape(picture.pixels.shape))]


class CameraGain(Step):
    name = "camera_gain"
    title = "Camera gain"
    help = (
        "The grain of a sensor at high sensitivity: stronger in bright parts (photons), a little everywhere (readout)."
    )
    stage = "augment"
    parameters = (Number(name="percent", default=20.0, low=0, high=100, unit="%", help="Largest strength."),)

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        percent = run.uniform(0, settings["percent"])
        run.notes["percent"] = round(percent, 2)
        # Variance of photon counts grows with the light; at 100 % mid-grey deviates by about 37 of 255.
        gain = percent / 100
        deviation = np.sqrt(10 * gain * np.arange(256) + (gain * 10) ** 2).astype(np.float32)
        grain = run.random.standard_normal(picture.pixels.shape, dtype=np.float32) * deviation[picture.pixels]
        return [picture.with_pixels(np.clip(picture.pixels + grain, 0, 255).round().astype(np.uint8))]


class BoxNoise(BoxStep):
    inner = Noise()
