"""Shapes to and from the JSON text of the database, quickly: what is stored was checked when it was saved."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import msgspec

from ..domain.errors import Invalid, RoboflowError, StorageCorrupt
from ..domain.shapes import BBox, Bounds, KeptShape, Part, Point, Polygon, Shape, shape_or_kept
from ..domain.shapes.stored_polygon import StoredPolygon

_Ring = tuple[float, ...]


class _Box(msgspec.Struct):
    bbox: tuple[float, float, float, float]


class _Point(msgspec.Struct):
    point: tuple[float, float]


class _Part(msgspec.Struct):
    points: _Ring
    holes: tuple[_Ring, ...] = ()


class _Polygon(msgspec.Struct):
    points: _Ring = ()
    holes: tuple[_Ring, ...] = ()
    parts: tuple[_Part, ...] = ()


_box = msgspec.json.Decoder(_Box).decode
_point = msgspec.json.Decoder(_Point).decode
_polygon = msgspec.json.Decoder(_Polygon).decode
_encode = msgspec.json.Encoder().encode


def _read_box(text: str) -> Shape:
    return BBox.trusted(*_box(text).bbox)


def _read_point(text: str) -> Shape:
    return Point(*_point(text).point)


def _read_parts(text: str) -> tuple[Part, ...]:
    stored = _polygon(text)
    if stored.parts:
        return tuple(Part.trusted(part.points, part.holes) for part in stored.parts)
    if not stored.points:
        raise ValueError("it has no points")
    return (Part.trusted(stored.points, stored.holes),)


def _read_polygon(text: str) -> Shape:
    return Polygon.trusted(_read_parts(text))


def _parts_or_corrupt(text: str) -> tuple[Part, ...]:
    try:
        return _read_parts(text)
    except (msgspec.MsgspecError, ValueError) as error:
        raise _corrupt(Polygon.kind, error) from error


def read_measured(kind: str, text: str, bounds: Bounds, area: float) -> Shape:
    """The shape that a row holds, with what the row says of its size; polygons are parsed when it is needed."""
    if kind == Polygon.kind:
        return StoredPolygon.of(text, _parts_or_corrupt, bounds, area)
    shape = read_geometry(kind, text)
    return replace(shape, box=bounds, covered=area) if isinstance(shape, KeptShape) else shape


_READERS: dict[str, Callable[[str], Shape]] = {
    BBox.kind: _read_box,
    Point.kind: _read_point,
    Polygon.kind: _read_polygon,
}
"""Kinds with a fast way; any other goes through its own `from_geometry`."""


def read_geometry(kind: str, text: str) -> Shape:
    """The shape that a row holds, kept as it is if its kind is not known; `StorageCorrupt` when it holds none."""
    try:
        reader = _READERS.get(kind)
        return reader(text) if reader else shape_or_kept(kind, json.loads(text))
    except (msgspec.MsgspecError, RoboflowError, ValueError, TypeError) as error:
        raise _corrupt(kind, error) from error


def _corrupt(kind: str, error: Exception) -> StorageCorrupt:
    return StorageCorrupt(
        f"A stored {kind} cannot be read ({error}): run `jupyter roboflow check` to find what is damaged.",
        code="geometry_corrupt",
    )


def write_geometry(shape: Shape) -> str:
    """The JSON text of a shape; its numbers come back exactly."""
    return _encode(shape.geometry()).decode()


ATTRIBUTES_LIMIT = 1_000_000
"""Most characters of the JSON text of one annotation's attributes."""


def write_attributes(attributes: Any) -> str:
    """The JSON text of free attributes; `Invalid` (`bad_attributes`) for what JSON cannot hold."""
    if not attributes:
        return "{}"
    try:
        _check_json(attributes)
        text = _encode(dict(attributes)).decode()
        if len(text) > ATTRIBUTES_LIMIT:
            raise ValueError(f"{len(text):,} characters; an annotation may have {ATTRIBUTES_LIMIT:,}")
        return text
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Invalid(
            f"The attributes cannot be stored ({error}): use text, finite numbers, true, false, null, lists, objects.",
            code="bad_attributes",
        ) from error


def _check_json(value: Any) -> None:
    """Raise for what an encoder would change without a word: keys that are no text, NaN, bytes, dates."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[Any, Any]", value).items():
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r:.40} is no text")
            _check_json(item)
    elif isinstance(value, list | tuple):
        for item in cast("list[Any]", value):
            _check_json(item)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(f"{type(value).__name__} is no JSON")


def read_attributes(text: str) -> dict[str, Any]:
    """Free attributes from their JSON text."""
    return msgspec.json.decode(text, type=dict[str, Any]) if text != "{}" else {}
