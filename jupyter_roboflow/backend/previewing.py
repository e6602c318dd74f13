"""Small pictures of what a recipe would make, kept as long as neither recipe nor image change."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.annotation import Annotation
from ..domain.dataset import Image, Split
from ..domain.errors import BackendUnavailable, Invalid, RoboflowError
from ..domain.preview import PreviewDrop, PreviewItem, PreviewPicture, PreviewShape
from ..domain.shapes import Points, Shape
from .assistance import Cache

if TYPE_CHECKING:
    from ..augment import Augmented, Recipe, Source
    from ..augment.picture import Pixels

IMAGES_LIMIT = 12
COPIES_LIMIT = 4
SIDES = (64, 1024)
SHOWN_LIMIT = 12
"""Pictures of one image that are shown, where a recipe cuts it into pieces."""

CACHE_BYTES = 96_000_000
MOST_PIXELS = 1_500_000
"""A larger image is made smaller before a recipe that counts in pixels; before any other it is made as small as it is
shown."""

MADE_PIXELS = 16_000_000
"""A recipe that makes a larger picture than this is not previewed."""

AT_ONCE = 2
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be seen: a checked recipe, the copies of each image, and the longest side in pixels."""

    recipe: Recipe
    copies: int = 1
    side: int = 640

    def __post_init__(self) -> None:
        for name, low, high in (("copies", 1, COPIES_LIMIT), ("side", *SIDES)):
            if not low <= getattr(self, name) <= high:
                raise Invalid(f"{name} is a whole number from {low} to {high}.", code=f"bad_{name}", parameter=name)

    def numbers(self) -> range:
        """The copies to make: the original alone where nothing is augmented."""
        return range(1, self.copies + 1) if self.recipe.augment else range(1)


@dataclass(frozen=True, slots=True)
class Subject:
    """An image with what is drawn on it."""

    image: Image
    drawn: tuple[Annotation, ...]

    @property
    def digest(self) -> str:
        """Equal while neither pixels, annotations nor tags change."""
        told = [(a.label, a.shape.kind, a.shape.geometry()) for a in self.drawn]
        return hashlib.sha256(repr((self.image.sha256, sorted(self.image.tags), told)).encode()).hexdigest()


class Previewing:
    """Puts images through recipes in this process, a few requests at a time."""

    def __init__(self, read: Callable[[str], bytes], most_bytes: int = CACHE_BYTES) -> None:
        self._read, self._cache = read, Cache(most_bytes)
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def items(self, subjects: Sequence[Subject], wish: Wish) -> list[PreviewItem]:
        """One for each image. The companions of a mosaic are chosen among them alone."""
        by_key = {subject.image.sha256: subject for subject in subjects}
        with self._turn:
            return [self._item(subject, wish, by_key) for subject in subjects]

    def close(self) -> None:
        """Let go of all pictures."""
        self._cache.clear()

    def _item(self, subject: Subject, wish: Wish, among: dict[str, Subject]) -> PreviewItem:
        others = sorted(each.digest for each in among.values()) if wish.recipe.companions else []
        key = ("preview", wish.recipe.hash, wish.copies, wish.side, subject.digest, *others)
        kept = self._cache.get(key, lambda: self._made(subject, wish, among), lambda made: made.size + 4096)
        return replace(kept, image_id=subject.image.id, filename=subject.image.filename)

    def _made(self, subject: Subject, wish: Wish, among: dict[str, Subject]) -> PreviewItem:
        item = PreviewItem(subject.image.id, subject.image.filename, None)
        try:
            source = self._source(subject, wish)
            item = replace(item, original=_shown(_as_it_is(source), wish.side, ()))
            found = [one for copy in wish.numbers() for one in self._copy(source, wish, copy, among)]
        except BackendUnavailable:
            raise
        except RoboflowError as error:
            return replace(item, problem=error.message)
        except MemoryError:
            return replace(item, problem="It needs more memory than there is.")
        shown = tuple(_shown(one, wish.side, source.shapes) for one in found[:SHOWN_LIMIT])
        return replace(item, pictures=shown, more=max(0, len(found) - SHOWN_LIMIT))

    def _copy(self, source: Source, wish: Wish, copy: int, among: dict[str, Subject]) -> list[Augmented]:
        from ..augment import apply, choose_companions

        wanted = (
            choose_companions(wish.recipe, list(among), source.key, copy) if copy and wish.recipe.companions else []
        )
        return apply(
            wish.recipe,
            source.pixels,
            source.shapes,
            source.labels,
            split=Split.TRAIN,
            key=source.key,
            copy=copy,
            tags=source.tags,
            companions=[self._source(among[key], wish) for key in wanted],
            max_pixels=MADE_PIXELS,
            origins=True,
        )

    def _source(self, subject: Subject, wish: Wish) -> Source:
        """The image small enough to be quick, its shapes in the pixels of that."""
        from ..augment import Source

        image = subject.image
        width, height = image.width, image.height
        most = (
            math.sqrt(MOST_PIXELS / (width * height)) if _counts_pixels(wish.recipe) else wish.side / max(width, height)
        )
        size_wh = max(1, round(width * min(1.0, most))), max(1, round(height * min(1.0, most)))
        pixels = self._cache.get(
            ("pixels", image.sha256, size_wh), lambda: self._decoded(image, size_wh), lambda made: made.nbytes
        )
        shapes = [_scaled(each.shape, size_wh[0] / width, size_wh[1] / height) for each in subject.drawn]
        return Source(pixels, shapes, [each.label for each in subject.drawn], image.sha256, image.tags)

    def _decoded(self, image: Image, size_wh: tuple[int, int]) -> Pixels:
        from ..jobs.version_pixels import decode

        data = self._read(image.sha256)
        return _smaller(decode(data, image.media_type, (image.width, image.height), image.filename)[0], size_wh)


def spread(total: int, count: int) -> Iterator[int]:
    """Places, from 0, of `count` things evenly spread over `total`, the first among them."""
    count = min(total, count)
    return (place * total // count for place in range(count))


def _counts_pixels(recipe: Recipe) -> bool:
    """Whether a step has a setting in pixels, so that it acts otherwise on a smaller image."""
    from ..augment import STEPS

    steps = (STEPS[step.name] for step in (*recipe.preprocess, *recipe.augment))
    return any(getattr(parameter, "unit", "") == "px" for step in steps for parameter in step.parameters)


def _as_it_is(source: Source) -> Augmented:
    from ..augment import Augmented, Moved

    named = zip(source.shapes, source.labels, strict=True)
    return Augmented(source.pixels, tuple(Moved(shape, label, i) for i, (shape, label) in enumerate(named)))


def _shown(one: Augmented, side: int, drawn: Sequence[Shape]) -> PreviewPicture:
    from ..augment import agreement
    from ..jobs.version_pixels import encode

    height, width = one.pixels.shape[:2]
    scale = min(1.0, side / max(width, height))
    small = max(1, round(width * scale)), max(1, round(height * scale))
    ious = agreement(one, drawn)
    shapes = tuple(
        PreviewShape(
            _scaled(moved.shape, small[0] / width, small[1] / height),
            moved.label,
            moved.source,
            None if moved.picture else ious.get(moved.source),
        )
        for moved in one.shapes
    )
    dropped = tuple(PreviewDrop(drop.source, drop.why, drop.step) for drop in one.dropped)
    data, media_type = encode(_smaller(one.pixels, small), False, _QUALITY)
    return PreviewPicture(data, media_type, *small, shapes, dropped, one.copy, one.piece)


def _scaled(shape: Shape, across: float, down: float) -> Shape:
    def moved(points: Points) -> Points:
        return points * (across, down)

    return shape if across == down == 1.0 else shape.map_points(moved)


def _smaller(pixels: Pixels, size_wh: tuple[int, int]) -> Pixels:
    from ..augment.opencv import opencv

    if pixels.shape[1::-1] == size_wh:
        return pixels
    cv2 = opencv()
    return cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA)
