"""A polygon as the text that the database keeps: measured already, parsed when somebody looks at its points."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from .polygon import Part, Polygon
from .shape import Bounds

Reader: TypeAlias = "Callable[[str], tuple[Part, ...]]"
"""From the JSON text of a geometry to its parts."""

_START, _END = '{"points":[', '],"coords_unit":"px"}'
_SEVERAL, _NEXT, _SEVERAL_END = '{"parts":[{"points":[', '},{"points":', ']}],"coords_unit":"px"}'
_PARTS: Any = Polygon.__dict__["parts"]
_NEW = object.__new__


class StoredPolygon(Polygon):
    """Equal to the Polygon of the same parts, and as good as it everywhere. Bounds, area and text cost nothing.

    Made for exports and lists that go through all annotations of a dataset and need the points of few or none, and for
    imports, which measure and write very many at once.
    """

    __slots__ = ("_stored",)
    _stored: tuple[str, Reader, Bounds, float]

    @classmethod
    def of(cls, text: str, read: Reader, bounds: Bounds, area: float) -> StoredPolygon:
        """The polygon that a row holds: geometry as JSON text, bounds (x0, y0, x1, y1) and area in pixels."""
        polygon = _NEW(cls)
        _set_stored(polygon, (text, read, bounds, area))
        return polygon

    @classmethod
    def of_rings(cls, rings: Sequence[str], bounds: Bounds, area: float) -> StoredPolygon:
        """A new one from the outer ring of each part as JSON numbers `x1,y1,…`; checked and measured by the caller."""
        if len(rings) == 1:
            return cls.of(f"{_START}{rings[0]}{_END}", _read_rings, bounds, area)
        parts = ",".join([f'{{"points":[{ring}]}}' for ring in rings])
        return cls.of(f'{{"parts":[{parts}{_END}', _read_rings, bounds, area)

    @property
    def text(self) -> str:
        """The geometry as the JSON text that the database keeps."""
        return self._stored[0]

    @property
    def parts(self) -> tuple[Part, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]  # a field, read late
        try:
            known: tuple[Part, ...] = _PARTS.__get__(self)
            return known
        except AttributeError:
            text, read, _, _ = self._stored
            parts: tuple[Part, ...] = read(text)
            _PARTS.__set__(self, parts)
            return parts

    @property
    def outlines_json(self) -> Sequence[str] | None:
        """The outline of each part as a JSON list `[x1,y1,…]`; None for a polygon with holes."""
        text = self._stored[0]
        end = text.find("]")
        if text.startswith(_START) and text[end:] == _END:
            return (text[len(_START) - 1 : end + 1],)
        if text.startswith(_SEVERAL) and text.endswith(_SEVERAL_END):
            rings = text[len(_SEVERAL) - 1 : 1 - len(_SEVERAL_END)]
            return rings.split(_NEXT) if rings.count('"') == 2 * rings.count(_NEXT) else None
        return None

    def bounds(self) -> Bounds:
        return self._stored[2]

    def area(self) -> float:
        return self._stored[3]

    def __eq__(self, other: object) -> bool:
        return self.parts == other.parts if isinstance(other, Polygon) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.parts,))

    def __repr__(self) -> str:
        return f"Polygon(parts={self.parts!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Polygon.trusted, (self.parts,)


_set_stored: Any = StoredPolygon.__dict__["_stored"].__set__  # half the time of `object.__setattr__`


def _read_rings(text: str) -> tuple[Part, ...]:
    geometry = json.loads(text)
    return tuple([Part.trusted(tuple(part["points"])) for part in geometry.get("parts", (geometry,))])
