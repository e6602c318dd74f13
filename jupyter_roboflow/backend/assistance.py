"""The assistant of this process, and the decoded pictures it is asked about."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from ..domain.errors import UnreadableImage
from ..domain.shapes import Point as PointShape
from ..domain.shapes import Points, Polygon, check_within

if TYPE_CHECKING:
    from ..assist import Assistant, Prompt
    from ..assist.assistant import XY, Pixels, Wire

T = TypeVar("T")

CACHE_BYTES = 192_000_000
MOST_PIXELS = 24_000_000
"""A larger picture is worked on at half, a quarter or an eighth of its size."""


class Picture(Protocol):
    """What is known of a picture before it is read: an `Image` of a dataset is one. Sizes are upright pixels."""

    @property
    def sha256(self) -> str:
        """What its bytes are asked for by, and what tells it from any other."""
        ...

    @property
    def media_type(self) -> str: ...

    @property
    def filename(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Upright pixels of a picture, and how many of them, across and down, are one of these."""

    pixels: Pixels
    across: float
    down: float

    def inward(self, x: float, y: float) -> XY:
        """A point of the picture in these pixels, on the picture's edge when it lies beyond."""
        height, width = self.pixels.shape[:2]
        return min(max(0.0, x / self.across), float(width)), min(max(0.0, y / self.down), float(height))

    def outward(self, points: Points) -> Points:
        """(N, 2) of these pixels as pixels of the picture."""
        return points * (self.across, self.down)


class Cache:
    """What was made last, as far as it fits into so many bytes; to be used from many threads."""

    def __init__(self, most_bytes: int = CACHE_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes of all that is kept."""
        with self._lock:
            return sum(size for _, size in self._kept.values())

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """What is kept under a key, or else is made now. Two threads may make the same at once; one is kept."""
        if (found := self.peek(key)) is not None:
            return cast("T", found)
        made = make()
        self.keep(key, made, size(made))
        return made

    def peek(self, key: Hashable) -> Any:
        """What is kept under a key, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, value: Any, size: int) -> None:
        """Keep something of so many bytes, and let go of what was not asked for longest."""
        with self._lock:
            self._kept[key] = value, size
            self._kept.move_to_end(key)
            while sum(each for _, each in self._kept.values()) > self._most_bytes:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()


class Assistance:
    """Asks an assistant about stored pictures. Assign `assistant` to put a model in the place of OpenCV."""

    def __init__(
        self, read: Callable[[str], bytes], most_bytes: int = CACHE_BYTES, *, assistant: Assistant | None = None
    ) -> None:
        self._read = read
        self._cache = Cache(most_bytes)
        self._assistant = assistant

    @property
    def assistant(self) -> Assistant:
        """Who is asked; the first of `ASSISTANTS` as long as nobody was put in its place."""
        if self._assistant is None:
            from ..assist import ASSISTANTS  # with its numpy and shapely only for those who draw

            self._assistant = next(iter(ASSISTANTS.values()))
        return self._assistant

    @assistant.setter
    def assistant(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._cache.clear()

    def outline(self, image: Picture, prompt: Prompt) -> tuple[Polygon, ...]:
        """What the prompt points at, in pixels of the upright picture and within it."""
        prompt.check_within((image.width, image.height))
        decoded = self._decoded(image)
        found = self.assistant.outline(decoded.pixels, _scaled(prompt, decoded))
        size_wh = (image.width, image.height)
        return tuple(piece for each in found for piece in each.map_points(decoded.outward).clip(size_wh))

    def path(self, image: Picture, start: XY, end: XY) -> Points:
        """(N, 2) along an edge from one point to another."""
        for point in (start, end):
            check_within(PointShape(*point), (image.width, image.height))
        decoded = self._decoded(image)
        first, last = decoded.inward(*start), decoded.inward(*end)
        path = self._wire(image, decoded, first, last).path_to(last)
        return decoded.outward(path)

    def close(self) -> None:
        """Let go of all pictures."""
        self._cache.clear()

    def _wire(self, image: Picture, decoded: Decoded, start: XY, end: XY) -> Wire:
        key = (image.sha256, start)
        kept = cast("Wire | None", self._cache.peek(key))
        if kept is not None and kept.reaches(end):
            return kept
        made = self.assistant.wire(decoded.pixels, start, end)
        self._cache.keep(key, made, made.size)
        return made

    def _decoded(self, image: Picture) -> Decoded:
        return self._cache.get(image.sha256, lambda: self._decode(image), lambda made: made.pixels.nbytes)

    def _decode(self, image: Picture) -> Decoded:
        pixels = _quick(self._read(image.sha256), image)
        height, width = pixels.shape[:2]
        return Decoded(pixels, image.width / width, image.height / height)


def _scaled(prompt: Prompt, decoded: Decoded) -> Prompt:
    from ..assist import Prompt
    from ..domain.shapes import BBox

    if decoded.across == decoded.down == 1.0:
        return prompt
    factors = (decoded.across, decoded.down)

    def inward(stroke: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(value / factors[i % 2] for i, value in enumerate(stroke))

    box = None if prompt.box is None else BBox(*inward((*prompt.box.bounds()[:2], prompt.box.width, prompt.box.height)))
    strokes = (tuple(map(inward, prompt.include)), tuple(map(inward, prompt.exclude)))
    return Prompt(box, *strokes, brush=prompt.brush / decoded.across)


def _quick(data: bytes, image: Picture) -> Pixels:
    """Upright RGB pixels of a stored picture, made smaller by whole steps where there are too many of them.

    A JPEG goes the short way: colour profiles and exact values make no difference to an edge.
    """
    import cv2 as untyped
    import numpy as np

    cv2: Any = untyped
    step = _step(image)
    if image.media_type == "image/jpeg":
        modes = {
            1: cv2.IMREAD_COLOR,
            2: cv2.IMREAD_REDUCED_COLOR_2,
            4: cv2.IMREAD_REDUCED_COLOR_4,
            8: cv2.IMREAD_REDUCED_COLOR_8,
        }
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), modes[step])  # turns it upright
        expected = (math.ceil(image.height / step), math.ceil(image.width / step))
        if bgr is not None and bgr.shape[:2] == expected:
            return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    from ..jobs.version_pixels import decode

    pixels, _ = decode(data, image.media_type, (image.width, image.height), image.filename)
    small = (max(1, image.width // step), max(1, image.height // step))
    reduced: Pixels = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA) if step > 1 else pixels
    if not reduced.size:
        raise UnreadableImage(f"{image.filename} has no pixels.")
    return reduced


def _step(image: Picture) -> int:
    step = 1
    while step < 8 and image.width * image.height > MOST_PIXELS * step * step:
        step *= 2
    return step
