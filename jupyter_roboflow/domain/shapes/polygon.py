"""An outline with optional holes, in one or several parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from operator import eq, mul
from typing import Any, ClassVar, Self, TypeAlias, cast

import numpy as np
import shapely
from shapely.geometry import MultiPolygon as ShapelyMultiPolygon
from shapely.geometry import Polygon as ShapelyPolygon
from shapely.geometry import box as shapely_box
from shapely.geometry.base import BaseGeometry

from ..errors import InvalidShape
from .shape import SMALLEST_SIDE, Bounds, Points, Shape, SizeWH, check_coordinates, fields, numbers

Ring: TypeAlias = "tuple[float, ...]"
"""A closed outline as flat pixels, x1, y1, x2, y2, …; the first point is not repeated at the end."""

POINTS_LIMIT = 10_000
"""Most points a polygon may have, holes and parts together."""

_NO_RINGS: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One connected piece of a polygon: an outer ring and the rings cut out of it."""

    points: Ring
    holes: tuple[Ring, ...] = _NO_RINGS

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", _clean_ring(self.points, "points"))
        if self.holes:
            holes = tuple(_clean_ring(hole, f"holes[{i}]") for i, hole in enumerate(self.holes))
            object.__setattr__(self, "holes", holes)

    @classmethod
    def trusted(cls, points: Ring, holes: tuple[Ring, ...] = _NO_RINGS) -> Part:
        """A part whose rings were checked when they were stored; no check is made again."""
        part = object.__new__(cls)
        object.__setattr__(part, "points", points)
        object.__setattr__(part, "holes", holes)
        return part

    def rings(self) -> Iterator[Ring]:
        yield self.points
        yield from self.holes

    def to_shapely(self) -> ShapelyPolygon:
        return ShapelyPolygon(ring_array(self.points), [ring_array(hole) for hole in self.holes])


@dataclass(frozen=True, slots=True, init=False)
class Polygon(Shape):
    """An object's outline: `Polygon([x1, y1, x2, y2, …], holes=[…])`, or `Polygon.of_parts(…)` for several pieces."""

    parts: tuple[Part, ...]

    kind: ClassVar[str] = "polygon"

    def __init__(self, points: Any, holes: Any = ()) -> None:
        object.__setattr__(self, "parts", (Part(_flat(points), tuple(_flat(hole) for hole in holes)),))
        self._check_size()

    @classmethod
    def of_parts(cls, parts: tuple[Part, ...]) -> Polygon:
        """One object in several pieces, as when something in front of it cuts it in two."""
        polygon = cls.trusted(parts)
        polygon._check_size()
        return polygon

    @classmethod
    def trusted(cls, parts: tuple[Part, ...]) -> Polygon:
        """A polygon whose parts were checked when they were stored; no check is made again."""
        polygon = object.__new__(cls)
        object.__setattr__(polygon, "parts", parts)
        return polygon

    def _check_size(self) -> None:
        if not self.parts:
            raise InvalidShape("A polygon has at least one part.", code="geometry_zero_area")
        count = sum(len(ring) // 2 for part in self.parts for ring in part.rings())
        if count > POINTS_LIMIT:
            raise InvalidShape(
                f"A polygon has at most {POINTS_LIMIT:,} points, not {count:,}: simplify it.", code="too_many_points"
            )

    def rings(self) -> Iterator[Ring]:
        """Every ring, outer ones before their holes."""
        for part in self.parts:
            yield from part.rings()

    def bounds(self) -> Bounds:
        if len(self.parts) == 1:
            return _ring_bounds(self.parts[0].points)
        lefts, tops, rights, bottoms = zip(*(_ring_bounds(part.points) for part in self.parts), strict=True)
        return (min(lefts), min(tops), max(rights), max(bottoms))

    def area(self) -> float:
        """Outer rings less holes, by the shoelace formula; what overlapping parts share counts once.

        Where an outline crosses itself, loops that turn against each other cancel, unless nothing would be left.
        """
        area = sum([_ring_area(p.points) - sum(map(_ring_area, p.holes)) for p in self.parts])
        x0, y0, x1, y1 = self.bounds()
        if area <= 1e-9 * (x1 - x0) * (y1 - y0) or (len(self.parts) > 1 and _may_overlap(self.parts)):
            return float(self.to_shapely().area)
        return area

    def map_points(self, f: Callable[[Points], Points]) -> Polygon:
        rings = [ring_array(ring) for ring in self.rings()]
        mapped = f(np.concatenate(rings))
        pieces = iter(np.split(mapped, np.cumsum([len(ring) for ring in rings])[:-1]))
        parts = tuple(Part(_flat(next(pieces)), tuple(_flat(next(pieces)) for _ in part.holes)) for part in self.parts)
        return self if parts == self.parts else Polygon.of_parts(parts)

    def clip(self, size_wh: SizeWH) -> tuple[Polygon, ...]:
        """The visible pieces. A polygon in one part that falls apart gives a shape a piece; an object that already had
        several parts stays one object. Crossing outlines are made valid on the way, untouched ones are kept as drawn.
        """
        width, height = size_wh
        x0, y0, x1, y1 = self.bounds()
        if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
            return (self,)
        visible = shapely.intersection(self.to_shapely(), shapely_box(0.0, 0.0, width, height))
        parts = parts_of(visible)
        if not parts:
            return ()
        return (Polygon.trusted(parts),) if len(self.parts) > 1 else tuple(Polygon.trusted((p,)) for p in parts)

    def to_shapely(self) -> BaseGeometry:
        """The covered area as a valid shapely geometry; parts that overlap are united."""
        pieces = [part.to_shapely() for part in self.parts]
        valid = [piece if piece.is_valid else shapely.make_valid(piece) for piece in pieces]
        return valid[0] if len(valid) == 1 else shapely.union_all(valid)

    @classmethod
    def from_shapely(cls, area: BaseGeometry) -> Polygon | None:
        """The polygon that covers a shapely area, in as many parts as it has; None when nothing is left of it."""
        parts = parts_of(area)
        return cls.of_parts(parts) if parts else None

    def geometry(self) -> dict[str, Any]:
        if len(self.parts) == 1:
            return {**_part_json(self.parts[0]), "coords_unit": "px"}
        return {"parts": [_part_json(part) for part in self.parts], "coords_unit": "px"}

    @classmethod
    def from_geometry(cls, geometry: Mapping[str, Any]) -> Self:
        known = fields(geometry, ("points", "holes", "parts"))
        if "parts" not in known:
            return cast(Self, cls.of_parts((_part_from(known, ""),)))
        if "points" in known or "holes" in known:
            raise InvalidShape('A polygon has either "points" or "parts", not both.', code="wrong_type")
        if not isinstance(known["parts"], list):
            raise InvalidShape("parts is a list of objects.", code="wrong_type")
        parts = cast("list[Any]", known["parts"])
        return cast(
            Self,
            cls.of_parts(
                tuple(_part_from(fields(p, ("points", "holes")), f"parts[{i}].") for i, p in enumerate(parts))
            ),
        )


def ring_array(ring: Ring) -> Points:
    """A ring as (N, 2) float64 pixels."""
    return np.array(ring, dtype=np.float64).reshape(-1, 2)


def parts_of(area: BaseGeometry) -> tuple[Part, ...]:
    """The polygonal parts of any shapely geometry, outer ring and holes; lines, points and slivers are left out."""
    if isinstance(area, ShapelyPolygon):
        pieces = [area]
    elif isinstance(area, ShapelyMultiPolygon):
        pieces = list(area.geoms)
    else:
        pieces = [p for g in getattr(area, "geoms", ()) for p in _polygons_in(g)]
    return tuple(part for piece in pieces if (part := _part_of(piece)) is not None)


def _polygons_in(area: BaseGeometry) -> list[ShapelyPolygon]:
    if isinstance(area, ShapelyPolygon):
        return [area]
    return [p for g in getattr(area, "geoms", ()) for p in _polygons_in(g)]


def _part_of(piece: ShapelyPolygon) -> Part | None:
    if piece.is_empty or piece.area <= SMALLEST_SIDE:
        return None
    try:
        holes = tuple(_flat(shapely.get_coordinates(ring)) for ring in piece.interiors)
        return Part(_flat(shapely.get_coordinates(piece.exterior)), holes)
    except InvalidShape:
        return None


def _flat(points: Any) -> Ring:
    """Flat floats from [x1, y1, …], [(x1, y1), …] or an (N, 2) array."""
    if isinstance(points, np.ndarray):
        return tuple(points.reshape(-1).astype(np.float64).tolist())
    values = tuple(points)
    if values and isinstance(values[0], tuple | list):
        values = tuple(v for pair in cast("tuple[tuple[Any, ...], ...]", values) for v in pair)
    return numbers(values, "points")


def _clean_ring(ring: Ring, where: str) -> Ring:
    """The ring without repeated neighbours and without a closing point; at least three points that span an area."""
    if len(ring) % 2:
        raise InvalidShape(f"{where} has {len(ring)} numbers; x and y come in pairs.", code="wrong_length")
    check_coordinates(ring, where)
    xs, ys = ring[0::2], ring[1::2]
    if _repeats(xs, ys):
        pairs = list(zip(xs, ys, strict=True))
        pairs = [pair for i, pair in enumerate(pairs) if i == 0 or pair != pairs[i - 1]]
        while len(pairs) > 1 and pairs[0] == pairs[-1]:
            pairs.pop()
        ring = tuple(v for pair in pairs for v in pair)
        xs, ys = ring[0::2], ring[1::2]
    if len(xs) < 3 or _collinear(xs, ys):
        raise InvalidShape(
            f"{where} spans no area: a polygon has at least three points that are not on one line.",
            code="geometry_zero_area",
        )
    return ring


def _repeats(xs: Ring, ys: Ring) -> bool:
    """Whether neighbours, the last and the first included, are one point. No Python code runs a point: this is hot."""
    if xs[-1:] == xs[:1] and ys[-1:] == ys[:1]:
        return True
    if True not in map(eq, xs, xs[1:]):
        return False
    return 1 in map(mul, map(eq, xs, xs[1:]), map(eq, ys, ys[1:]))


def _collinear(xs: Ring, ys: Ring) -> bool:
    if not _on_line(xs, ys, 1):  # as a rule the third point settles it
        return False
    # Nothing is far from the first edge: it may just be too short to tell, so look along the longest reach instead.
    reach = [abs(x - xs[0]) + abs(y - ys[0]) for x, y in zip(xs, ys, strict=True)]
    return _on_line(xs, ys, reach.index(max(reach)))


def _on_line(xs: Ring, ys: Ring, end: int) -> bool:
    x0, y0 = xs[0], ys[0]
    dx, dy = xs[end] - x0, ys[end] - y0
    return all(abs(dx * (y - y0) - dy * (x - x0)) <= SMALLEST_SIDE for x, y in zip(xs, ys, strict=True))


def _ring_bounds(ring: Ring) -> Bounds:
    xs, ys = ring[0::2], ring[1::2]
    return (min(xs), min(ys), max(xs), max(ys))


def _may_overlap(parts: tuple[Part, ...]) -> bool:
    if len(parts) > 50:
        return True
    pairs = combinations([_ring_bounds(part.points) for part in parts], 2)
    return any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in pairs)


def _ring_area(ring: Ring) -> float:
    """Unsigned shoelace area, taken relative to the first point so that far-away rings keep their digits."""
    x0, y0 = ring[0], ring[1]
    xs = [x - x0 for x in ring[0::2]]
    ys = [y - y0 for y in ring[1::2]]
    return abs(sum(map(mul, xs, ys[1:])) - sum(map(mul, xs[1:], ys))) / 2


def _part_json(part: Part) -> dict[str, Any]:
    if part.holes:
        return {"points": list(part.points), "holes": [list(hole) for hole in part.holes]}
    return {"points": list(part.points)}


def _part_from(known: Mapping[str, Any], where: str) -> Part:
    holes = known.get("holes", [])
    if not isinstance(holes, list):
        raise InvalidShape(f"{where}holes is a list of rings.", code="wrong_type")
    rings = tuple(numbers(hole, f"{where}holes[{i}]") for i, hole in enumerate(cast("list[Any]", holes)))
    return Part(numbers(known.get("points"), f"{where}points"), rings)
