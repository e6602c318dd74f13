"""Images as rows: entering, finding, changing, leaving."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from jupyter_roboflow.domain.dataset import Dataset, ImageState, Split
from jupyter_roboflow.domain.errors import Conflict, Invalid, NotFound
from jupyter_roboflow.domain.page import SORTS, Cell, ImageFilter, Range
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import columns, datasets, images
from jupyter_roboflow.storage.database import Database
from tests.storage.things import add_images, annotate, box, label, new_image, one_of_each


def test_the_same_bytes_in_one_dataset_are_the_same_image(db: Database, ada: User, cells: Dataset) -> None:
    with db.write() as conn:
        other = datasets.create(conn, ada, "other")
        first = images.add(
            conn, cells.id, ada, [new_image("a", tags=("x",)), new_image("b"), new_image("a", filename="z")]
        )
        again = images.add(conn, cells.id, ada, [new_image("a", filename="other-name.jpg", split=Split.TEST)])
        elsewhere = images.add(conn, other.id, ada, [new_image("a")])
    assert [known for _, known in first] == [False, False, True]
    assert first[0][0] == first[2][0] == again[0][0] and again[0][1]
    assert (again[0][0].filename, again[0][0].split, again[0][0].tags) == ("a.jpg", None, ("x",))
    assert not elsewhere[0][1] and elsewhere[0][0].id != first[0][0].id


def test_the_same_name_with_other_bytes_is_another_image(db: Database, ada: User, cells: Dataset) -> None:
    one, two = add_images(db, ada, cells.id, ["a", "b"], filename="scan.jpg")
    with db.read() as conn:
        assert [image.id for image in images.by_filename(conn, cells.id, ["scan.jpg", "x"])["scan.jpg"]] == [
            one.id,
            two.id,
        ]


def test_an_image_comes_back_as_it_was_entered(db: Database, ada: User, cells: Dataset) -> None:
    given = new_image(
        "a", metadata={"taken_at": "2026", "π": "\x00"}, split=Split.VALID, tags=("b", "a"), size=5_000_000_000
    )
    with db.write() as conn:
        [(entered, _)] = images.add(conn, cells.id, ada, [given])
    with db.read() as conn:
        image = images.get(conn, entered.id)
        assert image == entered
        [column] = columns.image_columns(conn, cells.id)
        with pytest.raises(NotFound):
            images.get(conn, 99)
    assert (image.metadata, image.split, image.tags) == (given.metadata, Split.VALID, ("a", "b"))
    assert (image.size, image.crc32, image.sha256) == (given.size, given.crc32, given.sha256)
    assert image.uploaded_at.tzinfo is not None and image.state is ImageState.UNLABELED
    assert list(column.dhash) == [given.dhash]


def test_an_id_is_never_used_twice(db: Database, ada: User, cells: Dataset) -> None:
    [first] = add_images(db, ada, cells.id, ["a"])
    with db.write() as conn:
        assert images.delete_images(conn, [first.id]) == 1
    [second] = add_images(db, ada, cells.id, ["b"])
    assert second.id > first.id


@pytest.fixture
def mixed(db: Database, ada: User, cells: Dataset) -> dict[str, int]:
    """Images that differ in everything one can ask for; their ids by name."""
    label(db, cells.id, "RBC", "WBC")
    rows: list[dict[str, Any]] = [
        {"filename": "Élan_1.jpg", "width": 50, "height": 400, "split": Split.TRAIN, "tags": ("blue", "old")},
        {"filename": "b%2.png", "width": 800, "height": 600, "split": Split.VALID, "tags": ("blue",)},
        {"filename": "c.png", "width": 1000, "height": 20},
    ]
    with db.write() as conn:
        made = images.add(conn, cells.id, ada, [new_image(i, **row) for i, row in enumerate(rows)])
    a, b, c = (image for image, _ in made)
    annotate(db, ada, a, one_of_each())
    annotate(db, ada, b, [box(label="WBC")])
    with db.write() as conn:
        images.set_state(conn, [c.id], ImageState.EMPTY)
    return {"a": a.id, "b": b.id, "c": c.id}


@pytest.mark.parametrize(
    "where, expected",
    [
        (ImageFilter(), "abc"),
        (ImageFilter(label="rbc"), "a"),
        (ImageFilter(label="WBC"), "b"),
        (ImageFilter(state=ImageState.LABELED), "ab"),
        (ImageFilter(state=ImageState.EMPTY), "c"),
        (ImageFilter(split=Split.VALID), "b"),
        (ImageFilter(unsplit=True), "c"),
        (ImageFilter(tag="blue"), "ab"),
        (ImageFilter(tag="Blue"), ""),
        (ImageFilter(name="éLAN"), "a"),
        (ImageFilter(name="%"), "b"),
        (ImageFilter(name="_"), "a"),
        (ImageFilter(name=".png"), "bc"),
        (ImageFilter(min_width=800), "bc"),
        (ImageFilter(max_width=799, min_height=400), "a"),
        (ImageFilter(max_height=20), "c"),
        (ImageFilter(min_objects=2), "a"),
        (ImageFilter(max_objects=0), "c"),
        (ImageFilter(label="RBC", split=Split.VALID), ""),
        (ImageFilter(ids=()), ""),
        (ImageFilter(label=("RBC", "wbc")), ""),
        (ImageFilter(tag=("blue", "old")), "a"),
        (ImageFilter(name=(".png", "B")), "b"),
        (ImageFilter(split=(Split.TRAIN, Split.VALID)), "ab"),
        (ImageFilter(split=Split.TRAIN, unsplit=True), "ac"),
        (ImageFilter(state=(ImageState.EMPTY, ImageState.LABELED)), "abc"),
        (ImageFilter(exclude_label="wbc"), "ac"),
        (ImageFilter(exclude_label=("RBC", "WBC", "none such")), "c"),
        (ImageFilter(exclude_tag="old"), "bc"),
        (ImageFilter(exclude_tag=("old", "blue")), "c"),
        (ImageFilter(exclude_split=Split.TRAIN), "bc"),
        (ImageFilter(exclude_unsplit=True), "ab"),
        (ImageFilter(exclude_split=(Split.VALID,), exclude_unsplit=True), "a"),
        (ImageFilter(exclude_state=ImageState.EMPTY), "ab"),
        (ImageFilter(exclude_name=("élan", "%")), "c"),
        (ImageFilter(exclude_objects=(Range(1, 1), Range(2))), "c"),
        (ImageFilter(exclude_objects=(Range(most=0),)), "ab"),
        (ImageFilter(exclude_width=(Range(800, 1000),)), "a"),
        (ImageFilter(exclude_height=(Range(20, 20),)), "ab"),
        (ImageFilter(exclude_size=((800, 600), (50, 20))), "ac"),
        (ImageFilter(box=(Range(7, 7),)), "ab"),
        (ImageFilter(box=(Range(7, 7), Range(54))), "a"),
        (ImageFilter(box=(Range(most=6),)), ""),
        (ImageFilter(exclude_box=(Range(54),)), "bc"),
        (ImageFilter(at=(Cell(0, 0),)), "b"),
        (ImageFilter(at=(Cell(0, 6, "rbc"),)), "a"),
        (ImageFilter(at=(Cell(0, 6, "WBC"),)), ""),
        (ImageFilter(exclude_at=(Cell(0, 0), Cell(31, 31))), "ac"),
        (ImageFilter(exclude_ids=(10**9,), ids=None), "abc"),
        (ImageFilter(label="RBC", exclude_label="RBC"), ""),
    ],
)
def test_images_are_found_by_what_they_are(
    db: Database, cells: Dataset, mixed: dict[str, int], where: ImageFilter, expected: str
) -> None:
    ids = [mixed[name] for name in expected]
    with db.read() as conn:
        page = images.list_page(conn, cells.id, where)
        assert ([image.id for image in page.items], page.total) == (ids, len(ids))
        assert [image.id for chunk in images.iterate(conn, cells.id, where, chunk=1) for image in chunk] == ids


def test_forty_thousand_ids_can_be_asked_for(db: Database, cells: Dataset, mixed: dict[str, int]) -> None:
    with db.read() as conn:
        assert images.list_page(conn, cells.id, ImageFilter(ids=tuple(range(40_000)))).total == 3


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_is_stable_over_pages(db: Database, ada: User, cells: Dataset, sort: str) -> None:
    add_images(db, ada, cells.id, range(7), filename="same.jpg")
    with db.read() as conn:
        pages = [images.list_page(conn, cells.id, ImageFilter(), page, 3, sort) for page in (1, 2, 3, 4)]
    ids = [image.id for page in pages for image in page.items]
    assert ids == sorted(ids, reverse=sort.startswith("-")) and len(set(ids)) == 7


def test_an_unknown_order_and_impossible_pages_are_refused(db: Database, cells: Dataset) -> None:
    with db.read() as conn:
        for page, limit, sort in ((1, 10, "size"), (0, 10, "id"), (-5, 10, "id"), (1, 501, "id")):
            with pytest.raises(Invalid):
                images.list_page(conn, cells.id, ImageFilter(), page, limit, sort)


def test_splits_states_and_tags_change_many_images_at_once(db: Database, ada: User, cells: Dataset) -> None:
    ids = [image.id for image in add_images(db, ada, cells.id, range(1_201))]
    with db.write() as conn:
        images.set_split(conn, {image_id: (Split.TRAIN, Split.TEST, None)[image_id % 3] for image_id in ids})
        images.set_tags(conn, ids, add=["new", "new", "old"])
        images.set_tags(conn, ids[:5], add=["new"], remove=["old"])
        images.set_state(conn, ids[:600], ImageState.EMPTY)
    with db.read() as conn:
        assert images.list_page(conn, cells.id, ImageFilter(split=Split.TRAIN)).total == sum(i % 3 == 0 for i in ids)
        assert images.list_page(conn, cells.id, ImageFilter(unsplit=True)).total == sum(i % 3 == 2 for i in ids)
        assert images.list_page(conn, cells.id, ImageFilter(tag="old")).total == 1_196
        assert images.get(conn, ids[0]).tags == ("new",)
        assert images.counts(conn, cells.id) == {ImageState.EMPTY: 600, ImageState.UNLABELED: 601}
        assert [images.get(conn, i).revision for i in (ids[0], ids[-1])] == [1, 0]


def test_a_state_never_contradicts_what_is_drawn(db: Database, cells: Dataset, mixed: dict[str, int]) -> None:
    for image, state in (("a", ImageState.EMPTY), ("a", ImageState.UNLABELED), ("c", ImageState.LABELED)):
        with pytest.raises(Invalid) as caught, db.write() as conn:
            images.set_state(conn, [mixed[image]], state)
        assert caught.value.code == "bad_state"
    with db.write() as conn:
        images.set_state(conn, list(mixed.values()), ImageState.REVIEWED)


def test_ids_of_another_dataset_are_not_found(db: Database, ada: User, cells: Dataset) -> None:
    [mine] = add_images(db, ada, cells.id, ["a"])
    with db.write() as conn:
        other = datasets.create(conn, ada, "other")
        [(theirs, _)] = images.add(conn, other.id, ada, [new_image("b")])
    with db.read() as conn:
        images.check_ids(conn, cells.id, [mine.id, mine.id])
        with pytest.raises(NotFound):
            images.check_ids(conn, cells.id, [mine.id, theirs.id])


def test_labels_of_each_image_for_stratified_splits(db: Database, cells: Dataset, mixed: dict[str, int]) -> None:
    with db.read() as conn:
        assert images.labels_by_image(conn, cells.id) == {mixed["a"]: ("RBC",), mixed["b"]: ("WBC",)}


def test_health_gets_its_columns(db: Database, cells: Dataset, mixed: dict[str, int]) -> None:
    with db.read() as conn:
        [picture] = columns.image_columns(conn, cells.id)
        [drawn] = columns.annotation_columns(conn, cells.id)
    assert list(picture.id) == list(mixed.values()) and list(picture.width) == [50, 800, 1000]
    assert list(drawn.image_id) == [mixed["a"]] * 4 + [mixed["b"]]
    assert list(drawn.label) == [0, 0, 0, 0, 1] and list(drawn.area)[:1] == [50.0]


def test_two_uploads_of_one_picture_at_the_same_moment_give_one_image(db: Database, ada: User, cells: Dataset) -> None:
    """One of them may be told to try again; then it is known."""
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            with db.write() as conn:
                outcomes.append("known" if images.add(conn, cells.id, ada, [new_image("a")])[0][1] else "added")
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes).count("added") == 1 and len(outcomes) == 4
    with db.read() as conn:
        assert images.list_page(conn, cells.id, ImageFilter()).total == 1


def test_a_renamed_image_is_found_by_its_new_name(db: Database, ada: User, cells: Dataset) -> None:
    [image] = add_images(db, ada, cells.id, ["a"])
    with db.write() as conn:
        assert images.rename(conn, image.id, " Übersicht.png ").filename == "Übersicht.png"
        assert images.list_page(conn, cells.id, ImageFilter(name="ÜBER")).total == 1
        assert images.list_page(conn, cells.id, ImageFilter(name="a.jpg")).total == 0
    for wrong, kind in (("", Invalid), ("a\x00", Invalid)):
        with pytest.raises(kind), db.write() as conn:
            images.rename(conn, image.id, wrong)
    with pytest.raises(NotFound), db.write() as conn:
        images.rename(conn, 99, "x")
