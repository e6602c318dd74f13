"""Quarter turns."""

from __future__ import annotations

from ..move import Run, move
from ..parameter import Flag
from ..picture import Picture
from ..warp import QuarterTurns
from .box_step import BoxStep
from .step import Settings, Step, refusal


class Ninety(Step):
    name = "ninety"
    title = "90° rotate"
    help = "Turn by a quarter clockwise, a quarter counter-clockwise, or upside down, each with equal chance."
    stage = "augment"
    moves = True
    probability = 0.5
    parameters = (
        Flag(name="clockwise", default=True, help="A quarter to the right."),
        Flag(name="counter_clockwise", default=True, help="A quarter to the left."),
        Flag(name="upside_down", default=False, help="A half turn."),
    )

    def check_together(self, settings: Settings, place: str) -> None:
        if not any(settings.values()):
            raise refusal(place, "clockwise", False, "true where the other turns are false")

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        allowed = {1: settings["clockwise"], 3: settings["counter_clockwise"], 2: settings["upside_down"]}
        turns = [turn for turn, may in allowed.items() if may]
        turn = turns[run.below(len(turns))]
        run.notes["degrees"] = 90 * turn
        return [move(picture, QuarterTurns(picture.size_wh, turn), run)]


class BoxNinety(BoxStep):
    inner = Ninety()
