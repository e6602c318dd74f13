"""A plain function in the place of GrabCut: what a model in a notebook usually is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeAlias, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ..domain.errors import Invalid, RoboflowError
from ..domain.shapes import BBox, Polygon
from .assistant import XY, Assistant, Pixels, Wire
from .opencv import OpenCV
from .prompt import Prompt, Stroke

Outliner: TypeAlias = "Callable[[Pixels, BBox], Any]"
"""From a picture (H, W, 3) uint8 RGB and a box in its pixels to what is in the box: a `Polygon`, several, an array
(N, 2) of x and y, a mask (H, W) of bool or uint8, or None."""


class FunctionAssistant(Assistant):
    """Outlines come from a function. Strokes are kept word for word: they are added to what it found, or taken away.

    Edges are followed by OpenCV.
    """

    name: ClassVar[str] = "function"

    def __init__(self, fn: Outliner) -> None:
        self._fn = fn
        self._edges = OpenCV()

    def outline(self, image: Pixels, prompt: Prompt) -> list[Polygon]:
        height, width = image.shape[:2]
        prompt.check_within((width, height))
        found = polygons_of(self._called(image, _box_of(prompt, width, height)), (height, width))
        if not (prompt.exclude or (prompt.include and prompt.box is not None)):
            return found
        area = shapely.union_all([polygon.to_shapely() for polygon in found[:1]])
        kept = area.union(_brushed(prompt.include, prompt.brush)).difference(_brushed(prompt.exclude, prompt.brush))
        refined = Polygon.from_shapely(kept.intersection(shapely.box(0, 0, width, height)))
        return [] if refined is None else [refined]

    def _called(self, image: Pixels, box: BBox) -> Any:
        try:
            return self._fn(image, box)
        except Exception as error:  # whatever a model may raise, whoever draws is told and goes on
            name = getattr(self._fn, "__name__", type(self._fn).__name__)
            message = f"{name} failed: {type(error).__name__}: {error}"
            raise RoboflowError(message, code="assistant_failed") from error

    def wire(self, image: Pixels, start: XY, end: XY) -> Wire:
        return self._edges.wire(image, start, end)


def assistant_of(given: Assistant | Outliner) -> Assistant:
    """An assistant as it is, or one around a function."""
    if isinstance(given, Assistant):
        return given
    if not callable(given):
        raise Invalid(
            f"`assist` is a function (image, box) → polygon, or an `Assistant`, not a {type(given).__name__}.",
            code="bad_assistant",
        )
    return FunctionAssistant(given)


def polygons_of(given: Any, size_hw: tuple[int, int]) -> list[Polygon]:
    """What a function gave as polygons; `Invalid` (`bad_outline`) when it is none of what an `Outliner` may give."""
    if given is None:
        return []
    if isinstance(given, Polygon):
        return [given]
    if isinstance(given, list | tuple) and all(isinstance(each, Polygon) for each in cast("list[Any]", given)):
        return list(cast("Iterable[Polygon]", given))
    array: NDArray[Any] = np.asarray(cast("Any", given))
    if array.shape == size_hw and (array.dtype == np.bool_ or array.dtype == np.uint8):
        return _traced(array.astype(np.uint8))
    if array.ndim == 2 and array.shape[1] == 2 and np.issubdtype(array.dtype, np.number):
        return [Polygon(array.astype(float).ravel().tolist())]
    raise Invalid(
        "The function gives a polygon, an array (N, 2) of x and y, a mask as large as the picture, or None, not "
        f"{type(cast('Any', given)).__name__}{list(array.shape) if array.ndim else ''}.",
        code="bad_outline",
    )


def _traced(mask: NDArray[np.uint8]) -> list[Polygon]:
    """One polygon of all pieces of a mask, within half a pixel of it."""
    from .opencv.tracing import trace  # OpenCV is loaded by whoever has masks

    pieces = [piece.simplify(0.5) for piece in trace((mask > 0).astype(np.uint8))]
    polygon = Polygon.from_shapely(shapely.union_all(pieces))
    return [] if polygon is None else [polygon]


def _box_of(prompt: Prompt, width: int, height: int) -> BBox:
    x0, y0, x1, y1 = prompt.bounds()
    return BBox.from_bounds((max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1)))


def _brushed(strokes: Iterable[Stroke], brush: float) -> BaseGeometry:
    """What strokes of some width cover."""
    drawn = [np.array(stroke).reshape(-1, 2) for stroke in strokes]
    lines = [shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0]) for points in drawn]
    return shapely.union_all([line.buffer(brush / 2, quad_segs=4) for line in lines])
