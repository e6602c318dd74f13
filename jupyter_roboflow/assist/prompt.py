"""What a person points at an object with: a box around it, strokes on it, strokes beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..domain.errors import Invalid, InvalidShape
from ..domain.shapes import BBox, Bounds, SizeWH, check_within
from ..domain.shapes.shape import check_coordinates, number, numbers

Stroke: TypeAlias = "tuple[float, ...]"
"""A line drawn by hand as flat pixels, x1, y1, x2, y2, …; one point is a click."""

Drawn: TypeAlias = "Sequence[float] | Sequence[tuple[float, float]]"
"""A stroke as people have it: flat numbers, or pairs of x and y."""

POINTS_LIMIT = 20_000
"""Most points that all strokes may have together."""

WIDEST_BRUSH = 1_000.0


@dataclass(frozen=True, slots=True, init=False)
class Prompt:
    """A box around an object, or strokes, or both. Pixels of the upright picture; strokes are `brush` pixels wide.

    What `include` strokes cover belongs to the object, what `exclude` strokes cover does not. Strokes may be given as
    flat numbers or as pairs. Raises `Invalid` (`empty_prompt`) when there is nothing that says where the object is.
    """

    box: BBox | None
    include: tuple[Stroke, ...]
    exclude: tuple[Stroke, ...]
    brush: float

    def __init__(
        self, box: BBox | None = None, include: Iterable[Drawn] = (), exclude: Iterable[Drawn] = (), brush: float = 5.0
    ) -> None:
        object.__setattr__(self, "box", box)
        object.__setattr__(self, "include", tuple(_stroke(s, f"include[{i}]") for i, s in enumerate(include)))
        object.__setattr__(self, "exclude", tuple(_stroke(s, f"exclude[{i}]") for i, s in enumerate(exclude)))
        object.__setattr__(self, "brush", number(brush, "brush"))
        self._check()

    def _check(self) -> None:
        if not 0 < self.brush <= WIDEST_BRUSH:  # NaN is neither
            raise Invalid(f"A brush is up to {WIDEST_BRUSH:g} pixels wide, not {self.brush:g}.", code="bad_brush")
        if self.box is None and not self.include:
            raise Invalid("Draw a box around the object, or a stroke on it: nothing says where it is.", **_EMPTY)
        if (count := sum(len(s) // 2 for s in (*self.include, *self.exclude))) > POINTS_LIMIT:
            raise InvalidShape(
                f"Strokes have at most {POINTS_LIMIT:,} points, not {count:,}: draw shorter ones.",
                code="too_many_points",
            )

    def bounds(self) -> Bounds:
        """x0, y0, x1, y1 around the box, or without one around what is to be included."""
        if self.box is not None:
            return self.box.bounds()
        xs = [x for stroke in self.include for x in stroke[0::2]]
        ys = [y for stroke in self.include for y in stroke[1::2]]
        half = self.brush / 2
        return (min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half)

    def check_within(self, size_wh: SizeWH) -> None:
        """Raise `InvalidShape` (`geometry_out_of_bounds`) when box or strokes lie beside a picture of this size."""
        check_within(BBox.from_bounds(self.bounds()), size_wh)


_EMPTY = {"code": "empty_prompt"}


def _stroke(given: Drawn, where: str) -> Stroke:
    values: list[Any] = list(given)
    if values and not isinstance(values[0], int | float):
        values = [value for pair in values for value in pair]
    stroke = numbers([number(value, where) for value in values], where)
    if not stroke:
        raise Invalid(f"{where} has no points.", **_EMPTY)
    if len(stroke) % 2:
        raise InvalidShape(f"{where} has {len(stroke)} numbers; x and y come in pairs.", code="wrong_length")
    check_coordinates(stroke, where)
    return stroke
