"""A recipe at work on one image."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.dataset import Split
from ..domain.errors import Invalid
from ..domain.manifest import Losses
from ..domain.shapes import KeptShape, Shape
from .move import Rules, Run, check_size, enter
from .origins import overlaps, own_places
from .outlines import shape_of
from .picture import Dropped, Origins, Picture, Pixels, Rings, mark_of
from .recipe import PlannedStep, Recipe
from .steps import STEPS
from .steps.normalize import normalized

MAX_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """An image that goes into a recipe. `key` decides its chances: the image's sha256, the same on every machine."""

    pixels: Pixels
    shapes: Sequence[Shape]
    labels: Sequence[str]
    key: str
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A shape that came through; `source` is its place among the shapes given, `picture` 0 for the image itself and
    1, 2, 3 for the companions of a mosaic.
    """

    shape: Shape
    label: str
    source: int
    picture: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Augmented:
    """A picture that a recipe made: (H, W, 3) uint8 RGB with its shapes. `copy` is 0 for the original, `piece` tells
    apart several pictures of one image (`r0c1`), `steps` says what acted and with what amounts.
    """

    pixels: Pixels
    shapes: tuple[Moved, ...]
    dropped: tuple[Dropped, ...] = ()
    copy: int = 0
    piece: str = ""
    steps: tuple[Mapping[str, Any], ...] = ()
    origins: Origins | None = None

    def digest(self) -> str:
        """SHA-256 over pixels and shapes: equal ones are exact duplicates."""
        told = hashlib.sha256(repr((self.pixels.shape, [(m.label, m.shape.geometry()) for m in self.shapes])).encode())
        told.update(np.ascontiguousarray(self.pixels).data)
        return told.hexdigest()


def copies(recipe: Recipe, split: Split | str | None) -> range:
    """Which copies there are of an image: 0 is the original, and only training images have more."""
    return range(recipe.multiplier if split == Split.TRAIN else 1)


def apply(
    recipe: Recipe,
    image: Pixels,
    shapes: Sequence[Shape],
    labels: Sequence[str],
    *,
    split: Split | str | None,
    key: str,
    copy: int = 0,
    tags: Sequence[str] = (),
    companions: Sequence[Source] = (),
    max_pixels: int = MAX_PIXELS,
    origins: bool = False,
    losses: Losses | None = None,
) -> list[Augmented]:
    """What the recipe makes of one copy of an image: one picture, or several of a tiling, or none when filtered out.

    `image` is (H, W, 3) uint8 RGB, upright; `labels` name those of the shapes. The same seed, key and copy give the
    same bytes, in any order and process. Copy 0 is only preprocessed. `losses` collects what was dropped and why; with
    `origins` it is followed where each pixel comes from (for `agreement`). Raises `TooLarge` for a picture over
    `max_pixels`, `Invalid` for what cannot be done.
    """
    source = Source(image, shapes, labels, key, tags)
    work = _Work(recipe, source, companions, max_pixels, origins, Losses() if losses is None else losses)
    return work.copy(copy, split)


def apply_all(
    recipe: Recipe,
    source: Source,
    *,
    split: Split | str | None,
    companions: Callable[[int], Sequence[Source]] = lambda copy: (),
    max_pixels: int = MAX_PIXELS,
    losses: Losses | None = None,
) -> list[Augmented]:
    """Every copy of an image, preprocessed once, exact duplicates removed. `companions` gives those of each copy."""
    work = _Work(recipe, source, (), max_pixels, False, Losses() if losses is None else losses)
    made: dict[tuple[str, str], Augmented] = {}
    for copy in copies(recipe, split):
        work.companions = companions(copy) if copy and recipe.companions else ()
        for one in work.copy(copy, split):
            made.setdefault((one.piece, one.digest()), one)  # two empty tiles are two tiles
    return list(made.values())


def choose_companions(recipe: Recipe, keys: Sequence[str], key: str, copy: int) -> list[str]:
    """The keys of the images that a copy of image `key` is put together with; the same whatever the order of `keys`."""
    others = sorted(set(keys) - {key})
    chance = random_of(recipe.seed, key, copy, "companions")
    picked = chance.permutation(len(others))[: recipe.companions]
    return [others[i] for i in picked]


def to_array(recipe: Recipe, pixels: Pixels) -> NDArray[Any]:
    """The pixels as arrays are given out: float32 (H, W, 3) where the recipe normalizes, unchanged otherwise."""
    steps = [step for step in recipe.preprocess if step.name == "normalize"]
    return normalized(pixels, steps[-1].settings) if steps else pixels


def agreement(augmented: Augmented, shapes: Sequence[Shape]) -> dict[int, float]:
    """The IoU (0 to 1) of each moved polygon with the moved pixels of the object, by `source`; needs `origins=True`.

    `shapes` are those given. Pixels are followed by the very maps that moved the picture, and compared at places
    within them, so that one of a few pixels counts as exactly as a large one.
    """
    if augmented.origins is None:
        return {}
    moved: dict[int, list[Rings]] = {}
    for one in augmented.shapes:
        if one.picture == 0 and one.shape.kind == "polygon":
            moved.setdefault(one.source, []).extend(mark_of(one.shape, one.label, one.source).parts)
    given = {source: mark_of(shapes[source], "", source).parts for source in moved}
    return overlaps(given, moved, augmented.origins)


def random_of(seed: int, key: str, copy: int, place: str) -> np.random.Generator:
    """Random numbers that depend on what is done to what, never on who does it or when."""
    digest = hashlib.sha256(f"{seed}\n{key}\n{copy}\n{place}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


@dataclass(frozen=True, slots=True, eq=False)
class _Trail:
    """A picture with what has happened to it so far."""

    picture: Picture
    dropped: tuple[Dropped, ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()


class _Work:
    """One image in a recipe; preprocessing is done once for all copies."""

    def __init__(
        self,
        recipe: Recipe,
        source: Source,
        companions: Sequence[Source],
        max_pixels: int,
        origins: bool,
        losses: Losses,
    ) -> None:
        self.recipe, self.source, self.companions, self.losses = recipe, source, companions, losses
        self.origins = origins
        self.rules = recipe.rules(max_pixels)
        self._prepared: list[_Trail] | None = None

    def copy(self, copy: int, split: Split | str | None) -> list[Augmented]:
        if copy < 0 or (copy > 0 and split != Split.TRAIN):
            raise Invalid(f"Copy {copy}: only images of the train split have copies.", code="bad_copy")
        if self._prepared is None:
            self._prepared = self._preprocess(self.source, 0, self.losses)
        trails = self._prepared
        for i, step in enumerate(self.recipe.augment if copy else ()):
            trails = [after for trail in trails for after in self._act(trail, step, f"augment[{i}]", copy)]
        return [_finished(trail, copy, self.losses, self.source.key) for trail in trails]

    def _preprocess(self, source: Source, number: int, losses: Losses) -> list[_Trail]:
        trails = [entered(source, self.rules, number, self.origins and number == 0)]
        for i, step in enumerate(self.recipe.preprocess):
            trails = [
                after
                for trail in trails
                for after in self._step(trail, step, self._run(source, step, f"preprocess[{i}]", 0, trail), losses)
            ]
        return trails

    def _act(self, trail: _Trail, step: PlannedStep, place: str, copy: int) -> list[_Trail]:
        run = self._run(self.source, step, place, copy, trail)
        if run.random.random() >= step.probability:
            return [trail]
        return self._step(trail, step, run, self.losses)

    def _step(self, trail: _Trail, step: PlannedStep, run: Run, losses: Losses) -> list[_Trail]:
        made = STEPS[step.name].apply(trail.picture, step.settings, run)
        for why in run.left_out:
            losses.add("left out", self.source.key, why)
        done = (*trail.steps, {"step": step.name, **run.notes})
        return [_Trail(picture, (*trail.dropped, *run.dropped), done) for picture in made]

    def _run(self, source: Source, step: PlannedStep, place: str, copy: int, trail: _Trail) -> Run:
        chance = random_of(self.recipe.seed, source.key, copy, f"{place} {step.name} {trail.picture.piece}")
        return Run(f"{place} {step.name}", chance, self.rules, source.tags, self._companions)

    def _companions(self) -> list[Picture]:
        """One picture of each companion, preprocessed like this one; those that are filtered out are missing."""
        found: list[Picture] = []
        for number, source in enumerate(self.companions, start=1):
            pieces = self._preprocess(source, number, Losses())
            if pieces:
                chance = random_of(self.recipe.seed, source.key, 0, "piece")
                found.append(pieces[int(chance.integers(len(pieces)))].picture)
        return found


def entered(source: Source, rules: Rules, number: int, origins: bool) -> _Trail:
    """The image at the start: checked, its shapes within its frame."""
    pixels = source.pixels
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise Invalid(
            f"The pixels of {source.key[:12]} are {pixels.dtype} {pixels.shape}; a recipe takes (H, W, 3) uint8 RGB.",
            code="bad_pixels",
        )
    if len(source.shapes) != len(source.labels):
        raise Invalid(
            f"{len(source.shapes)} shapes and {len(source.labels)} labels: each shape has one label.", code="bad_labels"
        )
    run = Run("start", random_of(0, source.key, 0, "start"), rules)
    picture = Picture(pixels)
    check_size(picture.size_wh, run)
    named = [(i, pair) for i, pair in enumerate(zip(source.shapes, source.labels, strict=True))]
    for i, (shape, _) in named:
        if isinstance(shape, KeptShape):  # nobody here knows how it moves
            run.dropped.append(
                Dropped(i, f"a {shape.kind} is of a kind that this version does not know", "start", number)
            )
    named = [each for each in named if not isinstance(each[1][0], KeptShape)]
    given = [mark_of(shape, label, i, picture=number, ellipses=rules.ellipses) for i, (shape, label) in named]
    marks = tuple(mark for one in given for mark in enter(one, picture.size_wh, run))
    places = own_places(picture.size_wh) if origins else None
    return _Trail(replace(picture, marks=marks, origins=places), tuple(run.dropped))


def _finished(trail: _Trail, copy: int, losses: Losses, key: str) -> Augmented:
    picture = trail.picture
    dropped = list(trail.dropped)
    moved: list[Moved] = []
    for mark in picture.marks:
        shape = shape_of(mark, picture.size_wh)
        if shape is None:
            dropped.append(Dropped(mark.source, "nothing of it left", "end", mark.picture))
        else:
            moved.append(Moved(shape, mark.label, mark.source, mark.picture))
    for drop in dropped:
        losses.add("dropped", f"{key} annotation {drop.source}", drop.why)
    return Augmented(
        np.ascontiguousarray(picture.pixels),
        tuple(moved),
        tuple(dropped),
        copy,
        picture.piece,
        trail.steps,
        picture.origins,
    )
