"""Help with drawing on the wire: what is pointed at, and what was found there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field

from ...assist.prompt import WIDEST_BRUSH
from ...assist.prompt import Prompt as DomainPrompt
from ...domain import shapes as domain
from ...domain.shapes.shape import COORDINATE_LIMIT, numbers
from .model import Answer, JsonObject, Request

Coordinate: TypeAlias = Annotated[float, Field(ge=-COORDINATE_LIMIT, le=COORDINATE_LIMIT)]
XY: TypeAlias = Annotated[tuple[float, ...], Field(min_length=2, max_length=2)]
Stroke: TypeAlias = Annotated[tuple[Coordinate, ...], Field(min_length=2)]
"""Flat pixels, x1, y1, x2, y2, …; one point is a click."""


class Prompt(Request):
    """A box `[x, y, width, height]` around an object, or strokes on it and beside it, or both; pixels of the upright
    image. Strokes are `brush` pixels wide."""

    most_bytes: ClassVar[int] = 2 * 1024 * 1024

    box: Annotated[tuple[float, ...], Field(min_length=4, max_length=4)] | None = None
    include: tuple[Stroke, ...] = Field((), max_length=1000)
    exclude: tuple[Stroke, ...] = Field((), max_length=1000)
    brush: float = Field(5.0, gt=0, le=WIDEST_BRUSH)

    def to_domain(self) -> DomainPrompt:
        """The same checked; `Invalid` and `InvalidShape` say what is wrong."""
        box = None if self.box is None else domain.BBox(*self.box)
        return DomainPrompt(box, self.include, self.exclude, self.brush)


class FoundShape(Answer):
    shape_type: str
    geometry: JsonObject


class Outline(Answer):
    """What was found, the likeliest first; empty when nothing was."""

    shapes: tuple[FoundShape, ...]

    def to_domain(self) -> tuple[domain.Shape, ...]:
        return tuple(domain.shape_from(each.shape_type, each.geometry) for each in self.shapes)


class PathEnds(Request):
    """Where a path along an edge shall start and end, `[x, y]` each, in pixels of the upright image."""

    start: XY
    end: XY


class Path(Answer):
    """Flat pixels, x1, y1, x2, y2, …, from start to end."""

    points: tuple[float, ...]


def prompt_fields(prompt: DomainPrompt) -> dict[str, Any]:
    """A prompt as the body of a request."""
    box = prompt.box and [prompt.box.x, prompt.box.y, prompt.box.width, prompt.box.height]
    strokes = {"include": [list(s) for s in prompt.include], "exclude": [list(s) for s in prompt.exclude]}
    return {"box": box, **strokes, "brush": prompt.brush}


def outline_fields(found: Sequence[domain.Shape]) -> dict[str, Any]:
    """Shapes as an answer."""
    return {"shapes": [{"shape_type": shape.kind, "geometry": shape.geometry()} for shape in found]}


def point(given: tuple[float, float], where: str) -> list[float]:
    """A point as JSON; `InvalidShape` says what JSON cannot hold."""
    checked = domain.Point(*numbers(list(given), where, 2))
    return [checked.x, checked.y]
