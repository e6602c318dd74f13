"""Every Backend method, tried as everybody: one written table says who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.assist import Prompt
from jupyter_roboflow.backend import Backend, ImageChange, LabelWish, open_backend
from jupyter_roboflow.backend.backend import EVERY_IMAGE
from jupyter_roboflow.backend.changes import RelabelUndo
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.domain.dataset import Split
from jupyter_roboflow.domain.errors import NotAllowed, NotFound
from jupyter_roboflow.domain.user import DatasetRole, Role
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage import users

WHO = ("admin", "owner", "collab_admin", "annotator", "viewer", "global_viewer", "stranger")

# y: may · n: NotAllowed · -: NotFound, as if it were not there
MAY = {
    "get_dataset": "yyyyyy-",
    "labels": "yyyyyy-",
    "tags": "yyyyyy-",
    "images": "yyyyyy-",
    "image_ids": "yyyyyy-",
    "get_image": "yyyyyy-",
    "image_bytes": "yyyyyy-",
    "thumbnails": "yyyyyy-",
    "annotations": "yyyyyy-",
    "annotation_counts": "yyyyyy-",
    "examples": "yyyyyy-",
    "exports": "yyyyyy-",
    "known_images": "yyyyyy-",
    "health": "yyyyyy-",
    "collaborators": "yyyyyy-",
    "jobs": "yyyyyy-",
    "start_export": "yyyyyy-",
    "export_to": "yyyyyy-",
    "versions": "yyyyyy-",
    "get_version": "yyyyyy-",
    "version_examples": "yyyyyy-",
    "version_image_bytes": "yyyyyy-",
    "version_diff": "yyyyyy-",
    "preview_recipe": "yyyyyy-",
    "create_version": "yyynnn-",
    "rebuild_version": "yyynnn-",
    "delete_version": "yyynnn-",
    "save_annotations": "yyyynn-",
    "add_annotation": "yyyynn-",
    "change_annotation": "yyyynn-",
    "delete_annotation": "yyyynn-",
    "suggest_outline": "yyyynn-",
    "suggest_path": "yyyynn-",
    "upload": "yyyynn-",
    "update_images": "yyyynn-",
    "change_images_where": "yyyynn-",
    "relabel_images_where": "yyyynn-",
    "undo_relabeling": "yyyynn-",
    "split_images": "yyyynn-",
    "add_label": "yyynnn-",
    "edit_label": "yyynnn-",
    "reorder_labels": "yyynnn-",
    "set_labels": "yyynnn-",
    "merge_labels": "yyynnn-",
    "delete_label": "yyynnn-",
    "start_import": "yyynnn-",
    "update_dataset": "yyynnn-",
    "audit": "yyynnn-",
    "delete_images": "yyynnn-",
    "delete_images_where": "yyynnn-",
    "set_collaborator": "yynnnn-",
    "remove_collaborator": "yynnnn-",
    "delete_dataset": "yynnnn-",
}

WITHOUT_A_DATASET = {"close", "create_dataset", "list_datasets", "find_dataset", "user"}
OF_A_JOB = {"job", "cancel_job", "wait", "get_export", "save_export"}


@dataclass
class Place:
    """A dataset with one image, one saved box, and everybody's backend."""

    backends: dict[str, LocalBackend]
    dataset: int
    image: int
    folder: Path

    @cached_property
    def version(self) -> int:
        owner = self.backends["owner"]
        job = owner.wait(owner.create_version(self.dataset, {"steps": ["grayscale"]}).id)
        return (job.result or {})["version_id"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    admin = open_backend(Settings.from_environment({}, data_dir=tmp_path / "home"))
    backends = {"admin": admin}
    with admin.installation.database.write() as conn:
        for name in WHO[1:]:
            role = Role.VIEWER if name == "global_viewer" else Role.ANNOTATOR
            backends[name] = admin.acting_as(users.create(conn, name, role))
    owner = backends["owner"]
    dataset = owner.create_dataset("cells").id
    for name, role in (("collab_admin", "admin"), ("annotator", "annotator"), ("viewer", "viewer")):
        owner.set_collaborator(dataset, name, DatasetRole(role))
    owner.set_collaborator(dataset, "global_viewer", DatasetRole.ADMIN)
    owner.upload(dataset, np.zeros((20, 30, 3), np.uint8))
    for label in ("cat", "dog"):
        owner.add_label(dataset, label)
    image = owner.images(dataset).items[0].id
    owner.save_annotations(image, [rf.Annotation(rf.BBox(1, 1, 5, 5), "cat")], 0)
    (tmp_path / "coco").mkdir()
    (tmp_path / "coco" / "a.json").write_text('{"images": [], "annotations": [], "categories": []}')
    yield Place(backends, dataset, image, tmp_path)
    admin.close()


def _calls(place: Place) -> dict[str, Callable[[LocalBackend], Any]]:
    d, i = place.dataset, place.image
    drawn = place.backends["owner"].annotations(i).annotations[0]
    return {
        "get_dataset": lambda b: b.get_dataset(d),
        "labels": lambda b: b.labels(d),
        "tags": lambda b: b.tags(d),
        "images": lambda b: b.images(d),
        "image_ids": lambda b: b.image_ids(d),
        "get_image": lambda b: b.get_image(i),
        "image_bytes": lambda b: b.image_bytes(i),
        "thumbnails": lambda b: b.thumbnails([i]),
        "annotation_counts": lambda b: b.annotation_counts(d, [i]),
        "annotations": lambda b: b.annotations(i),
        "examples": lambda b: list(b.examples(d)),
        "exports": lambda b: b.exports(d),
        "known_images": lambda b: b.known_images(d, ["0" * 64]),
        "health": lambda b: b.health(d),
        "collaborators": lambda b: b.collaborators(d),
        "jobs": lambda b: b.jobs(d),
        "start_export": lambda b: b.start_export(d, "coco"),
        "export_to": lambda b: b.export_to(d, "coco", place.folder / "out.zip"),
        "versions": lambda b: b.versions(d),
        "get_version": lambda b: b.get_version(place.version),
        "version_examples": lambda b: list(b.version_examples(place.version)),
        "version_image_bytes": lambda b: b.version_image_bytes(place.version, 1),
        "version_diff": lambda b: b.version_diff(place.version, place.version),
        "preview_recipe": lambda b: b.preview_recipe(d, {"steps": ["flip"]}),
        "create_version": lambda b: b.create_version(d, {}),
        "rebuild_version": lambda b: b.rebuild_version(place.version),
        "delete_version": lambda b: b.delete_version(place.version),
        "save_annotations": lambda b: b.save_annotations(i, [], b.annotations(i).revision),
        "add_annotation": lambda b: b.add_annotation(i, drawn),
        "change_annotation": lambda b: b.change_annotation(drawn),
        "delete_annotation": lambda b: b.delete_annotation(drawn.id),
        "suggest_outline": lambda b: b.suggest_outline(i, Prompt(rf.BBox(1, 1, 5, 5))),
        "suggest_path": lambda b: b.suggest_path(i, (1, 1), (9, 9)),
        "upload": lambda b: b.upload(d, np.ones((20, 30, 3), np.uint8)),
        "update_images": lambda b: b.update_images(d, [i], ImageChange(add_tags=("x",))),
        "change_images_where": lambda b: b.change_images_where(d, EVERY_IMAGE, ImageChange(add_tags=("x",))),
        "relabel_images_where": lambda b: b.relabel_images_where(d, EVERY_IMAGE, "dog"),
        "undo_relabeling": lambda b: b.undo_relabeling(d, [RelabelUndo("cat", "dog", datetime.now(UTC))]),
        "delete_images_where": lambda b: b.delete_images_where(d, EVERY_IMAGE),
        "split_images": lambda b: b.split_images(d, {Split.TRAIN: 1.0}),
        "add_label": lambda b: b.add_label(d, "new"),
        "edit_label": lambda b: b.edit_label(d, "dog", color="#112233"),
        "reorder_labels": lambda b: b.reorder_labels(d, ["dog", "cat"]),
        "set_labels": lambda b: b.set_labels(d, [LabelWish(label.name, id=label.id) for label in b.labels(d)]),
        "merge_labels": lambda b: b.merge_labels(d, "dog", "cat"),
        "delete_label": lambda b: b.delete_label(d, "dog"),
        "start_import": lambda b: b.start_import(d, place.folder / "coco", "coco"),
        "update_dataset": lambda b: b.update_dataset(d, metadata={"a": 1}),
        "audit": lambda b: b.audit(d),
        "delete_images": lambda b: b.delete_images(d, [i]),
        "set_collaborator": lambda b: b.set_collaborator(d, "stranger", DatasetRole.VIEWER),
        "remove_collaborator": lambda b: b.remove_collaborator(d, "viewer"),
        "delete_dataset": lambda b: b.delete_dataset(d),
    }


@pytest.mark.parametrize("method", MAY)
def test_a_method_answers_everybody_as_the_table_says(place: Place, method: str) -> None:
    call = _calls(place)[method]
    if "version" in method:
        assert place.version
    # the most trusted come last, as what they do changes the dataset
    for who, expected in reversed(list(zip(WHO, MAY[method], strict=True))):
        jobs_before = len(place.backends["admin"].jobs(place.dataset).items)
        try:
            call(place.backends[who])
            got = "y"
        except NotFound:
            got = "-"
        except NotAllowed:
            got = "n"
        except rf.Conflict:  # the others were let in and did it before
            got = "y"
        gone = method == "delete_dataset" and who == "admin"
        assert got == ("-" if gone else expected) or _done_before(method, got), f"{who}: {got}"
        if got in "n-" and not gone:
            assert len(place.backends["admin"].jobs(place.dataset).items) == jobs_before
        if method == "delete_dataset" and got == "y":
            return


def _done_before(method: str, got: str) -> bool:
    """What a more trusted person finds done already by a less trusted one."""
    return got == "-" and method in (
        "merge_labels",
        "delete_label",
        "delete_images",
        "delete_annotation",
        "delete_version",
    )


def test_the_table_covers_every_method_of_the_backend() -> None:
    abstract = set(Backend.__abstractmethods__)
    assert abstract == set(MAY) | WITHOUT_A_DATASET | OF_A_JOB


def test_a_stranger_learns_nothing_about_jobs_and_exports(place: Place) -> None:
    owner, stranger = place.backends["owner"], place.backends["stranger"]
    job = owner.wait(owner.start_export(place.dataset, "coco").id)
    export = (job.result or {})["export_id"]
    for call in (
        lambda: stranger.job(job.id),
        lambda: stranger.cancel_job(job.id),
        lambda: stranger.get_export(export),
        lambda: stranger.save_export(export, place.folder / "stolen.zip"),
    ):
        with pytest.raises(NotFound):
            call()
    assert not (place.folder / "stolen.zip").exists()
    owner.remove_collaborator(place.dataset, "viewer")
    with pytest.raises(NotFound):
        place.backends["viewer"].get_export(export)


def test_images_of_another_dataset_cannot_be_changed_through_ones_own(place: Place) -> None:
    stranger = place.backends["stranger"]
    own = stranger.create_dataset("mine").id
    for call in (
        lambda: stranger.update_images(own, [place.image], ImageChange(add_tags=("x",))),
        lambda: stranger.delete_images(own, [place.image]),
        lambda: stranger.save_annotations(place.image, [], 1),
    ):
        with pytest.raises(NotFound):
            call()
    assert place.backends["owner"].get_image(place.image).tags == ()


def test_lists_hold_only_what_one_may_see(place: Place) -> None:
    assert place.backends["stranger"].list_datasets().items == ()
    assert [d.role for d in place.backends["viewer"].list_datasets().items] == ["viewer"]
    with pytest.raises(NotFound):
        place.backends["stranger"].find_dataset("cells")
    assert place.backends["stranger"].create_dataset("cells").owner == "stranger"


def test_every_change_has_its_audit_row(place: Place) -> None:
    owner = place.backends["owner"]
    owner.update_images(place.dataset, [place.image], ImageChange(split=Split.TEST))
    owner.edit_label(place.dataset, "cat", new_name="lion")
    actions = [row["action"] for row in owner.audit(place.dataset).items]
    assert actions[:2] == ["edit_labels", "edit_images"]
    assert {"create_dataset", "upload", "create_annotation", "manage_collaborators"} <= set(actions)
