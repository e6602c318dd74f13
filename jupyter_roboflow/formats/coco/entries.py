"""Annotations as entries of a COCO file: boxes and plain outlines many at once, the rest one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import msgspec
import numpy as np

from ...domain.annotation import Annotation
from ...domain.errors import Invalid
from ...domain.manifest import Example, Losses
from ...domain.shapes import BBox, Polygon, Shape
from ...domain.shapes.rings import Flags, Floats, RingBatch
from ...domain.shapes.stored_polygon import StoredPolygon
from .masks import is_on_pixel_edges, paint
from .rle import encode_string

_DECIMALS = 6
"""Of boxes and areas computed from outlines; coordinates themselves are written as they are."""

_MANY = 8
"""More parts than this in one object are looked at one by one."""

Box = Sequence[float]
Segmentation = Sequence[Sequence[float]] | Mapping[str, Any] | msgspec.Raw

_NOTHING: tuple[()] = ()


class Entry(msgspec.Struct, omit_defaults=True, gc=False):
    """One entry of `annotations` as it is written."""

    id: int
    image_id: int
    category_id: int
    bbox: Box
    area: float
    segmentation: Segmentation
    iscrowd: int
    attributes: dict[str, Any] | None = None


class EntryMaker:
    """Turns Annotations into entries and notes what COCO cannot hold."""

    def __init__(self, category_ids: Mapping[str, int], losses: Losses) -> None:
        self._category_ids = category_ids
        self._losses = losses

    def entries(self, images: Sequence[tuple[int, Example]], first_id: int) -> list[Entry]:
        """The entries of some images, given with their ids; numbered from `first_id`, in order."""
        pairs = [(image_id, example, a) for image_id, example in images for a in example.annotations]
        outlines = {i: ring for i, (_, _, a) in enumerate(pairs) if (ring := _json_of(a.shape)) is not None}
        plain = _measured(pairs, outlines)
        made: list[Entry] = []
        for index, (image_id, example, annotation) in enumerate(pairs):
            category = self._category(annotation, example)
            shape, attributes = annotation.shape, annotation.attributes
            measured = plain.get(index)
            if measured is not None and not attributes:
                ring = outlines.get(index)
                rings = msgspec.Raw(f"[{ring}]".encode()) if ring else _rings(cast(Polygon, shape))
                made.append(Entry(first_id + len(made), image_id, category, measured[:4], measured[4], rings, 0))
                continue
            for piece in self._visible(shape, example):
                found = self._entry(piece, example, bool(attributes.get("iscrowd")))
                if found is not None:
                    box, area, segmentation = found
                    crowd = int(bool(attributes.get("iscrowd")))
                    rest = {key: value for key, value in attributes.items() if key != "iscrowd"} or None
                    number = first_id + len(made)
                    made.append(Entry(number, image_id, category, box, area, segmentation, crowd, rest))
        return made

    def _category(self, annotation: Annotation, example: Example) -> int:
        found = self._category_ids.get(annotation.label)
        if found is None:
            raise Invalid(
                f"{example.filename} has an annotation with the label {annotation.label!r}, which the dataset does not "
                "have.",
                code="unknown_label",
            )
        return found

    def _visible(self, shape: Shape, example: Example) -> Iterable[Shape]:
        pieces = shape.clip((example.width, example.height))
        if len(pieces) == 0:
            self._losses.add("dropped", example.filename, f"a {shape.kind} lies outside the picture")
            return ()
        if len(pieces) > 1:
            self._losses.add("split", example.filename, "the picture's border cuts a polygon into pieces")
        elif pieces[0] is not shape:
            self._losses.add("clipped", example.filename, f"a {shape.kind} reached over the picture's border")
        return pieces

    def _entry(self, shape: Shape, example: Example, crowd: bool) -> tuple[Box, float, Segmentation] | None:
        if isinstance(shape, BBox):
            return (shape.x, shape.y, shape.width, shape.height), shape.area(), _NOTHING
        if not isinstance(shape, Polygon):
            self._losses.add("dropped", example.filename, f"a {shape.kind} has no place in COCO detection")
            return None
        x0, y0, x1, y1 = shape.bounds()
        box = (round(x0, _DECIMALS), round(y0, _DECIMALS), round(x1 - x0, _DECIMALS), round(y1 - y0, _DECIMALS))
        return box, round(shape.area(), _DECIMALS), self._segmentation(shape, example, crowd)

    def _segmentation(self, shape: Polygon, example: Example, crowd: bool) -> Segmentation:
        outlines = tuple(part.points for part in shape.parts)
        has_holes = any(part.holes for part in shape.parts)
        if not crowd and not has_holes:
            return outlines
        counts = paint(shape, (example.width, example.height))
        kind = "polygon with holes" if has_holes else "crowd polygon"
        if counts is None:
            self._losses.add("changed", example.filename, f"a {kind} too small for a mask is written without its holes")
            return outlines
        if not is_on_pixel_edges(shape):
            self._losses.add("changed", example.filename, f"a {kind} became an RLE mask of whole pixels")
        return {"size": (example.height, example.width), "counts": encode_string(counts)}


def _json_of(shape: Shape) -> str | None:
    """The outline of a polygon that is JSON already, to be passed on as it is."""
    return shape.ring_json if isinstance(shape, StoredPolygon) else None


def _rings(shape: Polygon) -> Segmentation:
    return tuple(part.points for part in shape.parts)


def _measured(pairs: Sequence[tuple[int, Example, Annotation]], outlines: Mapping[int, str]) -> dict[int, list[float]]:
    """Box (x, y, width, height) and area of the polygons without holes in their picture, by place in `pairs`."""
    known = list(outlines)
    found = _rows(pairs, known, *_as_stored([cast(StoredPolygon, pairs[i][2].shape) for i in known])) if known else {}
    plain = [i for i, (_, _, a) in enumerate(pairs) if i not in found and _is_plain(a.shape)]
    if plain:
        found |= _rows(pairs, plain, *_computed([cast(Polygon, pairs[i][2].shape) for i in plain]))
    return found


def _as_stored(shapes: Sequence[StoredPolygon]) -> tuple[Floats, Floats, Flags]:
    """(N, 4) bounds, (N,) areas, and whether these are to be trusted: what was stored was looked at closely."""
    bounds = np.array([shape.bounds() for shape in shapes], dtype=np.float64)
    return bounds, np.array([shape.area() for shape in shapes], dtype=np.float64), np.ones(len(shapes), dtype=bool)


def _computed(shapes: Sequence[Polygon]) -> tuple[Floats, Floats, Flags]:
    """The same from the points. An outline that crosses itself, or parts that overlap, need `Polygon.area()`."""
    counts = np.fromiter([len(shape.parts) for shape in shapes], np.int64, len(shapes))
    starts = np.cumsum(counts) - counts
    batch = RingBatch([part.points for shape in shapes for part in shape.parts])
    low = np.minimum.reduceat(batch.bounds()[:, :2], starts, axis=0)
    high = np.maximum.reduceat(batch.bounds()[:, 2:], starts, axis=0)
    areas, extent = np.add.reduceat(batch.areas(), starts), high - low
    sure = (areas > 1e-9 * extent[:, 0] * extent[:, 1]) & ~batch.groups_overlap(counts)
    return np.concatenate((low, high), axis=1), areas, sure


def _rows(
    pairs: Sequence[tuple[int, Example, Annotation]], places: Sequence[int], bounds: Floats, areas: Floats, sure: Flags
) -> dict[int, list[float]]:
    """Rounded box and area of those that lie in their picture and were measured for sure."""
    sizes = np.array([(pairs[i][1].width, pairs[i][1].height) for i in places], dtype=np.float64)
    low, high = bounds[:, :2], bounds[:, 2:]
    good = sure & (low >= 0).all(axis=1) & (high <= sizes).all(axis=1)
    table = np.round(np.concatenate((low, high - low, areas[:, None]), axis=1), _DECIMALS).tolist()
    return {i: row for i, row, fine in zip(places, table, good.tolist(), strict=True) if fine}


def _is_plain(shape: Shape) -> bool:
    if not isinstance(shape, Polygon):
        return False
    parts = shape.parts
    if len(parts) == 1:
        return not parts[0].holes
    return len(parts) <= _MANY and not any(part.holes for part in parts)
