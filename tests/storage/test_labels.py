"""Labels: their export numbers stay whatever happens."""

from __future__ import annotations

import pytest

from jupyter_roboflow.domain.dataset import Dataset, Label
from jupyter_roboflow.domain.errors import Conflict, Invalid, NotFound
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import annotations, labels
from jupyter_roboflow.storage.database import Database
from tests.storage.things import add_images, annotate, box, label


def numbers(db: Database, dataset_id: int) -> dict[str, int]:
    with db.read() as conn:
        return {found.name: found.index for found in labels.list_labels(conn, dataset_id)}


def test_numbers_survive_rename_recolour_reorder_merge_and_delete_and_are_never_given_twice(
    db: Database, ada: User, cells: Dataset
) -> None:
    label(db, cells.id, "RBC", "WBC", "Platelets", "Dirt")
    with db.write() as conn:
        labels.rename(conn, cells.id, "rbc", "Red")
        labels.recolor(conn, cells.id, "Red", "#ABCDEF")
        labels.reorder(conn, cells.id, ["Dirt", "Platelets", "WBC", "Red"])
    assert numbers(db, cells.id) == {"Dirt": 3, "Platelets": 2, "WBC": 1, "Red": 0}
    with db.write() as conn:
        assert labels.by_name(conn, cells.id, "red").color == "#abcdef"
        labels.delete_label(conn, cells.id, "Dirt")
        labels.merge(conn, cells.id, "Platelets", "WBC")
        added = labels.add(conn, cells.id, "Dirt")
    assert added.index == 4
    assert numbers(db, cells.id) == {"WBC": 1, "Red": 0, "Dirt": 4}


def test_merging_moves_annotations_and_makes_open_editors_stale(db: Database, ada: User, cells: Dataset) -> None:
    label(db, cells.id, "RBC", "WBC")
    first, other = add_images(db, ada, cells.id, [1, 2])
    annotate(db, ada, first, [box(1), box(2), box(3, "WBC")])
    annotate(db, ada, other, [box(1, "WBC")])
    with db.write() as conn:
        assert labels.merge(conn, cells.id, "RBC", "WBC") == 2
    with db.read() as conn:
        changed, untouched = annotations.load(conn, first.id), annotations.load(conn, other.id)
    assert {a.label for a in changed.annotations} == {"WBC"}
    assert (changed.revision, untouched.revision) == (2, 1)
    with pytest.raises(Conflict), db.write() as conn:
        annotations.save(conn, ada, first.id, changed.annotations, 1)
    with pytest.raises(Invalid), db.write() as conn:
        labels.merge(conn, cells.id, "WBC", "wbc")


def test_a_label_in_use_is_never_deleted_silently(db: Database, ada: User, cells: Dataset) -> None:
    label(db, cells.id, "RBC", "WBC")
    [image] = add_images(db, ada, cells.id, [1])
    annotate(db, ada, image, [box(), box(3)])
    with pytest.raises(Conflict, match="2 annotations") as caught, db.write() as conn:
        labels.delete_label(conn, cells.id, "RBC")
    assert caught.value.code == "label_in_use"
    with db.write() as conn:
        labels.delete_label(conn, cells.id, "RBC", reassign_to="WBC")
        assert [a.label for a in annotations.load(conn, image.id).annotations] == ["WBC", "WBC"]


def test_an_import_brings_its_numbers_into_an_empty_dataset_only(db: Database, cells: Dataset) -> None:
    wanted = (Label("a", "#111111", 3), Label("b", "#222222", 7))
    with db.write() as conn:
        found = labels.ensure(conn, cells.id, wanted)
    assert {name: made.index for name, made in found.items()} == {"a": 3, "b": 7}
    with db.write() as conn:
        found = labels.ensure(conn, cells.id, (Label("B", "#333333", 0), Label("c", "#444444", 1)))
    assert {name: (made.name, made.index) for name, made in found.items()} == {"B": ("b", 7), "c": ("c", 8)}


@pytest.mark.parametrize("color", ["red", "#12345", "#gggggg", 5])
def test_a_colour_is_written_in_one_way(db: Database, cells: Dataset, color: str) -> None:
    label(db, cells.id, "RBC")
    with pytest.raises(Invalid, match="#rrggbb"), db.write() as conn:
        labels.recolor(conn, cells.id, "RBC", color)


def test_an_order_names_every_label_once_and_unknown_labels_are_not_found(db: Database, cells: Dataset) -> None:
    label(db, cells.id, "RBC", "WBC")
    for order in (["RBC"], ["RBC", "RBC"], ["RBC", "WBC", "X"]):
        with pytest.raises(Invalid), db.write() as conn:
            labels.reorder(conn, cells.id, order)
    for act in (
        lambda conn: labels.rename(conn, cells.id, "X", "Y"),
        lambda conn: labels.merge(conn, cells.id, "X", "RBC"),
        lambda conn: labels.delete_label(conn, cells.id, "X"),
    ):
        with pytest.raises(NotFound, match="RBC"), db.write() as conn:
            act(conn)
