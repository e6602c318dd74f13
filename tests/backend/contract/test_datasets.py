"""Datasets, their people, their history and their health."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.backend import Backend
from jupyter_roboflow.domain.dataset import Image
from jupyter_roboflow.domain.health import Health
from jupyter_roboflow.domain.user import DatasetRole, Role

from .conftest import Place


def test_a_dataset_is_made_found_changed_and_deleted(backend: Backend, name: str) -> None:
    made = backend.create_dataset(name, {"lab": {"room": 4}})
    assert (made.name, made.owner, made.role, made.image_count) == (name, backend.user.username, "owner", 0)
    assert abs(made.created_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert backend.find_dataset(name) == backend.get_dataset(made.id) == made
    changed = backend.update_dataset(made.id, name=f"{name} 2", metadata={"a": [1, None]})
    assert (changed.name, dict(changed.metadata)) == (f"{name} 2", {"a": [1, None]})
    assert backend.update_dataset(made.id).name == f"{name} 2"
    backend.delete_dataset(made.id)
    with pytest.raises(rf.NotFound):
        backend.get_dataset(made.id)


def test_lists_are_searched_and_paged(backend: Backend, name: str) -> None:
    made = [backend.create_dataset(f"{name} {number}") for number in range(5)]
    page = backend.list_datasets(name, page=2, limit=2)
    assert (page.total, page.page, page.limit) == (5, 2, 2)
    assert [found.id for found in page.items] == [made[2].id, made[3].id]
    assert backend.list_datasets(name, page=4, limit=2).items == ()
    assert backend.list_datasets(f"{name} 3").items == (made[3],)


@pytest.mark.parametrize("odd", ["ÄÖ 漢字 🙂", "a/b", "..", "100% & more?=#", "a b+c", "%2F"])
def test_names_may_be_anything_people_type(backend: Backend, name: str, odd: str) -> None:
    made = backend.create_dataset(f"{name} {odd}")
    assert backend.find_dataset(f"{name} {odd}").id == made.id
    assert backend.add_label(made.id, odd).name == odd
    assert backend.edit_label(made.id, odd, color="#010203").color == "#010203"
    backend.delete_label(made.id, odd)
    assert backend.labels(made.id) == ()


def test_people_are_let_in_and_out(place: Place, dataset: int) -> None:
    username = f"ann-{uuid4().hex[:8]}"
    ann = place.other(username)
    assert (ann.user.username, ann.user.role) == (username, Role.ANNOTATOR)
    with pytest.raises(rf.NotFound):
        ann.get_dataset(dataset)
    place.admin.set_collaborator(dataset, username, DatasetRole.VIEWER)
    assert place.admin.collaborators(dataset) == ((username, DatasetRole.VIEWER),)
    assert ann.get_dataset(dataset).role == "viewer"
    with pytest.raises(rf.NotAllowed) as refused:
        ann.add_label(dataset, "cat")
    assert refused.value.details["action"] == "edit_labels"
    place.admin.set_collaborator(dataset, username, DatasetRole.ADMIN)
    assert ann.add_label(dataset, "cat").name == "cat"
    place.admin.remove_collaborator(dataset, username)
    assert place.admin.collaborators(dataset) == ()
    with pytest.raises(rf.NotFound):
        ann.get_dataset(dataset)


def test_what_happened_is_told_newest_first(backend: Backend, dataset: int, name: str) -> None:
    label = backend.add_label(dataset, "cat")
    backend.edit_label(dataset, label.name, new_name="lion")
    page = backend.audit(dataset, limit=2)
    assert page.total == 3 and [row["action"] for row in page.items] == ["edit_labels", "edit_labels"]
    newest = page.items[0]
    assert newest["details"] == {"new_name": "lion", "color": None} and newest["subject"] == "cat"
    assert newest["username"] == backend.user.username and newest["user_id"] == backend.user.id
    assert newest["dataset_id"] == dataset and newest["at"].tzinfo is not None
    assert [row["subject"] for row in backend.audit(dataset, page=2, limit=2).items] == [name]


def test_health_is_the_same_object_wherever_it_comes_from(backend: Backend, dataset: int, three: list[Image]) -> None:
    box = rf.Annotation(rf.BBox(1, 1, 20, 10), "cat")
    backend.save_annotations(three[0].id, [box, rf.Annotation(rf.Point(3, 3), "dog")], 0)
    health = backend.health(dataset)
    assert (health.images, health.annotations, dict(health.kinds)) == (3, 2, {"bbox": 1, "polygon": 0, "point": 1})
    assert [label.name for label in health.labels] == ["cat", "dog"]
    assert isinstance(health.labels[0].heat_map, tuple) and health.width.max == 42
    assert Health.from_dict(health.to_dict()) == health
    assert "3 images" in repr(health) and "cat" in str(health)
