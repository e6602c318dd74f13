"""Adding a dataset up chunk by chunk: a few numbers an image are kept, of the annotations only sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..dataset import Label
from ..page import HEAT_GRID as GRID
from .advice import advice
from .boxes import Boxes
from .columns import (
    KIND_CODES,
    SPLIT_NAMES,
    STATE_NAMES,
    AnnotationColumns,
    Floats,
    ImageColumns,
    Integers,
)
from .histograms import cells, count_edges, histogram, named, ratio_edges, sizes, spread
from .image_table import ImageTable, Tally
from .near_duplicates import find_near_duplicates
from .report import Health, Histogram, LabelHealth, NearDuplicates

_SIDE_EDGES = (0.0, *(float(2**k) for k in range(17)))
_COCO_SMALL, _COCO_MEDIUM = 32.0**2, 96.0**2
_KINDS = tuple(KIND_CODES)


def compute_health(
    labels: Sequence[Label], images: Iterable[ImageColumns], annotations: Iterable[AnnotationColumns]
) -> Health:
    """The health of a dataset from its columns, in chunks of any size; annotations are ordered by image id."""
    builder = HealthBuilder(labels)
    for chunk in images:
        builder.add_images(chunk)
    for chunk in annotations:
        builder.add_annotations(chunk)
    return builder.build()


class HealthBuilder:
    """Takes all images first, then the annotations in the order of their images, then gives the `Health`."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self._labels = tuple(labels)
        self._row_of_label = np.full(max((label.index for label in labels), default=-1) + 1, -1, dtype=np.int64)
        for row, label in enumerate(labels):
            self._row_of_label[label.index] = row
        self._chunks: list[tuple[NDArray[Any], ...]] = []
        self._filenames: list[str] = []
        self._images: ImageTable | None = None
        self._waiting: NDArray[np.float64] | None = None
        rows = len(self._labels)
        self._heat = np.zeros((rows, GRID * GRID), dtype=np.int64)
        self._label_split = np.zeros((rows, len(SPLIT_NAMES)), dtype=np.int64)
        self._label_images = np.zeros(rows, dtype=np.int64)
        self._kinds = np.zeros(len(_KINDS), dtype=np.int64)
        self._sides = np.zeros(len(_SIDE_EDGES) - 1, dtype=np.int64)
        self._scale = np.zeros(3, dtype=np.int64)
        self._at_border = 0
        self._odd = {name: Tally() for name in ("tiny", "huge", "duplicates", "outside")}

    def add_images(self, columns: ImageColumns) -> None:
        """Some of the images, in any order; all of them before the first annotation."""
        if self._images is not None:
            raise ValueError("images come before annotations")
        c = columns
        integers = tuple(np.asarray(column, dtype=np.int64) for column in (c.id, c.width, c.height))
        codes = tuple(np.asarray(column, dtype=np.int8) for column in (c.split, c.state))
        self._chunks.append((*integers, *codes, np.asarray(c.dhash, dtype=np.uint64)))
        self._filenames.extend(c.filename)

    def add_annotations(self, columns: AnnotationColumns) -> None:
        """Some of the annotations, ordered by image id over all chunks. The last image's wait for the next chunk."""
        self._images = self._images or ImageTable(self._chunks, self._filenames)
        c = columns
        eight = (c.image_id, c.label, c.kind, c.x0, c.y0, c.x1, c.y1, c.area)
        table: Floats = np.stack([np.asarray(column, dtype=np.float64) for column in eight])
        if self._waiting is not None:
            table = np.concatenate([self._waiting, table], axis=1)
        if not table.shape[1]:
            return
        if (table[0, 1:] < table[0, :-1]).any():
            raise ValueError("annotations are ordered by image id")
        last = int(np.count_nonzero(table[0] < table[0, -1]))
        self._waiting = table[:, last:]
        self._count(table[:, :last], self._images)

    def build(self) -> Health:
        """The health of what was added."""
        images = self._images = self._images or ImageTable(self._chunks, self._filenames)
        if self._waiting is not None:
            self._count(self._waiting, images)
            self._waiting = None
        pairs = find_near_duplicates(images.id, images.split, images.dhash)
        named = tuple(
            {**p, "filename": images.filename(p["image_id"]), "other_filename": images.filename(p["other_id"])}
            for p in pairs.examples
        )
        health = self._health(images, replace(pairs, examples=named))
        return replace(health, warnings=tuple(advice(health)))

    def _count(self, table: Floats, images: ImageTable) -> None:
        """Add up whole images' annotations."""
        if not table.shape[1]:
            return
        row = images.rows(table[0].astype(np.int64))
        label = self._rows_of_labels(table[1].astype(np.int64))
        width, height = images.width[row].astype(np.float64), images.height[row].astype(np.float64)
        boxes = Boxes(row, label, *table[3:8], width=width, height=height)
        images.objects += np.bincount(row, minlength=len(images.objects))
        self._count_labels(boxes, images.split[row])
        self._kinds += np.bincount(table[2].astype(np.int64), minlength=len(_KINDS))
        sized = boxes.is_area()
        self._sides += np.histogram(np.sqrt(boxes.box_area()[sized]), _SIDE_EDGES)[0]
        scale = np.digitize(boxes.area[sized], (_COCO_SMALL, _COCO_MEDIUM))
        self._scale += np.bincount(scale, minlength=3)
        self._at_border += int(np.count_nonzero(boxes.at_border() & sized))
        self._odd["tiny"].add(boxes.tiny(), row)
        self._odd["huge"].add(boxes.huge(), row)
        self._odd["duplicates"].add(boxes.duplicates(), row)
        self._odd["outside"].add(boxes.outside(), row)

    def _rows_of_labels(self, index: Integers) -> Integers:
        known = (index >= 0) & (index < len(self._row_of_label))
        if not known.all() or (rows := self._row_of_label[index]).min() < 0:
            raise ValueError("an annotation's label is none of the dataset's labels")
        return rows

    def _count_labels(self, boxes: Boxes, split: Integers) -> None:
        rows, splits = len(self._labels), len(SPLIT_NAMES)
        self._label_split += np.bincount(boxes.label * splits + split, minlength=rows * splits).reshape(rows, splits)
        once = np.unique(boxes.image * rows + boxes.label)
        self._label_images += np.bincount(once % rows, minlength=rows)
        column = cells((boxes.x0 + boxes.x1) / 2 / boxes.width, GRID)
        line = cells((boxes.y0 + boxes.y1) / 2 / boxes.height, GRID)
        np.add.at(self._heat, (boxes.label, line * GRID + column), 1)

    def _health(self, images: ImageTable, pairs: NearDuplicates) -> Health:
        split_state = np.zeros((len(SPLIT_NAMES), len(STATE_NAMES)), dtype=np.int64)
        np.add.at(split_state, (images.split, images.state), 1)
        ratio = images.width / np.maximum(images.height, 1)
        findings = {name: tally.finding(images) for name, tally in self._odd.items()}
        return Health(
            images=len(images.id),
            annotations=int(self._kinds.sum()),
            images_by_split=named(SPLIT_NAMES, split_state.sum(axis=1)),
            images_by_state=named(STATE_NAMES, split_state.sum(axis=0)),
            images_by_split_and_state={
                split: named(STATE_NAMES, row) for split, row in zip(SPLIT_NAMES, split_state, strict=True)
            },
            annotations_by_split=named(SPLIT_NAMES, self._label_split.sum(axis=0)),
            kinds=named(_KINDS, self._kinds),
            labels=tuple(self._label_health(row) for row in range(len(self._labels))),
            width=spread(images.width),
            height=spread(images.height),
            aspect_ratio=spread(ratio),
            sizes=sizes(images.width, images.height),
            aspect_ratios=histogram(ratio, ratio_edges(ratio)),
            objects=spread(images.objects),
            objects_per_image=histogram(images.objects, count_edges(images.objects)),
            box_sizes=Histogram(_SIDE_EDGES, tuple(self._sides.tolist())),
            box_scale=named(("small", "medium", "large"), self._scale),
            tiny_boxes=findings["tiny"],
            huge_boxes=findings["huge"],
            duplicate_boxes=findings["duplicates"],
            boxes_outside=findings["outside"],
            boxes_at_border=self._at_border,
            near_duplicates=pairs,
        )

    def _label_health(self, row: int) -> LabelHealth:
        label, by_split = self._labels[row], self._label_split[row]
        lines = cast("list[list[int]]", self._heat[row].reshape(GRID, GRID).tolist()) if by_split.any() else []
        heat = tuple(tuple(line) for line in lines)
        return LabelHealth(
            label.name,
            label.color,
            label.index,
            int(by_split.sum()),
            int(self._label_images[row]),
            named(SPLIT_NAMES, by_split),
            heat,
        )
