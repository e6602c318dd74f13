"""What ingest knows of a picture that was found good, and the limits a picture must keep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

THUMBNAIL_SIDE = 256
"""Longest side of a thumbnail in pixels; smaller pictures keep their size."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that decodes completely. `width` and `height` are those of the upright image, in pixels.

    `path` is a file with the untouched original bytes, flushed to disk: move it where it shall stay, or delete it.
    `orientation` is the EXIF value 1–8 (1 where there is none or a broken one), `mode` Pillow's name of the original's
    pixel kind, `thumbnail` an upright sRGB JPEG, `dhash` 64 bits that stay nearly the same for nearly the same picture
    (count the differing bits). `metadata` may hold `frames` (more than one) and `taken_at` (EXIF, as written).
    """

    filename: str
    path: Path
    size: int
    sha256: str
    crc32: int
    media_type: str
    width: int
    height: int
    orientation: int
    mode: str
    thumbnail: bytes
    dhash: int
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture may be: pixels, pixels of one side, bytes of the file, bytes of memory, kinds beyond the usual."""

    max_pixels: int
    max_side: int
    max_bytes: int
    memory_bytes: int
    extra_formats: tuple[str, ...] = ()

    def as_json(self) -> str:
        """The limits for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The limits that `as_json` wrote."""
        given: dict[str, Any] = json.loads(text)
        given["extra_formats"] = tuple(given["extra_formats"])
        return cls(**given)
