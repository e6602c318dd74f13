"""Four pictures in one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..move import Run, move, move_marks
from ..parameter import Number
from ..picture import Mark, Picture
from ..warp import Crop, Pad, Scale
from .step import Settings, Step


class Mosaic(Step):
    name = "mosaic"
    title = "Mosaic"
    help = "This picture and three others of the dataset around a random centre. Alone, a picture stays as it is."
    stage = "augment"
    moves = True
    probability = 0.5
    companions = 3
    parameters = (
        Number(
            name="centre", default=20.0, low=0, high=40, unit="%", help="Largest shift of the centre from the middle."
        ),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        others = list(run.companions())
        width, height = picture.size_wh
        if not others or width < 2 or height < 2:
            run.notes["mosaic"] = "no other pictures"
            return [picture]
        pictures = [picture] + [others[i % len(others)] for i in range(3)]
        shift = run.random.uniform(-settings["centre"], settings["centre"], 2) / 100
        x = min(width - 1, max(1, round(width * (0.5 + shift[0]))))
        y = min(height - 1, max(1, round(height * (0.5 + shift[1]))))
        frames = [Crop(0, 0, x, y), Crop(x, 0, width, y), Crop(0, y, x, height), Crop(x, y, width, height)]
        order: list[int] = run.random.permutation(4).tolist()
        return [self._composed(picture, pictures, [frames[i] for i in order], run)]

    def _composed(self, own: Picture, pictures: Sequence[Picture], frames: Sequence[Crop], run: Run) -> Picture:
        width, height = own.size_wh
        pixels = np.empty_like(own.pixels)
        marks: list[Mark] = []
        origins = None if own.origins is None else np.zeros_like(own.origins)
        for one, frame in zip(pictures, frames, strict=True):
            part = self._covering(one, frame.size_wh, run)
            pixels[frame.y0 : frame.y1, frame.x0 : frame.x1] = part.pixels
            place = Pad(part.size_wh, frame.x0, frame.y0, width - frame.x1, height - frame.y1)
            marks += move_marks(part.marks, place, run)
            if origins is not None and part.origins is not None:
                origins[frame.y0 : frame.y1, frame.x0 : frame.x1] = part.origins
        return replace(own, pixels=pixels, marks=tuple(marks), origins=origins)

    def _covering(self, picture: Picture, size_wh: tuple[int, int], run: Run) -> Picture:
        """A random part of the picture, scaled so that it covers the size along both sides."""
        factor = max(size_wh[0] / picture.size_wh[0], size_wh[1] / picture.size_wh[1])
        to = tuple(max(want, math.ceil(side * factor)) for want, side in zip(size_wh, picture.size_wh, strict=True))
        x = run.below(to[0] - size_wh[0] + 1)
        y = run.below(to[1] - size_wh[1] + 1)
        scaled = move(picture, Scale(picture.size_wh, (to[0], to[1])), run)
        return move(scaled, Crop(x, y, x + size_wh[0], y + size_wh[1]), run)
