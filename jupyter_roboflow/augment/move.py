"""The one place where image and shapes move together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..domain.errors import TooLarge
from ..domain.shapes import Points
from .outlines import area_of, densified, thinned, within
from .picture import Dropped, Mark, Origins, Picture, Rings
from .warp import Warp

ROUNDING_PX = 1e-6
"""How far beyond the frame a coordinate is a rounding error rather than something to be cut off."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a whole recipe: the smallest visible share of a shape, labels that swap in a mirror, how boxes
    turn (`ellipses`), and the most pixels that a picture may have.
    """

    min_visible: float = 0.1
    mirrored: Mapping[str, str] = field(default_factory=dict[str, str])
    ellipses: bool = False
    max_pixels: int = 100_000_000


@dataclass(slots=True)
class Run:
    """One step at work on one picture: its own random numbers, the rules, and what it leaves behind.

    `companions` gives other prepared pictures of the dataset (a mosaic asks for three); `tags` are those of the image.
    """

    place: str
    random: np.random.Generator
    rules: Rules
    tags: Sequence[str] = ()
    companions: Callable[[], Sequence[Picture]] = tuple
    dropped: list[Dropped] = field(default_factory=list[Dropped])
    left_out: list[str] = field(default_factory=list[str])
    notes: dict[str, Any] = field(default_factory=dict[str, Any])

    def uniform(self, low: float, high: float) -> float:
        """A random number between two."""
        return float(self.random.uniform(low, high))

    def below(self, count: int) -> int:
        """A random whole number from 0, less than `count`."""
        return int(self.random.integers(count))

    def drop(self, mark: Mark, why: str) -> None:
        """Say that a shape goes."""
        self.dropped.append(Dropped(mark.source, why, self.place, mark.picture))

    def leave_out(self, why: str) -> list[Picture]:
        """Say that the whole picture goes; the empty list that a step then gives."""
        self.left_out.append(why)
        return []


def move(picture: Picture, warp: Warp, run: Run) -> Picture:
    """The picture after a map: pixels, marks and origins. Raises `TooLarge` before it would make a huge picture."""
    check_size(warp.size_wh, run)
    if max(*picture.size_wh, *warp.size_wh) > warp.side_limit:
        raise TooLarge(
            f"{run.place} cannot move a picture with a side over {warp.side_limit:,} pixels: resize or tile it first.",
            code="image_too_large",
        )
    pixels = warp.image(picture.pixels)
    return replace(
        picture, pixels=pixels, marks=move_marks(picture.marks, warp, run), origins=moved_origins(picture, warp)
    )


def moved_origins(picture: Picture, warp: Warp) -> Origins | None:
    """Where the pixels come from after a map; None where nobody asked."""
    return None if picture.origins is None else warp.image(picture.origins, blank=True)


def check_size(size_wh: tuple[int, int], run: Run) -> None:
    """Raise `TooLarge` for a picture over the limit."""
    width, height = size_wh
    if width * height > run.rules.max_pixels:
        raise TooLarge(
            f"{run.place} would make a picture of {width:,} × {height:,} pixels; {run.rules.max_pixels:,} are allowed: "
            "choose a smaller size.",
            code="image_too_large",
        )


def move_marks(marks: Sequence[Mark], warp: Warp, run: Run) -> tuple[Mark, ...]:
    """The marks after a map, cut off at the new frame; in none, one or several pieces each."""
    if not marks:
        return ()
    before = [_rings_before(mark, warp) for mark in marks]
    flat = [ring for parts in before for rings in parts for ring in rings]
    moved = warp.points(np.concatenate(flat))
    after = iter(np.split(moved, np.cumsum([len(ring) for ring in flat])[:-1]))
    mirrored: Mapping[str, str] = run.rules.mirrored if warp.mirrors else {}
    counts = [sum(len(ring) for rings in parts for ring in rings) for parts in before]
    starts = np.cumsum([0, *counts[:-1]])
    corners = np.hstack([np.minimum.reduceat(moved, starts), np.maximum.reduceat(moved, starts)]).tolist()
    result: list[Mark] = []
    for mark, parts, bounds in zip(marks, before, corners, strict=True):
        rebuilt = tuple([tuple([next(after) for _ in rings]) for rings in parts])
        if not warp.straight and mark.kind != "point":
            rebuilt = thinned(rebuilt)
        label = mirrored.get(mark.label, mark.label)
        result += cut(
            Mark(mark.kind, rebuilt, label, mark.source, mark.picture, mark.visible), bounds, warp.size_wh, run
        )
    return tuple(result)


def _rings_before(mark: Mark, warp: Warp) -> tuple[Rings, ...]:
    if warp.straight or mark.kind == "point":
        return mark.parts
    return tuple(tuple(densified(ring) for ring in rings) for rings in mark.parts)


def cut(mark: Mark, bounds_xyxy: Sequence[float], size_wh: tuple[int, int], run: Run) -> list[Mark]:
    """What of a moved mark lies within the frame and is large enough to stay."""
    x0, y0, x1, y1 = bounds_xyxy
    width, height = size_wh
    outside = max(-x0, -y0, x1 - width, y1 - height)
    if outside <= 0:
        return [mark]
    if outside <= ROUNDING_PX:
        return [replace(mark, parts=tuple(tuple(_nudged(r, size_wh) for r in rings) for rings in mark.parts))]
    if mark.kind == "point" or x0 >= width or y0 >= height or x1 <= 0 or y1 <= 0:
        run.drop(mark, "outside the picture")
        return []
    return _pieces(mark, size_wh, run)


def _pieces(mark: Mark, size_wh: tuple[int, int], run: Run) -> list[Mark]:
    area = area_of(mark.parts)
    parts = within(area, size_wh)
    whole = float(area.area)
    together = mark.kind != "polygon" or len(mark.parts) > 1  # an object of several parts stays one object
    groups = [parts] if together and parts else [(rings,) for rings in parts]
    if not groups or whole <= 0:
        run.drop(mark, "outside the picture")
        return []
    kept: list[Mark] = []
    for group in groups:
        piece = replace(mark, parts=group, visible=mark.visible * min(1.0, float(area_of(group).area) / whole))
        if piece.visible >= run.rules.min_visible:
            kept.append(piece)
        else:
            run.drop(piece, "less of it visible than min_visible")
    return kept


def _nudged(ring: Points, size_wh: tuple[int, int]) -> Points:
    return np.clip(ring, 0.0, size_wh)


def enter(mark: Mark, size_wh: tuple[int, int], run: Run) -> list[Mark]:
    """What of a given mark lies within its picture. However little that is, it is all there is of it, and it stays."""
    bounds = mark.shape.bounds() if mark.shape is not None else mark.bounds_xyxy()
    if bounds[0] >= 0 and bounds[1] >= 0 and bounds[2] <= size_wh[0] and bounds[3] <= size_wh[1]:
        return [mark]
    pieces = cut(mark, bounds, size_wh, replace(run, rules=replace(run.rules, min_visible=0.0)))
    return [replace(piece, visible=1.0, shape=None) for piece in pieces]
