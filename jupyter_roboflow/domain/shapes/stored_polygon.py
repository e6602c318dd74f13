"""A polygon out of the database: measured when it was saved, parsed when somebody looks at its points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from .polygon import Part, Polygon
from .shape import Bounds

Reader: TypeAlias = "Callable[[str], tuple[Part, ...]]"
"""From the JSON text of a geometry to its parts."""

_START, _END = '{"points":[', '],"coords_unit":"px"}'
_PARTS: Any = Polygon.__dict__["parts"]


class StoredPolygon(Polygon):
    """Equal to the Polygon of the same parts, and as good as it everywhere. Bounds, area and text cost nothing.

    Made for exports and lists that go through all annotations of a dataset and need the points of few or none.
    """

    __slots__ = ("_stored",)
    _stored: tuple[str, Reader, Bounds, float]

    @classmethod
    def of(cls, text: str, read: Reader, bounds: Bounds, area: float) -> StoredPolygon:
        """The polygon that a row holds: geometry as JSON text, bounds (x0, y0, x1, y1) and area in pixels."""
        polygon = object.__new__(cls)
        object.__setattr__(polygon, "_stored", (text, read, bounds, area))
        return polygon

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
    def ring_json(self) -> str | None:
        """The outline as a JSON list `[x1,y1,…]`, for a polygon in one part without holes; None for any other."""
        text = self._stored[0]
        if text.startswith(_START) and text.endswith(_END) and text.find("]") == len(text) - len(_END):
            return text[len(_START) - 1 : 1 - len(_END)]
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
