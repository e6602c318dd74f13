"""What a box-level step is: an image-level step at work inside the box of each object, on its own little picture."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from ..move import Run, move
from ..picture import Mark, Picture
from ..warp import Crop, Scale
from .step import Settings, Step


class BoxStep(Step):
    """Changes the pixels inside each object's box and leaves the rest. Boxes stay; a polygon moves within its own box.

    What lies over the object changes with it, as it does on Roboflow; the shapes of other objects stay where they are.
    """

    stage = "augment"
    inner: ClassVar[Step]

    def __init_subclass__(cls) -> None:
        cls.name, cls.title = f"box_{cls.inner.name}", f"Bounding box: {cls.inner.title}"
        cls.help = f"Inside the box of each object: {cls.inner.help[0].lower()}{cls.inner.help[1:]}"
        cls.parameters, cls.probability = cls.inner.parameters, cls.inner.probability
        cls.moves = cls.inner.moves

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        origins = None if picture.origins is None else picture.origins.copy()
        canvas = replace(picture, pixels=picture.pixels.copy(), origins=origins)
        marks: list[Mark] = []
        for mark in picture.marks:
            if mark.kind == "point":
                marks.append(mark)
                continue
            box = whole_pixels(mark, canvas.size_wh)
            changed = self._changed(canvas, mark, box, settings, run)
            area = (slice(box.y0, box.y1), slice(box.x0, box.x1))
            canvas.pixels[area] = changed.pixels
            if origins is not None:
                origins[area] = changed.origins
            marks += [_shifted(m, box) for m in changed.marks] if self._moves(mark) else [mark]
        return [replace(canvas, marks=tuple(marks))]

    def _moves(self, mark: Mark) -> bool:
        return self.inner.moves and mark.kind == "polygon"

    def _changed(self, canvas: Picture, mark: Mark, box: Crop, settings: Settings, run: Run) -> Picture:
        """The little picture in the box after the step, in its old size, with the mark on it if that moves too."""
        marks = (mark,) if self._moves(mark) else ()
        patch = move(replace(canvas, marks=marks), box, run)
        (changed,) = self.inner.apply(patch, settings, run)
        if changed.size_wh == box.size_wh:
            return changed
        return move(changed, Scale(changed.size_wh, box.size_wh), run)  # a quarter turn of a box that is not square


def whole_pixels(mark: Mark, size_wh: tuple[int, int]) -> Crop:
    """The whole pixels that a mark's bounds touch, at least one."""
    x0, y0, x1, y1 = mark.bounds_xyxy()
    left, top = min(math.floor(x0), size_wh[0] - 1), min(math.floor(y0), size_wh[1] - 1)
    right, bottom = max(math.ceil(x1), left + 1), max(math.ceil(y1), top + 1)
    return Crop(max(left, 0), max(top, 0), min(right, size_wh[0]), min(bottom, size_wh[1]))


def _shifted(mark: Mark, box: Crop) -> Mark:
    moved = tuple(tuple(ring + (box.x0, box.y0) for ring in rings) for rings in mark.parts)
    return replace(mark, parts=moved, shape=None)
