"""Mirrored."""

from __future__ import annotations

from ..move import Run, move
from ..parameter import Flag
from ..picture import Picture
from ..warp import Flip as FlipWarp
from .box_step import BoxStep
from .step import Settings, Step, refusal


class Flip(Step):
    name = "flip"
    title = "Flip"
    help = "Mirror left to right, top to bottom, or either with equal chance (both at once included)."
    stage = "augment"
    moves = True
    probability = 0.5
    parameters = (
        Flag(name="horizontal", default=True, help="Left to right."),
        Flag(name="vertical", default=False, help="Top to bottom."),
    )

    def check_together(self, settings: Settings, place: str) -> None:
        if not (settings["horizontal"] or settings["vertical"]):
            raise refusal(place, "horizontal", False, "true where vertical is false")

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        ways = [(True, False)] * settings["horizontal"] + [(False, True)] * settings["vertical"]
        ways += [(True, True)] * (len(ways) == 2)
        horizontal, vertical = ways[run.below(len(ways))]
        run.notes["flipped"] = " and ".join(["horizontally"] * horizontal + ["vertically"] * vertical)
        return [move(picture, FlipWarp(picture.size_wh, horizontal, vertical), run)]


class BoxFlip(BoxStep):
    inner = Flip()
