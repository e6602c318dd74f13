"""What a Shape is: geometry on one picture, and nothing else.

Coordinates are float64 pixels in the upright image, origin at its top-left *edge*, x to the right, y down.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Self, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidShape

Points: TypeAlias = "NDArray[np.float64]"
"""(N, 2) float64, pixels, columns x and y."""

Bounds: TypeAlias = "tuple[float, float, float, float]"
"""x0, y0, x1, y1 in pixels."""

SizeWH: TypeAlias = "tuple[float, float]"
"""Width and height in pixels."""

COORDINATE_LIMIT = 1e7
"""No picture is wider: a larger coordinate is a mistake, and its area would overflow sooner or later."""

SMALLEST_SIDE = 1e-9
"""Below this (in pixels) a side counts as zero."""


class Shape(ABC):
    """A frozen geometry. Constructors raise `InvalidShape`, with a code, for what cannot be drawn."""

    __slots__ = ()

    kind: ClassVar[str]
    """The name on the wire and in the database (`shape_type`)."""

    @abstractmethod
    def bounds(self) -> Bounds:
        """The smallest axis-aligned box around the shape: x0, y0, x1, y1 in pixels."""

    @abstractmethod
    def area(self) -> float:
        """The covered area in square pixels; 0 for a point."""

    @abstractmethod
    def map_points(self, f: Callable[[Points], Points]) -> Self:
        """The shape whose defining points went through `f`, which takes and gives (N, 2) float64 pixels."""

    @abstractmethod
    def clip(self, size_wh: SizeWH) -> tuple[Shape, ...]:
        """What of the shape lies within a picture of that size: none, one or several shapes."""

    @abstractmethod
    def geometry(self) -> dict[str, Any]:
        """The shape as plain JSON data, the form of the wire and of the database."""

    @classmethod
    @abstractmethod
    def from_geometry(cls, geometry: Mapping[str, Any]) -> Self:
        """The shape that plain JSON data describes; `InvalidShape` names the wrong field."""


def fields(geometry: object, allowed: Iterable[str]) -> Mapping[str, Any]:
    """The geometry's own fields after the checks that every kind shares: an object, in pixels, nothing unknown."""
    if not isinstance(geometry, Mapping):
        raise InvalidShape(f"A geometry is an object, not {type(geometry).__name__}.", code="wrong_type")
    mapping = cast(Mapping[str, Any], geometry)
    unit = mapping.get("coords_unit", "px")
    if unit != "px":
        given = repr(unit[:40]) if isinstance(unit, str) else type(unit).__name__
        raise InvalidShape(f'coords_unit is "px", not {given}: convert the coordinates to pixels.', code="bad_unit")
    if unknown := sorted(str(key) for key in set(mapping) - {"coords_unit", *allowed}):
        raise InvalidShape(
            f"Unknown geometry field {unknown[0][:40]!r}: free data belongs under attributes.", code="unknown_field"
        )
    return mapping


def numbers(value: object, where: str, count: int | None = None) -> tuple[float, ...]:
    """A list of numbers as floats; strings, booleans, null and objects are refused by name of the field."""
    if not isinstance(value, list | tuple):
        raise InvalidShape(f"{where} is a list of numbers, not {type(value).__name__}.", code="wrong_type")
    items = cast("list[Any] | tuple[Any, ...]", value)
    if count is not None and len(items) != count:
        raise InvalidShape(f"{where} has {count} numbers, not {len(items)}.", code="wrong_length")
    if set(map(type, items)) == {float}:
        return tuple(items)
    for index, item in enumerate(items):
        if type(item) is not float and (type(item) is not int or abs(item) > COORDINATE_LIMIT):
            _refuse_number(item, f"{where}[{index}]")
    return tuple(map(float, items))


def _refuse_number(item: object, where: str) -> None:
    if isinstance(item, int) and not isinstance(item, bool):
        raise InvalidShape(
            f"{where} is beyond {COORDINATE_LIMIT:,.0f}, outside any picture.", code="geometry_out_of_bounds"
        )
    if not isinstance(item, float):
        raise InvalidShape(f"{where} is a number, not {type(item).__name__}.", code="wrong_type")


def number(value: object, where: str) -> float:
    """One number as a float, numpy's own included; strings, booleans and None are refused by name of the field."""
    if type(value) is float:
        return value
    if not isinstance(value, bool | str | bytes):
        try:
            return float(cast("float", value))
        except (TypeError, ValueError):
            pass
        except OverflowError:
            raise InvalidShape(f"{where} is outside any picture.", code="geometry_out_of_bounds") from None
    raise InvalidShape(f"{where} is a number, not {type(value).__name__}.", code="wrong_type")


def check_coordinates(values: tuple[float, ...], where: str) -> None:
    """Raise unless every value is finite and within `COORDINATE_LIMIT`."""
    if not math.isfinite(sum(values)) and not all(map(math.isfinite, values)):  # huge numbers may have a sum of inf
        raise InvalidShape(f"{where} has a coordinate that is not a finite number.", code="geometry_not_finite")
    if values and (max(values) > COORDINATE_LIMIT or min(values) < -COORDINATE_LIMIT):
        worst = max(values, key=abs)
        raise InvalidShape(f"{where} has the coordinate {worst:g}, outside any picture.", code="geometry_out_of_bounds")
