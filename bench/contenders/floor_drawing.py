"""The floor of help with drawing: read a photograph of 12 megapixels and make it smaller, and find nothing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import cv2 as untyped
import numpy as np

from ..gauge import Case
from .photo import write_photo

cv2: Any = untyped


@contextmanager
def read_and_resize(case: Case) -> Iterator[Callable[[], object]]:
    """To one megapixel."""
    photo = write_photo(case.output / "photo.jpg")

    def run() -> None:
        pixels = cv2.imdecode(np.frombuffer(photo.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
        cv2.resize(pixels, (1155, 866), interpolation=cv2.INTER_AREA)

    yield run
