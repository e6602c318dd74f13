"""Any transform of albumentations by its name, as long as polygons can follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...domain.errors import Invalid
from ...domain.shapes import Points
from ..albumentations_library import BENDS, BENDS_KEYPOINTS, EDGE_KEYPOINTS, STRAIGHT, make, why_not
from ..field import Field
from ..move import Run, move
from ..parameter import Arguments, Text
from ..picture import Picture, Pixels
from ..warp import Warp
from .step import Settings, Step, refusal


class AlbumentationsTransform(Step):
    name = "albumentations"
    title = "albumentations"
    help = "A transform of albumentations 2.0.8 by name, with its own arguments; refused where polygons cannot follow."
    stage = "augment"
    moves = True
    parameters = (
        Text(name="transform", default="RandomFog", help="Name of the transform, as in albumentations."),
        Arguments(name="arguments", default={}, help="Its arguments by name; its own p is replaced by probability."),
    )

    def check_together(self, settings: Settings, place: str) -> None:
        name, arguments = settings["transform"], settings["arguments"]
        reason = why_not(name)
        if reason is None and "p" in arguments:
            reason = "its p is set as the probability of the step"
        try:
            if reason is None:
                make(name, arguments)
        except ValueError as error:
            reason = str(error)
        if reason is not None:
            raise Invalid(
                f"{place}: {name} cannot be used: {reason}.", code="bad_transform", step=place, parameter="transform"
            )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        name = settings["transform"]
        transform = make(name, settings["arguments"])
        transform.set_random_seed(run.below(2**31))
        run.notes["transform"] = name
        try:
            pixels = np.asarray(transform(image=picture.pixels)["image"])
        except Exception as error:  # whatever somebody else's code raises, it is about this picture
            text = " ".join(str(error).split())[:200]
            raise Invalid(f"{run.place}: {name} failed: {text}.", code="transform_failed", step=run.place) from error
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
            raise refusal(run.place, "transform", name, "one that gives (H, W, 3) uint8")
        kind = _KINDS.get(name)
        return [move(picture, kind(transform, picture.pixels, pixels), run) if kind else picture.with_pixels(pixels)]


@dataclass(frozen=True, slots=True, eq=False)
class _Followed(Warp):
    """What a transform has just done to a picture, done with the same amounts to points and origins."""

    centre: ClassVar[float] = 0.5
    """Where the transform's own coordinates for points begin, in pixels from the edge: at the first pixel's centre."""
    transform: Any
    before: Pixels
    after: Pixels

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.after.shape[1], self.after.shape[0]

    @property
    def mirrors(self) -> bool:
        a, b, c = self.points(np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]))
        (ax, ay), (bx, by) = (b - a).tolist(), (c - a).tolist()
        return ax * by - ay * bx < 0

    def image(self, image: Any, blank: bool = False) -> Any:
        if image is self.before:
            return self.after
        params = self.transform.params
        moved = np.asarray(self.transform.apply(image, **params))
        if not blank:
            return moved
        covered = np.asarray(self.transform.apply_to_mask(np.full(image.shape[:2], 255, np.uint8), **params))
        return np.where((covered > 127)[..., None], moved, 0).astype(image.dtype)

    def points(self, points: Points) -> Points:
        full = np.zeros((len(points), 5), dtype=np.float64)  # x, y, z, angle, scale
        full[:, :2] = points - self.centre
        moved = np.asarray(self.transform.apply_to_keypoints(full, **self.transform.params), dtype=np.float64)
        if len(moved) != len(points):
            raise Invalid(
                f"{type(self.transform).__name__} with a reflecting border makes copies of points: use border_mode 0.",
                code="bad_transform",
            )
        return moved[:, :2] + self.centre


class _FromEdge(_Followed):
    """The same for those that count from the edge, as we do."""

    centre = 0.0


class _Bent(_Followed):
    """The same where lines do not stay lines."""

    straight = False


class _Distorted(_Bent):
    """The same where the transform's own key points are wrong, and its field of displacements is known."""

    def points(self, points: Points) -> Points:
        return Field.of_maps(self.transform.params["map_x"], self.transform.params["map_y"]).points(points)


_KINDS: dict[str, type[_Followed]] = {
    **dict.fromkeys(STRAIGHT, _Followed),
    **dict.fromkeys(EDGE_KEYPOINTS, _FromEdge),
    **dict.fromkeys(BENDS_KEYPOINTS, _Bent),
    **dict.fromkeys(BENDS, _Distorted),
}
