"""All images of a dataset as a few compact columns, found by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Flags, Hashes, Integers
from .report import Finding

EXAMPLES = 20
"""Most images named for one finding."""


class ImageTable:
    """Columns in the order of the ids; `objects` counts annotations and is filled by the builder."""

    def __init__(self, chunks: Sequence[tuple[NDArray[Any], ...]], filenames: list[str]) -> None:
        empty = tuple(np.zeros(0, dtype=np.int64) for _ in range(5)) + (np.zeros(0, dtype=np.uint64),)
        columns = [np.concatenate(parts) for parts in zip(*(chunks or [empty]), strict=True)]
        if {len(column) for column in columns} != {len(filenames)}:
            raise ValueError("every image has one value in each column and a file name")
        self._order: Integers = np.argsort(columns[0], kind="stable")
        self._filenames = filenames
        ordered = [column[self._order] for column in columns]
        self.id: Integers = ordered[0]
        self.width: Integers = ordered[1]
        self.height: Integers = ordered[2]
        self.split: Integers = ordered[3]
        self.state: Integers = ordered[4]
        self.dhash: Hashes = ordered[5]
        self.objects: Integers = np.zeros(len(self.id), dtype=np.int64)

    def rows(self, ids: Integers) -> Integers:
        """The row of each id."""
        rows: Integers = np.searchsorted(self.id, ids)
        if not len(self.id) or (self.id[np.minimum(rows, len(self.id) - 1)] != ids).any():
            raise ValueError("an annotation's image is none of the dataset's images")
        return rows

    def filename(self, image_id: int) -> str:
        return self._filenames[int(self._order[np.searchsorted(self.id, image_id)])]


class Tally:
    """Counts what is odd, and remembers the first images it is on."""

    def __init__(self) -> None:
        self.count = 0
        self._rows: dict[int, None] = {}

    def add(self, odd: Flags, rows: Integers) -> None:
        self.count += int(np.count_nonzero(odd))
        if len(self._rows) < EXAMPLES:
            found = dict.fromkeys(rows[odd].tolist())
            self._rows |= dict.fromkeys(list(found)[: EXAMPLES - len(self._rows)])

    def finding(self, images: ImageTable) -> Finding:
        ids = [int(images.id[row]) for row in self._rows]
        return Finding(self.count, tuple({"image_id": i, "filename": images.filename(i)} for i in ids))
