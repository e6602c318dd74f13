"""Previews of recipes are kept as long as neither recipe nor image change."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from jupyter_roboflow.augment import Recipe
from jupyter_roboflow.backend.previewing import Previewing, Subject, Wish
from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import Image, ImageState
from jupyter_roboflow.domain.shapes import Polygon

TURN = Recipe(["rotate"], seed=1)


class Store:
    """Pictures by their hash, and how often one was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.reads = 0

    def add(self, seed: int) -> Subject:
        """A noisy PNG with a triangle on it."""
        pixels = np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
        data = cv2.imencode(".png", pixels)[1].tobytes()
        sha256 = hashlib.sha256(data).hexdigest()
        self.files[sha256] = data
        return Subject(image(seed, sha256, len(data)), (Annotation(Polygon((10, 10, 14, 10, 14, 15)), "a"),))

    def read(self, sha256: str) -> bytes:
        self.reads += 1
        return self.files[sha256]


def image(number: int, sha256: str, size: int) -> Image:
    return Image(
        id=number,
        dataset_id=1,
        filename=f"{number}.png",
        width=80,
        height=60,
        sha256=sha256,
        size=size,
        crc32=0,
        media_type="image/png",
        state=ImageState.LABELED,
        split=None,
        tags=(),
        revision=1,
        uploaded_at=datetime.now(UTC),
    )


@pytest.fixture
def store() -> Store:
    return Store()


def test_what_was_shown_once_is_kept(store: Store) -> None:
    previewing, subjects = Previewing(store.read), [store.add(i) for i in range(3)]
    first = previewing.items(subjects, Wish(TURN))
    assert previewing.items(subjects, Wish(TURN)) == first and store.reads == 3
    again = previewing.items(subjects, Wish(Recipe.from_json(TURN.to_json())))
    assert again[0].pictures[0] is first[0].pictures[0], "an equal recipe finds what was made"


def test_another_seed_makes_others_of_the_same_decoded_pictures(store: Store) -> None:
    previewing, subject = Previewing(store.read), store.add(1)
    [first] = previewing.items([subject], Wish(TURN))
    [other] = previewing.items([subject], Wish(replaced(TURN, seed=2)))
    assert other.pictures[0].data != first.pictures[0].data and store.reads == 1


def replaced(recipe: Recipe, **changes: int) -> Recipe:
    return Recipe.from_dict({**recipe.as_dict(), **changes})


def test_a_changed_annotation_or_tag_is_seen(store: Store) -> None:
    previewing, subject = Previewing(store.read), store.add(1)
    [first] = previewing.items([subject], Wish(TURN))
    drawn = (Annotation(Polygon((30, 30, 50, 30, 40, 50)), "b"),)
    [second] = previewing.items([replace(subject, drawn=drawn)], Wish(TURN))
    assert {shape.label for shape in second.pictures[0].shapes} == {"b"} != {s.label for s in first.pictures[0].shapes}
    night = Recipe([{"step": "filter_by_tag", "exclude": ["night"]}])
    assert previewing.items([subject], Wish(night))[0].pictures
    tagged = replace(subject, image=replace(subject.image, tags=("night",)))
    assert previewing.items([tagged], Wish(night))[0].pictures == ()


def test_the_badge_of_an_object_of_a_few_pixels_is_as_good_as_its_motion(store: Store) -> None:
    items = Previewing(store.read).items([store.add(i) for i in range(6)], Wish(TURN, copies=4))
    assert min(picture.iou or 0.0 for item in items for picture in item.pictures) >= 0.95


def test_what_is_kept_is_bounded(store: Store) -> None:
    previewing, subjects = Previewing(store.read, most_bytes=40_000), [store.add(i) for i in range(6)]
    first = previewing.items(subjects, Wish(TURN))
    assert previewing.items(subjects, Wish(TURN)) == first and store.reads > 6
