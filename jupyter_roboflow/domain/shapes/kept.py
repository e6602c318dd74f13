"""A shape of a kind that this version does not know: saved by a newer one, kept as it is, never lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, cast

from ..errors import InvalidShape
from .shape import Bounds, Points, Shape, SizeWH

NOWHERE: Bounds = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class KeptShape(Shape):
    """Its geometry is JSON data that only a newer version can read; two are equal that have the same.

    Bounds (x0, y0, x1, y1) and area in pixels are what the newer version measured, zero where that is not told.
    """

    kind: str  # pyright: ignore[reportIncompatibleVariableOverride]  # its class stands for every unknown kind
    text: str
    box: Bounds = field(default=NOWHERE, compare=False)
    covered: float = field(default=0.0, compare=False)

    @classmethod
    def from_json(cls, kind: str, geometry: object) -> KeptShape:
        """The shape of that kind with that geometry, a JSON object with its fields in any order."""
        if not isinstance(geometry, Mapping):
            raise InvalidShape(f"A geometry is an object, not {type(geometry).__name__}.", code="wrong_type")
        return cls(kind, json.dumps(dict(cast("Mapping[str, Any]", geometry)), sort_keys=True, ensure_ascii=False))

    def bounds(self) -> Bounds:
        return self.box

    def area(self) -> float:
        return self.covered

    def map_points(self, f: Callable[[Points], Points]) -> Self:
        raise unknown_kind(self.kind)

    def clip(self, size_wh: SizeWH) -> tuple[Shape, ...]:
        return (self,)

    def geometry(self) -> dict[str, Any]:
        return json.loads(self.text)

    @classmethod
    def from_geometry(cls, geometry: Mapping[str, Any]) -> Self:
        raise unknown_kind("unknown")


def unknown_kind(kind: str) -> InvalidShape:
    """What to raise where a shape of an unknown kind would have to be made or changed."""
    return InvalidShape(
        f"This version of jupyter-roboflow does not know the shape type {kind[:40]!r}: it keeps such annotations as "
        "they are, and can neither make nor change them. Use bbox, polygon or point, or update jupyter-roboflow.",
        code="unknown_shape_type",
    )
