"""Annotations on their way from the order of the file to the order of the images, through one temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from .rows import Box

IMAGES_A_BUCKET = 256
"""Neighbouring images whose annotations lie together, and are in memory together."""

_ENCODER = msgspec.json.Encoder()


class Rle(msgspec.Struct, gc=False):
    """A mask as run lengths; `size` is height, width."""

    size: tuple[int, int]
    counts: str | list[int]


class WaitingRow(msgspec.Struct, array_like=True, gc=False):
    """An annotation with its image's position and its own index in the file."""

    position: int
    index: int
    category: int
    crowd: int
    bbox: Box | None
    segmentation: msgspec.Raw
    attributes: dict[str, Any] | None


class ShapeRow(msgspec.Struct, array_like=True, gc=False):
    """The same with the segmentation read; None stands for one that is neither polygons nor run lengths."""

    position: int
    index: int
    category: int
    crowd: int
    bbox: Box | None
    segmentation: list[list[float]] | Rle | None
    attributes: dict[str, Any] | None


class Spool:
    """Rows in buckets of neighbouring images. One temporary file serves any number of files' buckets."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._pieces: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._end = 0

    def add(self, source: int, rows: list[WaitingRow]) -> None:
        """Keep the rows of one file."""
        buckets = np.fromiter((row.position for row in rows), np.int64, len(rows)) // IMAGES_A_BUCKET
        for bucket, group in _groups(buckets):
            data = _ENCODER.encode(rows if len(group) == len(rows) else [rows[i] for i in group.tolist()])
            self._file.write(data)
            self._pieces.setdefault((source, bucket), []).append((self._end, len(data)))
            self._end += len(data)

    def pieces(self, source: int, bucket: int) -> Iterable[bytes]:
        """The JSON lists of one bucket, in the order of the file."""
        for start, length in self._pieces.get((source, bucket), ()):
            self._file.seek(start)
            yield self._file.read(length)

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()


def _groups(buckets: NDArray[np.int64]) -> Iterable[tuple[int, NDArray[np.int64]]]:
    """Every bucket with the indices of its rows, in order."""
    order = np.argsort(buckets, kind="stable")
    values, starts = np.unique(buckets[order], return_index=True)
    return zip(values.tolist(), np.split(order, starts[1:]), strict=True)
