"""Something in front of the picture."""

from __future__ import annotations

from dataclasses import replace

import shapely
from shapely.geometry import box as shapely_box
from shapely.geometry.base import BaseGeometry

from ..move import Run
from ..outlines import area_of
from ..parameter import Choice, Number
from ..picture import Mark, Picture
from ..warp import FILLS
from .step import Settings, Step


class Cutout(Step):
    name = "cutout"
    title = "Cutout"
    help = "Cover random rectangles. Shapes stay whole, unless less of one is visible than min_visible."
    stage = "augment"
    parameters = (
        Number(name="count", default=3, low=1, high=100, whole=True, help="How many rectangles."),
        Number(
            name="percent", default=10.0, low=1, high=100, unit="%", help="Width and height of each, of the picture's."
        ),
        Choice(name="fill", default="black", choices=tuple(FILLS), help="Colour of the rectangles."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        width, height = picture.size_wh
        across, down = (max(1, round(side * settings["percent"] / 100)) for side in (width, height))
        pixels = picture.pixels.copy()
        covers: list[shapely.Polygon] = []
        for _ in range(settings["count"]):
            x, y = run.below(width - across + 1), run.below(height - down + 1)
            pixels[y : y + down, x : x + across] = FILLS[settings["fill"]]
            covers.append(shapely_box(x, y, x + across, y + down))
        cover = shapely.union_all(covers)
        marks = [mark for mark in picture.marks if _stays(mark, cover, run)]
        return [replace(picture, pixels=pixels, marks=tuple(marks))]


def _stays(mark: Mark, cover: BaseGeometry, run: Run) -> bool:
    """Whether enough of a mark is left to be seen."""
    if mark.kind == "point":
        hidden = cover.intersects(shapely.Point(mark.parts[0][0][0]))
    else:
        area = area_of(mark.parts)
        open_area = float(shapely.difference(area, cover).area)
        hidden = mark.visible * open_area < run.rules.min_visible * float(area.area)
    if hidden:
        run.drop(mark, "covered")
    return not hidden
