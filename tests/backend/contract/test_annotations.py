"""Annotations: saved whole by revision, one by one, and read with their images."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import update

import jupyter_roboflow as rf
from jupyter_roboflow.backend import Backend
from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import Image, ImageState
from jupyter_roboflow.domain.page import ImageFilter
from jupyter_roboflow.domain.shapes import KeptShape, shape_from
from jupyter_roboflow.storage.tables import annotations

from .conftest import Place, write_pictures

BOX = rf.BBox(1.25, 2, 20, 10.000000000000002)
TRIANGLE = rf.Polygon([(1, 1), (20, 1), (10, 12.5)])
POINT = rf.Point(3.5, 4)


def test_a_set_comes_back_exactly_as_it_was_saved(backend: Backend, three: list[Image]) -> None:
    image = three[0].id
    assert backend.annotations(image).revision == 0 and backend.annotations(image).annotations == ()
    attributes = {"score": 0.1, "text": 'Ünï"', "list": [1, None, True], "deep": {"a": {}}}
    drawn = [rf.Annotation(BOX, "cat", attributes), rf.Annotation(TRIANGLE, "dog"), rf.Annotation(POINT, "cat")]
    saved = backend.save_annotations(image, drawn, 0, state=ImageState.REVIEWED)
    assert (saved.revision, saved.state, saved.image_id) == (1, "reviewed", image)
    assert [(a.shape, a.label, dict(a.attributes)) for a in saved.annotations] == [
        (a.shape, a.label, dict(a.attributes)) for a in drawn
    ]
    assert all(len(a.id) == 32 for a in saved.annotations)
    assert backend.annotations(image) == saved
    upside_down = backend.save_annotations(image, saved.annotations[::-1], 1)
    assert upside_down.annotations == saved.annotations[::-1] and upside_down.revision == 2
    assert backend.get_image(image).revision == 2


def test_how_many_annotations_images_have(backend: Backend, dataset: int, three: list[Image]) -> None:
    first, second, third = (image.id for image in three)
    box = Annotation(BOX, "cat")
    backend.save_annotations(first, [box, box], 0)
    backend.add_annotation(third, box)
    assert backend.annotation_counts(dataset, [third, second, first]) == {first: 2, second: 0, third: 1}
    assert backend.annotation_counts(dataset, []) == {}
    with pytest.raises(rf.NotFound, match=str(third + 1000)):
        backend.annotation_counts(dataset, [first, third + 1000])


def test_a_stale_save_changes_nothing_and_carries_what_is_there(backend: Backend, three: list[Image]) -> None:
    image = three[0].id
    saved = backend.save_annotations(image, [rf.Annotation(BOX, "cat")], 0)
    with pytest.raises(rf.Conflict) as refused:
        backend.save_annotations(image, [], 0)
    assert refused.value.code == "stale_revision" and refused.value.details["revision"] == 1
    (there,) = refused.value.details["annotations"]
    assert (there["id"], there["label"], there["geometry"]) == (saved.annotations[0].id, "cat", BOX.geometry())
    assert backend.annotations(image) == saved


@pytest.mark.parametrize("stated", [True, False], ids=["with a revision", "without one"])
def test_single_annotations_are_added_changed_and_deleted(backend: Backend, three: list[Image], stated: bool) -> None:
    image = three[0].id
    first = backend.add_annotation(image, rf.Annotation(BOX, "cat"), 0 if stated else None)
    both = backend.add_annotation(image, rf.Annotation(POINT, "dog"), 1 if stated else None)
    assert (first.revision, both.revision) == (1, 2) and both.annotations[0] == first.annotations[0]
    moved = Annotation(TRIANGLE, "dog", {"a": 1}, both.annotations[0].id)
    changed = backend.change_annotation(moved, 2 if stated else None)
    assert changed.annotations == (moved, both.annotations[1]) and changed.revision == 3
    left = backend.delete_annotation(moved.id, 3 if stated else None)
    assert left.annotations == both.annotations[1:] and left == backend.annotations(image)


def test_single_changes_keep_the_order_and_the_state(backend: Backend, three: list[Image]) -> None:
    image = three[0].id
    drawn = [rf.Annotation(BOX, "cat"), rf.Annotation(POINT, "dog"), rf.Annotation(TRIANGLE, "dog")]
    low, middle, high = backend.save_annotations(image, drawn, 0, state=ImageState.REVIEWED).annotations
    backend.delete_annotation(middle.id, 1)
    moved = replace(low, shape=rf.BBox(2, 2, 5, 5))
    backend.change_annotation(moved, 2)
    top = backend.add_annotation(image, rf.Annotation(POINT, "cat"), 3).annotations[-1]
    there = backend.annotations(image)
    assert there.annotations == (moved, high, top) and (there.revision, there.state) == (4, "reviewed")
    left = [backend.delete_annotation(gone.id) for gone in there.annotations][-1]
    assert (left.annotations, left.state, left.revision) == ((), "unlabeled", 7)


def test_single_changes_at_a_stale_revision_are_refused(backend: Backend, three: list[Image]) -> None:
    image = three[0].id
    (drawn,) = backend.add_annotation(image, rf.Annotation(BOX, "cat")).annotations
    for change in (
        lambda: backend.add_annotation(image, rf.Annotation(POINT, "dog"), 0),
        lambda: backend.change_annotation(Annotation(POINT, "dog", {}, drawn.id), 0),
        lambda: backend.delete_annotation(drawn.id, 0),
    ):
        with pytest.raises(rf.Conflict) as refused:
            change()
        assert refused.value.code == "stale_revision" and refused.value.details["revision"] == 1
    assert backend.annotations(image).annotations == (drawn,)


def test_examples_come_in_the_order_of_ids_and_from_any_place(
    backend: Backend, dataset: int, three: list[Image]
) -> None:
    for image in three[:2]:
        backend.save_annotations(image.id, [rf.Annotation(BOX, "cat", {"n": image.id}), rf.Annotation(POINT, "dog")], 0)
    whole = list(backend.examples(dataset))
    assert [image.id for image, _ in whole] == [image.id for image in three]
    assert [len(drawn) for _, drawn in whole] == [2, 2, 0]
    for image, drawn in whole:
        assert drawn == backend.annotations(image.id).annotations and image == backend.get_image(image.id)
    assert list(backend.examples(dataset, ImageFilter(label="cat"), after=three[0].id)) == whole[1:2]
    assert list(backend.examples(dataset, limit=2)) == whole[:2]
    assert list(backend.examples(dataset, ImageFilter(ids=(three[2].id,)))) == whole[2:]
    assert list(backend.examples(dataset, limit=0)) == list(backend.examples(dataset, after=2**31 - 1)) == []


def test_many_examples_are_all_there_once(backend: Backend, dataset: int, tmp_path: Path) -> None:
    backend.add_label(dataset, "cat")
    backend.upload(dataset, write_pictures(tmp_path, 230, first=1000))
    ids = [image.id for page in (1, 2, 3) for image in backend.images(dataset, page=page).items]
    assert [image.id for image, _ in backend.examples(dataset)] == ids and len(set(ids)) == 230
    some = ImageFilter(ids=tuple(reversed(ids)) + tuple(range(10**9, 10**9 + 900)))
    assert [image.id for image, _ in islice(backend.examples(dataset, some), 3)] == ids[:3]


def test_a_stale_save_is_told_all_that_is_needed_to_merge(backend: Backend, three: list[Image]) -> None:
    image = three[0].id
    attributes = {"score": 0.5, "provenance": "a model", "deep": {"x": [1, None]}}
    drawn = [rf.Annotation(TRIANGLE, "dog", attributes), rf.Annotation(POINT, "cat")]
    saved = backend.save_annotations(image, drawn, 0, state=ImageState.REVIEWED)
    with pytest.raises(rf.Conflict) as refused:
        backend.save_annotations(image, [], 0)
    told = refused.value.details
    assert (told["image_id"], told["revision"], told["state"]) == (image, 1, "reviewed")
    there = tuple(
        Annotation(shape_from(each["shape_type"], each["geometry"]), each["label"], each["attributes"], each["id"])
        for each in told["annotations"]
    )
    assert there == saved.annotations
    merged = backend.save_annotations(image, [*there, rf.Annotation(BOX, "cat")], told["revision"])
    assert merged.annotations[:2] == saved.annotations


def test_a_shape_that_only_a_newer_version_knows_is_never_lost(
    place: Place, backend: Backend, three: list[Image]
) -> None:
    image, skeleton = three[0].id, {"nodes": [[1, 2.5], [3, 4]], "edges": [[0, 1]], "coords_unit": "px"}
    saved = backend.save_annotations(image, [rf.Annotation(BOX, "cat", {"a": 1}), rf.Annotation(POINT, "dog")], 0)
    with place.rows() as conn:
        row = annotations.c.id == saved.annotations[0].id
        conn.execute(update(annotations).where(row).values(shape_type="skeleton", geometry=json.dumps(skeleton)))
    there = backend.annotations(image)
    kept = there.annotations[0]
    assert (kept.shape.kind, kept.shape.geometry(), kept.attributes) == ("skeleton", skeleton, {"a": 1})
    again = backend.save_annotations(image, [there.annotations[1], kept, rf.Annotation(BOX, "dog")], 1)
    assert again.annotations[:2] == (there.annotations[1], kept) and backend.annotations(image) == again
    relabeled = backend.change_annotation(replace(kept, label="dog"), 2)
    assert relabeled.annotations[1].shape == kept.shape and relabeled.annotations[1].label == "dog"
    assert next(iter(backend.examples(three[0].dataset_id)))[1][1].shape == kept.shape
    moved = KeptShape.from_json("skeleton", {**skeleton, "nodes": []})
    for wrong in (replace(kept, id=""), replace(kept, shape=moved), Annotation(kept.shape, "cat", {}, "0" * 32)):
        with pytest.raises(rf.InvalidShape) as refused:
            backend.save_annotations(image, [*relabeled.annotations[::2], wrong], 3)
        assert refused.value.code == "unknown_shape_type" and "skeleton" in refused.value.message
    with pytest.raises(rf.InvalidShape):
        backend.add_annotation(image, Annotation(kept.shape, "cat"))
    assert backend.annotations(image) == relabeled
