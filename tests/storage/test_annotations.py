"""Saving and loading Annotation Sets."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from jupyter_roboflow.domain.annotation import ANNOTATIONS_LIMIT, Annotation, AnnotationSet, make_annotation_id
from jupyter_roboflow.domain.dataset import Dataset, Image, ImageState
from jupyter_roboflow.domain.errors import Conflict, Invalid, InvalidShape, NotFound, StorageCorrupt
from jupyter_roboflow.domain.page import ImageFilter
from jupyter_roboflow.domain.shapes import BBox, Part, Polygon
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import annotations, audit, images, labels
from jupyter_roboflow.storage.bulk import Addition, BulkWriter, bulk_rows, existing_rows, remove_all
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.geometry import read_geometry
from jupyter_roboflow.storage.tables import annotations as table
from tests.storage.things import add_images, annotate, box, label, one_of_each


@pytest.fixture
def image(db: Database, ada: User, cells: Dataset) -> Image:
    label(db, cells.id, "RBC", "WBC")
    return add_images(db, ada, cells.id, ["a"])[0]


def save(db: Database, user: User, image: Image, drawn: Any, revision: int, **more: Any) -> AnnotationSet:
    with db.write() as conn:
        return annotations.save(conn, user, image.id, drawn, revision, **more)


def load(db: Database, image: Image) -> AnnotationSet:
    with db.read() as conn:
        return annotations.load(conn, image.id)


def actions(db: Database, dataset_id: int) -> list[str]:
    with db.read() as conn:
        return [str(item["action"]) for item in reversed(audit.list_page(conn, dataset_id).items)]


def without_ids(drawn: tuple[Annotation, ...]) -> list[Annotation]:
    return [replace(annotation, id="") for annotation in drawn]


def test_what_is_saved_comes_back_exactly(db: Database, ada: User, image: Image) -> None:
    saved = save(db, ada, image, one_of_each(), 0)
    loaded = load(db, image)
    assert saved == loaded
    assert without_ids(loaded.annotations) == list(one_of_each())
    assert (loaded.revision, loaded.state) == (1, ImageState.LABELED)
    with db.read() as conn:
        assert images.get(conn, image.id).state == ImageState.LABELED


def test_every_shape_of_a_polygon_survives(db: Database, ada: User, image: Image) -> None:
    hole = (12.0, 12.0, 18.0, 12.0, 15.0, 16.0)
    two = Polygon.of_parts(
        (Part((10.0, 10.0, 20.0, 10.0, 15.0, 20.0), (hole,)), Part((40.0, 40.0, 50.0, 40.0, 45.0, 50.0)))
    )
    assert save(db, ada, image, [Annotation(two, "RBC")], 0).annotations[0].shape == two


def test_only_what_changed_is_written_and_each_change_has_its_audit_row(
    db: Database, ada: User, cells: Dataset, image: Image
) -> None:
    first = save(db, ada, image, [box(1), box(20), box(30)], 0)
    with db.read() as conn:
        before = {row.id: row for row in conn.execute(select(table))}
    keep, change, drop = first.annotations
    edited = [keep, replace(change, label="WBC"), box(40)]
    second = save(db, ada, image, edited, 1)
    with db.read() as conn:
        after = {row.id: row for row in conn.execute(select(table))}
        assert images.get(conn, image.id).revision == 2
    assert [a.id for a in second.annotations][:2] == [keep.id, change.id] and drop.id not in after
    assert after[keep.id] == before[keep.id]
    assert after[change.id].updated_at > before[change.id].updated_at
    assert after[change.id].created_at == before[change.id].created_at
    assert actions(db, cells.id) == [
        *["create_annotation"] * 3, "image_state", "delete_annotation", "update_annotation", "create_annotation"
    ]  # fmt: skip


def test_saving_the_same_again_writes_no_audit_row(db: Database, ada: User, cells: Dataset, image: Image) -> None:
    first = save(db, ada, image, one_of_each(), 0)
    told = actions(db, cells.id)
    assert save(db, ada, image, first.annotations, 1).annotations == first.annotations
    assert actions(db, cells.id) == told


def test_order_is_kept_and_changed(db: Database, ada: User, image: Image) -> None:
    first = save(db, ada, image, [box(1), box(2), box(3)], 0).annotations
    turned = save(db, ada, image, first[::-1], 1).annotations
    assert turned == first[::-1] == load(db, image).annotations


def test_an_annotation_whose_place_alone_moved_was_not_changed(db: Database, ada: User, image: Image) -> None:
    """Whoever asks what changed since, as the undo of a relabelling does, is told of the others alone."""
    first = save(db, ada, image, [box(1), box(2), box(3)], 0)
    with db.read() as conn:
        before = {row.id: row for row in conn.execute(select(table))}
    _, kept, changed = first.annotations
    second = save(db, ada, image, [kept, box(4), replace(changed, label="WBC")], 1)
    with db.read() as conn:
        after = {row.id: row for row in conn.execute(select(table))}
    assert (before[kept.id].position, after[kept.id].position) == (1, 0)
    assert after[kept.id].updated_at == before[kept.id].updated_at
    third = save(db, ada, image, [*second.annotations[1:], kept], 2)
    assert load(db, image).annotations == third.annotations and third.annotations[-1] == kept
    with db.read() as conn:
        moved = {row.id: row.updated_at for row in conn.execute(select(table))}
    assert moved == {row.id: row.updated_at for row in after.values()}
    assert moved[changed.id] != before[changed.id].updated_at
    assert len({first.etag, second.etag, third.etag}) == 3 and third.revision == 3


def test_a_stale_save_changes_nothing_and_gets_the_current_set(db: Database, ada: User, image: Image) -> None:
    current = save(db, ada, image, [box(5)], 0)
    for revision in (0, 2, -1):
        with pytest.raises(Conflict, match="Nothing was overwritten") as caught:
            save(db, ada, image, [], revision)
        assert caught.value.code == "stale_revision"
        assert caught.value.details["revision"] == 1
        assert [a["id"] for a in caught.value.details["annotations"]] == [current.annotations[0].id]
    assert load(db, image) == current


def test_states_follow_what_is_drawn(db: Database, ada: User, image: Image) -> None:
    assert save(db, ada, image, [], 0).state == ImageState.UNLABELED
    assert save(db, ada, image, [], 1, state=ImageState.EMPTY).state == ImageState.EMPTY
    assert save(db, ada, image, [], 2).state == ImageState.EMPTY
    assert save(db, ada, image, [box()], 3).state == ImageState.LABELED
    assert save(db, ada, image, [box()], 4, state=ImageState.REVIEWED).state == ImageState.REVIEWED
    assert save(db, ada, image, [box()], 5).state == ImageState.REVIEWED
    for drawn, state in (([box()], ImageState.EMPTY), ([box()], ImageState.UNLABELED), ([], ImageState.LABELED)):
        with pytest.raises(Invalid) as caught:
            save(db, ada, image, drawn, 6, state=state)
        assert caught.value.code == "bad_state"


def test_clients_choose_ids_but_never_those_of_another_image(
    db: Database, ada: User, cells: Dataset, image: Image
) -> None:
    mine = make_annotation_id()
    assert save(db, ada, image, [box(id=mine)], 0).annotations[0].id == mine
    [other] = add_images(db, ada, cells.id, ["b"])
    stolen = save(db, ada, other, [box(id=mine), box(id="not an id")], 0).annotations
    assert mine not in [a.id for a in stolen] and "not an id" not in [a.id for a in stolen]
    assert load(db, image).annotations[0].id == mine
    with pytest.raises(Invalid) as caught:
        save(db, ada, image, [box(id=mine), box(id=mine)], 1)
    assert caught.value.code == "same_id"


def test_wrong_sets_are_refused_whole(db: Database, ada: User, cells: Dataset, image: Image) -> None:
    before = save(db, ada, image, [box(1)], 0)
    told = actions(db, cells.id)
    cases: list[tuple[type[Exception], str, list[Annotation]]] = [
        (Invalid, "unknown_label", [box(2), box(label="Martian")]),
        (InvalidShape, "geometry_out_of_bounds", [box(2), box(500.0)]),
        (Invalid, "too_many_annotations", [box(2)] * (ANNOTATIONS_LIMIT + 1)),
        (Invalid, "bad_attributes", [box(attributes={"x": float("nan")})]),
        (Invalid, "bad_attributes", [box(attributes={"x": [1, {"y": float("inf")}]})]),
        (Invalid, "bad_attributes", [box(attributes={"x": "\ud800"})]),
        (Invalid, "bad_attributes", [box(attributes={"x": object()})]),
        (Invalid, "bad_attributes", [box(attributes={"x": nested(100_000)})]),
    ]
    for kind, code, drawn in cases:
        with pytest.raises(kind) as caught:
            save(db, ada, image, drawn, 1)
        assert getattr(caught.value, "code", None) == code
    assert load(db, image) == before and actions(db, cells.id) == told
    with pytest.raises(Invalid, match="'RBC', 'WBC'"):
        save(db, ada, image, [box(label="Martian")], 1)
    with pytest.raises(NotFound):
        save(db, ada, replace(image, id=99), [], 0)


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_the_largest_set_is_saved(db: Database, ada: User, image: Image) -> None:
    drawn = [box(float(i % 80)) for i in range(ANNOTATIONS_LIMIT)]
    assert len(save(db, ada, image, drawn, 0).annotations) == ANNOTATIONS_LIMIT
    assert save(db, ada, image, [], 1).annotations == ()


def test_bulk_rows_measure_like_the_shapes_themselves() -> None:
    rng = random.Random(4)
    drawn = list(one_of_each())
    for _ in range(300):
        points = [rng.uniform(0, 100) for _ in range(2 * rng.randint(3, 30))]
        drawn.append(Annotation(Polygon(points), "RBC"))
    drawn.append(Annotation(Polygon([0, 0, 10, 10, 10, 0, 0, 10]), "RBC"))  # a bow tie
    for annotation, row in zip(drawn, bulk_rows(drawn), strict=True):
        assert row[4:8] == pytest.approx(annotation.shape.bounds(), abs=1e-9)
        assert row[8] == pytest.approx(annotation.shape.area(), rel=1e-9)
        assert read_geometry(row[1], row[2]) == annotation.shape


def test_an_import_in_bulk_is_what_saving_one_by_one_gives(
    db: Database, ada: User, cells: Dataset, image: Image
) -> None:
    [other] = add_images(db, ada, cells.id, ["b"])
    annotate(db, ada, other, [box(3, "WBC")])
    with db.write() as conn:
        ids = {found.name: found.id for found in labels.list_labels(conn, cells.id)}
        rows = bulk_rows(one_of_each())
        writer = BulkWriter(conn, ada, ids)
        writer.write(
            [Addition(image.id, rows, ImageState.LABELED), Addition(other.id, rows[:1], ImageState.LABELED, 1)]
        )
    loaded = load(db, image)
    assert without_ids(loaded.annotations) == list(one_of_each())
    assert (loaded.revision, loaded.state) == (1, ImageState.LABELED)
    assert [a.label for a in load(db, other).annotations] == ["WBC", "RBC"] and load(db, other).revision == 2
    with db.write() as conn:
        assert [kind for _, kind, _ in existing_rows(conn, [image.id])[image.id]] == [
            "bbox",
            "polygon",
            "polygon",
            "point",
        ]
        assert conn.execute(select(table.c.created_at).where(table.c.image_id == image.id)).scalars().all()[0].tzinfo
        assert remove_all(conn, [image.id]) == 4


def test_a_dataset_streams_in_the_order_of_images_and_of_drawing(db: Database, ada: User, cells: Dataset) -> None:
    label(db, cells.id, "RBC", "WBC")
    made = add_images(db, ada, cells.id, range(25))
    for i, found in enumerate(made):
        if i % 3:
            annotate(db, ada, found, [box(float(n), ("RBC", "WBC")[i % 2]) for n in range(i % 5)])
    with db.read() as conn:
        streamed = list(annotations.stream(conn, cells.id, chunk=4))
        assert [found.id for found, _ in streamed] == [found.id for found in made]
        for found, drawn in streamed:
            assert drawn == annotations.load(conn, found.id).annotations
        assert list(annotations.stream(conn, cells.id, ImageFilter(), 4, made[9].id)) == streamed[10:]
        some = list(annotations.stream(conn, cells.id, ImageFilter(label="WBC")))
        assert {a.label for _, drawn in some for a in drawn} == {"WBC"} and some


def test_a_reviewed_image_without_annotations_streams_empty(
    db: Database, ada: User, cells: Dataset, image: Image
) -> None:
    save(db, ada, image, [], 0, state=ImageState.REVIEWED)
    with db.read() as conn:
        assert [drawn for _, drawn in annotations.stream(conn, cells.id)] == [()]


@pytest.mark.parametrize(
    "kind, text", [("bbox", "{}"), ("bbox", "nonsense"), ("polygon", '{"points": []}'), ("blob", "[]")]
)
def test_a_damaged_geometry_is_said_to_be_damaged(kind: str, text: str) -> None:
    with pytest.raises(StorageCorrupt):
        read_geometry(kind, text)


def test_floats_keep_every_digit(db: Database, ada: User, image: Image) -> None:
    shape = BBox(0.1 + 0.2, 1 / 3, 2 / 3, 5e-8 + 1)
    assert save(db, ada, image, [Annotation(shape, "RBC")], 0).annotations[0].shape == shape
