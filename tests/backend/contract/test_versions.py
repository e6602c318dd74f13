"""Versions, the same on every Backend."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

import jupyter_roboflow as rf
from jupyter_roboflow.backend import Backend
from jupyter_roboflow.domain.dataset import Image, Split
from jupyter_roboflow.domain.errors import Invalid, NotFound
from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.domain.version import Version

from .conftest import Place

RECIPE = {
    "steps": [{"step": "resize", "width": 20, "height": 20}, {"step": "flip", "probability": 1.0}],
    "seed": 3,
    "multiplier": 2,
}
TRAIN = {Split.TRAIN: 1.0}


@pytest.fixture
def drawn(backend: Backend, three: list[Image]) -> list[Image]:
    """The three images, two with a box, one looked at and empty."""
    for image in three[:2]:
        backend.add_annotation(image.id, rf.Annotation(rf.BBox(2, 3, 10, 12), "cat", {"seen": True}))
    backend.save_annotations(three[2].id, [], 0, state=rf.ImageState.EMPTY)
    return three


def make(backend: Backend, dataset: int, recipe: Any = RECIPE, **more: Any) -> Version:
    job = backend.wait(backend.create_version(dataset, recipe, **more).id)
    assert job.state is JobState.SUCCEEDED and job.progress == 100
    return backend.get_version((job.result or {})["version_id"])


def test_a_version_says_what_it_is(backend: Backend, dataset: int, drawn: list[Image]) -> None:
    version = make(backend, dataset, splits=TRAIN, name=" first ", note="of two\nlines")
    assert (version.number, version.name, version.note, version.state) == (1, "first", "of two\nlines", "ready")
    assert (version.seed, version.created_by) == (3, backend.user.username)
    assert [label.name for label in version.labels] == ["cat", "dog"]
    assert version.recipe == rf.Recipe.from_dict(RECIPE).as_dict()
    assert version.counts["images"] == version.counts["train"] == 6 and version.counts["augmented"] == 3
    assert len(version.content_hash) == 64 and "numpy" in version.libraries
    assert backend.versions(dataset) == (version,)


def test_its_pictures_come_with_their_annotations(backend: Backend, dataset: int, drawn: list[Image]) -> None:
    version = make(backend, dataset, splits=TRAIN)
    found = list(backend.version_examples(version.id))
    assert [image.position for image, _ in found] == [1, 2, 3, 4, 5, 6]
    assert Counter(len(annotations) for _, annotations in found) == {1: 4, 0: 2}
    image, (annotation,) = found[0]
    assert (image.width, image.height, image.copy, image.source_image_id) == (20, 20, 0, drawn[0].id)
    assert annotation.attributes == {"seen": True} and annotation.label == "cat"
    assert annotation.id == backend.annotations(drawn[0].id).annotations[0].id
    data = backend.version_image_bytes(version.id, 1)
    assert len(data) == image.size and Pillow.open(io.BytesIO(data)).size == (20, 20)
    assert backend.version_image_bytes(version.id, 1, thumbnail=True)[:2] == b"\xff\xd8"
    assert list(backend.version_examples(version.id, after=4, limit=1)) == found[4:5]
    assert list(backend.version_examples(version.id, Split.TEST)) == []


def test_the_same_again_has_the_same_content_and_another_number(
    backend: Backend, dataset: int, drawn: list[Image]
) -> None:
    first, second = make(backend, dataset), make(backend, dataset)
    assert (first.number, second.number) == (1, 2) and first.content_hash == second.content_hash
    diff = backend.version_diff(first.id, second.id)
    assert diff.same_content and not diff.images and not diff.labels and not diff.recipe_changed
    result = backend.wait(backend.rebuild_version(first.id).id).result or {}
    assert (result["same"], result["version_id"]) == (True, first.id)


def test_a_diff_counts_what_is_other(backend: Backend, dataset: int, drawn: list[Image]) -> None:
    first = make(backend, dataset, {})
    backend.add_annotation(drawn[2].id, rf.Annotation(rf.Point(5, 5), "dog"))
    backend.delete_images(dataset, [drawn[0].id])
    second = make(backend, dataset, {"steps": ["grayscale"]})
    diff = backend.version_diff(first.id, second.id)
    assert diff.images.removed == (drawn[0].filename,) and len(diff.images.changed) == 2
    assert dict(diff.annotations) == {"added": 1, "removed": 1, "changed": 0} and diff.recipe_changed


def test_a_version_is_exported(backend: Backend, dataset: int, drawn: list[Image], name: str, tmp_path: Path) -> None:
    version = make(backend, dataset, splits=TRAIN)
    made = backend.export_to(dataset, "coco", tmp_path, version=version.id)
    assert made.counts == {"images": 6, "annotations": 4}
    assert made.path.name == f"{name.replace(' ', '-')}-v1-coco.zip"
    with pytest.raises(NotFound):
        backend.start_export(backend.create_dataset(f"{name} other").id, "coco", version=version.id)


def test_a_deleted_version_is_gone_and_its_number_stays_used(
    backend: Backend, dataset: int, drawn: list[Image]
) -> None:
    version = make(backend, dataset)
    backend.delete_version(version.id)
    assert backend.versions(dataset) == ()
    for call in (
        lambda: backend.get_version(version.id),
        lambda: backend.delete_version(version.id),
        lambda: backend.rebuild_version(version.id),
        lambda: list(backend.version_examples(version.id)),
        lambda: backend.version_image_bytes(version.id, 1),
        lambda: backend.version_diff(version.id, version.id),
        lambda: backend.start_export(dataset, "coco", version=version.id),
    ):
        with pytest.raises(NotFound):
            call()
    assert make(backend, dataset).number == 2
    actions = [row["action"] for row in backend.audit(dataset).items]
    assert {"create_version", "delete_version", "version_started"} <= set(actions)


@pytest.mark.parametrize(
    ("recipe", "more"),
    [
        ({"steps": ["no such step"]}, {}),
        ({"nonsense": 1}, {}),
        ({"seed": -1}, {}),
        ({}, {"splits": {Split.TRAIN: 0.5}}),
        ({}, {"options": {"on_error": "ignore"}}),
        ({}, {"options": {"nonsense": True}}),
        ({}, {"name": ""}),
        ({}, {"note": "x" * 10_001}),
    ],
)
def test_what_cannot_be_is_refused_at_once(
    backend: Backend, dataset: int, drawn: list[Image], recipe: Any, more: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        backend.create_version(dataset, recipe, **more)
    assert backend.jobs(dataset).total == 0


def test_there_is_no_picture_beyond_the_last(backend: Backend, dataset: int, drawn: list[Image]) -> None:
    version = make(backend, dataset, {})
    with pytest.raises(NotFound):
        backend.version_image_bytes(version.id, 4)


def test_a_stranger_learns_nothing_of_versions(
    place: Place, backend: Backend, dataset: int, drawn: list[Image], name: str
) -> None:
    version = make(backend, dataset, {})
    stranger = place.other(f"stranger to {name}")
    for call in (
        lambda: stranger.get_version(version.id),
        lambda: stranger.versions(dataset),
        lambda: stranger.create_version(dataset, {}),
        lambda: stranger.delete_version(version.id),
        lambda: list(stranger.version_examples(version.id)),
        lambda: stranger.version_image_bytes(version.id, 1),
    ):
        with pytest.raises(NotFound):
            call()
