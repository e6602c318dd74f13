"""To another size, as Roboflow names the ways."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ...domain.annotation import ANNOTATIONS_LIMIT
from ...domain.errors import TooLarge
from ..move import Run, check_size, move, move_marks, moved_origins
from ..parameter import Choice, Flag, Number
from ..picture import Mark, Picture
from ..warp import Crop, Pad, Projection, Scale
from .step import Settings, Step

SIDE_LIMIT = 32_766


class Resize(Step):
    name = "resize"
    title = "Resize"
    help = (
        "To a width and height: stretch; fill (cover, then cut to the middle); fit (keep the ratio, one side shorter); "
        "or fit with black, grey, white or reflected edges. Reflected pixels bring reflected shapes."
    )
    stage = "preprocess"
    moves = True
    parameters = (
        Number(name="width", default=640, low=1, high=SIDE_LIMIT, whole=True, unit="px", help="Width of the result."),
        Number(name="height", default=640, low=1, high=SIDE_LIMIT, whole=True, unit="px", help="Height of the result."),
        Choice(
            name="mode",
            default="stretch",
            choices=("stretch", "fill", "fit", "fit_black", "fit_grey", "fit_white", "fit_reflect"),
            help="What happens to the proportions.",
        ),
        Flag(name="upscale", default=False, help="Also enlarge pictures that are smaller; otherwise they only shrink."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        target = (int(settings["width"]), int(settings["height"]))
        mode, upscale = str(settings["mode"]), bool(settings["upscale"])
        scaled = move(picture, Scale(picture.size_wh, scaled_size(picture.size_wh, target, mode, upscale)), run)
        if mode == "fill":
            width, height = scaled.size_wh
            left, top = max(0, (width - target[0]) // 2), max(0, (height - target[1]) // 2)
            crop = Crop(left, top, min(width, left + target[0]), min(height, top + target[1]))
            return [move(scaled, crop, run)]
        if mode.startswith("fit_"):
            return [padded(scaled, target, mode.removeprefix("fit_"), run)]
        return [scaled]


def scaled_size(size_wh: tuple[int, int], target: tuple[int, int], mode: str, upscale: bool) -> tuple[int, int]:
    """Width and height that the whole picture is scaled to, before anything is cut off or added."""
    across, down = target[0] / size_wh[0], target[1] / size_wh[1]
    if not upscale:
        across, down = min(across, 1.0), min(down, 1.0)
    if mode == "stretch":
        return (round(size_wh[0] * across), round(size_wh[1] * down))
    scale = max(across, down) if mode == "fill" else min(across, down)
    return (max(1, round(size_wh[0] * scale)), max(1, round(size_wh[1] * scale)))


def padded(picture: Picture, target: tuple[int, int], fill: str, run: Run) -> Picture:
    """The picture in the middle of a larger one."""
    width, height = picture.size_wh
    left, top = (target[0] - width) // 2, (target[1] - height) // 2
    pad = Pad(picture.size_wh, left, top, target[0] - width - left, target[1] - height - top, fill)
    if fill != "reflect":
        return move(picture, pad, run)
    check_size(pad.size_wh, run)
    marks, origins = reflected(picture, pad, run), moved_origins(picture, pad)
    return replace(picture, pixels=pad.image(picture.pixels), marks=marks, origins=origins)


def reflected(picture: Picture, pad: Pad, run: Run) -> tuple[Mark, ...]:
    """The marks, and their images in each of the mirrors that the edges of the picture are."""
    width, height = picture.size_wh
    aside = replace(run, dropped=[])  # an image in a mirror that is cut off is no loss
    marks: list[Mark] = []
    columns = range(-math.ceil(pad.left / width), math.ceil(pad.right / width) + 1)
    rows = range(-math.ceil(pad.top / height), math.ceil(pad.bottom / height) + 1)
    if len(columns) * len(rows) * len(picture.marks) > ANNOTATIONS_LIMIT:
        raise TooLarge(
            f"{run.place} would reflect a picture of {width:,} × {height:,} pixels until it shows more than "
            f"{ANNOTATIONS_LIMIT:,} shapes: let it be enlarged (upscale), or choose edges of one colour.",
            code="too_many_shapes",
        )
    for column in columns:
        for row in rows:
            matrix = np.eye(3)
            matrix[0, 0], matrix[0, 2] = _mirror(column, width, pad.left)
            matrix[1, 1], matrix[1, 2] = _mirror(row, height, pad.top)
            here = run if (column, row) == (0, 0) else aside
            marks += move_marks(picture.marks, Projection(matrix, pad.size_wh), here)
    return tuple(marks)


def _mirror(tile: int, side: int, before: int) -> tuple[float, float]:
    """Factor and offset of the tile'th image along one side."""
    return (1.0, before + tile * side) if tile % 2 == 0 else (-1.0, before + (tile + 1) * side)
