"""Labels: their names, colours, numbers and places."""

from __future__ import annotations

import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.backend import Backend, LabelWish
from jupyter_roboflow.domain.dataset import Image


def test_labels_keep_their_numbers_whatever_becomes_of_them(backend: Backend, dataset: int) -> None:
    cat, dog = backend.add_label(dataset, "cat"), backend.add_label(dataset, "dog", "#102030")
    assert (cat.index, dog.index, dog.color) == (0, 1, "#102030")
    assert backend.edit_label(dataset, "CAT", new_name="lion", color="#00FF00").id == cat.id
    assert [label.name for label in backend.reorder_labels(dataset, ["dog", "lion"])] == ["dog", "lion"]
    assert [(label.name, label.index, label.position) for label in backend.labels(dataset)] == [
        ("dog", 1, 0),
        ("lion", 0, 1),
    ]


def test_labels_are_brought_to_a_whole_list_at_once(backend: Backend, dataset: int) -> None:
    cat, dog = backend.add_label(dataset, "cat"), backend.add_label(dataset, "dog")
    wanted = [LabelWish("bird"), LabelWish("lion", "#010203", cat.id)]
    made = backend.set_labels(dataset, wanted)
    assert [(label.name, label.id == cat.id) for label in made] == [("bird", False), ("lion", True)]
    assert made == backend.labels(dataset)
    with pytest.raises(rf.NotFound) as missing:
        backend.set_labels(dataset, [LabelWish("dog", id=dog.id)])
    assert missing.value.code == "unknown_label"
    assert backend.labels(dataset) == made


def test_a_label_in_use_is_merged_or_given_away(backend: Backend, dataset: int, three: list[Image]) -> None:
    boxes = [rf.Annotation(rf.BBox(1, 1, 5, 5), label) for label in ("cat", "cat", "dog")]
    backend.save_annotations(three[0].id, boxes, 0)
    with pytest.raises(rf.Conflict):
        backend.delete_label(dataset, "cat")
    backend.add_label(dataset, "bird")
    assert backend.merge_labels(dataset, "cat", "bird") == 2
    backend.delete_label(dataset, "dog", reassign_to="bird")
    assert {drawn.label for drawn in backend.annotations(three[0].id).annotations} == {"bird"}
