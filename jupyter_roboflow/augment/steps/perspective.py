"""As seen from another side."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...domain.shapes import Points
from ..move import Run, move
from ..parameter import Choice, Number
from ..picture import Picture
from ..warp import FILLS, Matrix, Projection
from .step import Settings, Step


class Perspective(Step):
    name = "perspective"
    title = "Perspective"
    help = "Shift each corner by a random amount, as if the camera had stood elsewhere."
    stage = "augment"
    moves = True
    parameters = (
        # Up to a quarter of a side the four corners stay a convex quadrilateral, whatever is drawn.
        Number(name="strength", default=8.0, low=0, high=25, unit="%", help="Largest shift of a corner, of each side."),
        Choice(name="fill", default="black", choices=tuple(FILLS), help="Colour beyond the picture's edges."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        width, height = picture.size_wh
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
        share = settings["strength"] / 100
        moved = corners + run.random.uniform(-share, share, (4, 2)) * picture.size_wh
        run.notes["corners"] = (moved - corners).round(1).tolist()
        return [move(picture, Projection(between(corners, moved), picture.size_wh, settings["fill"]), run)]


def between(corners: Points, moved: Points) -> Matrix:
    """The (3, 3) matrix of the perspective that takes four points (4, 2) to four others, in float64."""
    rows: list[list[Any]] = []
    for (x, y), (u, v) in zip(corners.tolist(), moved.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    solved = np.linalg.solve(np.array(rows), moved.reshape(-1))
    return np.append(solved, 1.0).reshape(3, 3)
