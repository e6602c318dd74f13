"""Annotations as entries of a COCO file: boxes and plain outlines many at once, the rest one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
Segmentation = Sequence[Sequence[float] | msgspec.Raw] | Mapping[str, Any]

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
        computed, stored, made = _computed(images), _StoredEntries(), list[Entry]()
        index = -1
        for image_id, example in images:
            for annotation in example.annotations:
                index += 1
                category = self._category_ids.get(annotation.label)
                if category is None:
                    raise _unknown_label(annotation, example)
                number = first_id + len(made)
                entry = stored.entry(annotation, example, number, image_id, category)
                if entry is not None:
                    made.append(entry)
                elif index in computed:
                    box, area = computed[index]
                    rings = _rings(cast(Polygon, annotation.shape))
                    made.append(Entry(number, image_id, category, box, area, rings, 0))
                else:
                    made += self._entries(annotation, example, number, image_id, category)
        stored.finish()
        return made

    def _entries(
        self, annotation: Annotation, example: Example, number: int, image_id: int, category: int
    ) -> Iterator[Entry]:
        """One entry for each piece of an annotation that needs a closer look."""
        given = annotation.attributes
        crowd = bool(given.get("iscrowd"))
        rest = {key: value for key, value in given.items() if key != "iscrowd"} or None
        for piece in self._visible(annotation.shape, example):
            found = self._entry(piece, example, crowd)
            if found is not None:
                box, area, segmentation = found
                yield Entry(number, image_id, category, box, area, segmentation, int(crowd), rest)
                number += 1

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


class _StoredEntries:
    """Entries of polygons out of the database that are passed on as they are: their rounding is done all at once."""

    def __init__(self) -> None:
        self._made: list[Entry] = []
        self._measures: list[tuple[float, ...]] = []

    def entry(
        self, annotation: Annotation, example: Example, number: int, image_id: int, category: int
    ) -> Entry | None:
        """The entry of a polygon without holes and attributes that lies in its picture; None for anything else."""
        shape = annotation.shape
        if type(shape) is not StoredPolygon or annotation.attributes:
            return None
        x0, y0, x1, y1 = shape.bounds()
        if x0 < 0 or y0 < 0 or x1 > example.width or y1 > example.height:
            return None
        rings = shape.outlines_json
        if rings is None:
            return None
        entry = Entry(number, image_id, category, _NOTHING, 0.0, [msgspec.Raw(ring) for ring in rings], 0)
        self._made.append(entry)
        self._measures.append((x0, y0, x1 - x0, y1 - y0, shape.area()))
        return entry

    def finish(self) -> None:
        """Give the entries their boxes and areas."""
        if self._made:
            for entry, (*box, area) in zip(self._made, np.round(self._measures, _DECIMALS).tolist(), strict=True):
                entry.bbox, entry.area = box, area


def _computed(images: Sequence[tuple[int, Example]]) -> dict[int, tuple[Box, float]]:
    """Box and area of other polygons without holes and attributes in their picture, by place among all annotations."""
    if Polygon not in {type(annotation.shape) for _, example in images for annotation in example.annotations}:
        return {}
    pairs = [(example, annotation) for _, example in images for annotation in example.annotations]
    plain = [i for i, (_, annotation) in enumerate(pairs) if _is_plain(annotation)]
    if not plain:
        return {}
    bounds, areas, sure = _measured([cast(Polygon, pairs[i][1].shape) for i in plain])
    sizes = np.array([(pairs[i][0].width, pairs[i][0].height) for i in plain], dtype=np.float64)
    low, high = bounds[:, :2], bounds[:, 2:]
    good = sure & (low >= 0).all(axis=1) & (high <= sizes).all(axis=1)
    table = np.round(np.concatenate((low, high - low, areas[:, None]), axis=1), _DECIMALS).tolist()
    return {i: (row[:4], row[4]) for i, row, fine in zip(plain, table, good.tolist(), strict=True) if fine}


def _measured(shapes: Sequence[Polygon]) -> tuple[Floats, Floats, Flags]:
    """(N, 4) bounds, (N,) areas, and which to trust: an outline that crosses itself, or parts that overlap, need
    `Polygon.area()`."""
    counts = np.fromiter([len(shape.parts) for shape in shapes], np.int64, len(shapes))
    starts = np.cumsum(counts) - counts
    batch = RingBatch([part.points for shape in shapes for part in shape.parts])
    low = np.minimum.reduceat(batch.bounds()[:, :2], starts, axis=0)
    high = np.maximum.reduceat(batch.bounds()[:, 2:], starts, axis=0)
    areas, extent = np.add.reduceat(batch.areas(), starts), high - low
    sure = (areas > 1e-9 * extent[:, 0] * extent[:, 1]) & ~batch.groups_overlap(counts)
    return np.concatenate((low, high), axis=1), areas, sure


def _is_plain(annotation: Annotation) -> bool:
    """A polygon in few parts that nobody stored yet, without holes and attributes."""
    shape = annotation.shape
    if type(shape) is not Polygon or annotation.attributes:
        return False
    return len(shape.parts) <= _MANY and not any(part.holes for part in shape.parts)


def _rings(shape: Polygon) -> Segmentation:
    return tuple(part.points for part in shape.parts)


def _unknown_label(annotation: Annotation, example: Example) -> Invalid:
    return Invalid(
        f"{example.filename} has an annotation with the label {annotation.label!r}, which the dataset does not have.",
        code="unknown_label",
    )
