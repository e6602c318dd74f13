"""What is refused is refused in the same words, whoever holds the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.backend import Backend, ImageChange, LabelWish
from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.domain.user import DatasetRole

from .conftest import Place, write_pictures


@dataclass
class Made:
    """A dataset with a label in use and one that is not."""

    backend: Backend
    name: str
    dataset: int
    image: int


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Place], Made]:
    made: dict[str, Made] = {}
    name = f"errors {uuid4().hex[:8]}"

    def of(place: Place) -> Made:
        if place.name not in made:
            backend = place.admin
            dataset = backend.create_dataset(name).id
            for label in ("cat", "dog"):
                backend.add_label(dataset, label)
            backend.upload(dataset, write_pictures(tmp_path_factory.mktemp("errors"), 1))
            (image,) = backend.images(dataset).items
            backend.save_annotations(image.id, [rf.Annotation(rf.BBox(1, 1, 5, 5), "cat")], 0)
            made[place.name] = Made(backend, name, dataset, image.id)
        return made[place.name]

    return of


HERE = Path(__file__).parent
NOBODY = 2_000_000_000
BOX = rf.BBox(1, 1, 5, 5)

CALLS: dict[str, Callable[[Made], Any]] = {
    "taken name": lambda m: m.backend.create_dataset(m.name.upper()),
    "empty name": lambda m: m.backend.create_dataset("  "),
    "long name": lambda m: m.backend.create_dataset("x" * 256),
    "very long name": lambda m: m.backend.create_dataset("x" * 5000),
    "NUL in a name": lambda m: m.backend.create_dataset("a\0b"),
    "broken Unicode": lambda m: m.backend.create_dataset("a\ud800b"),
    "no such dataset": lambda m: m.backend.get_dataset(NOBODY),
    "no such name": lambda m: m.backend.find_dataset("there is none of that name"),
    "page 0": lambda m: m.backend.list_datasets(page=0),
    "a page too large": lambda m: m.backend.images(m.dataset, limit=501),
    "unknown order": lambda m: m.backend.images(m.dataset, sort="colour"),
    "unknown order of ids": lambda m: m.backend.image_ids(m.dataset, sort="colour"),
    "ids of nothing": lambda m: m.backend.image_ids(NOBODY),
    "no such user": lambda m: m.backend.set_collaborator(m.dataset, "nobody at all", DatasetRole.VIEWER),
    "a second owner": lambda m: m.backend.set_collaborator(m.dataset, "local", DatasetRole.OWNER),
    "taken label": lambda m: m.backend.add_label(m.dataset, "CAT"),
    "empty label": lambda m: m.backend.add_label(m.dataset, ""),
    "no colour": lambda m: m.backend.add_label(m.dataset, "fish", "red"),
    "no such label": lambda m: m.backend.edit_label(m.dataset, "fish", new_name="bird"),
    "label in use": lambda m: m.backend.delete_label(m.dataset, "cat"),
    "given to itself": lambda m: m.backend.merge_labels(m.dataset, "cat", "cat"),
    "incomplete order": lambda m: m.backend.reorder_labels(m.dataset, ["cat"]),
    "label of nobody": lambda m: m.backend.set_labels(m.dataset, [LabelWish("x", id=NOBODY)]),
    "two of a name": lambda m: m.backend.set_labels(m.dataset, [LabelWish("x"), LabelWish("X")]),
    "no such image": lambda m: m.backend.get_image(NOBODY),
    "no bytes": lambda m: m.backend.image_bytes(NOBODY),
    "no thumbnail": lambda m: m.backend.thumbnails([m.image, NOBODY]),
    "no image to change": lambda m: m.backend.update_images(m.dataset, [NOBODY], ImageChange(split=Split.TEST)),
    "bad tag": lambda m: m.backend.update_images(m.dataset, [m.image], ImageChange(add_tags=("\0",))),
    "impossible state": lambda m: m.backend.update_images(m.dataset, [m.image], ImageChange(state=ImageState.EMPTY)),
    "fractions": lambda m: m.backend.split_images(m.dataset, {Split.TRAIN: 0.7}),
    "a source that is none": lambda m: m.backend.upload(m.dataset, 7),
    "a source that is not there": lambda m: m.backend.upload(m.dataset, "no-such-file.png"),
    "an upload to nowhere": lambda m: m.backend.upload(NOBODY, b""),
    "no annotations": lambda m: m.backend.annotations(NOBODY),
    "stale": lambda m: m.backend.save_annotations(m.image, [], 0),
    "unknown label": lambda m: m.backend.save_annotations(m.image, [rf.Annotation(BOX, "fish")], 1),
    "outside": lambda m: m.backend.save_annotations(m.image, [rf.Annotation(rf.BBox(500, 1, 5, 5), "cat")], 1),
    "wrong state": lambda m: m.backend.save_annotations(m.image, [], 1, state=ImageState.LABELED),
    "NaN": lambda m: m.backend.save_annotations(m.image, [rf.Annotation(BOX, "cat", {"a": float("nan")})], 1),
    "bytes": lambda m: m.backend.add_annotation(m.image, rf.Annotation(BOX, "cat", {"a": b""})),
    "twice the same": lambda m: m.backend.save_annotations(m.image, [Annotation(BOX, "cat", {}, "a" * 32)] * 2, 1),
    "too many": lambda m: m.backend.save_annotations(m.image, [rf.Annotation(BOX, "cat")] * 5001, 1),
    "no such annotation": lambda m: m.backend.delete_annotation("f" * 32),
    "nothing to change": lambda m: m.backend.change_annotation(Annotation(BOX, "cat", {}, "../.."), 1),
    "examples of nothing": lambda m: list(m.backend.examples(NOBODY)),
    "health of nothing": lambda m: m.backend.health(NOBODY),
    "no such path": lambda m: m.backend.start_import(m.dataset, Path("no such folder")),
    "an import to nowhere": lambda m: m.backend.start_import(NOBODY, Path("no such folder")),
    "an import's format": lambda m: m.backend.start_import(m.dataset, HERE, "kitti"),
    "an import's option": lambda m: m.backend.start_import(m.dataset, HERE, "coco", {"x": 1}),
    "no dataset in it": lambda m: m.backend.wait(m.backend.start_import(m.dataset, HERE).id),
    "no archive": lambda m: m.backend.wait(m.backend.start_import(m.dataset, Path(__file__)).id),
    "unknown format": lambda m: m.backend.start_export(m.dataset, "kitti"),
    "unknown option": lambda m: m.backend.export_to(m.dataset, "yolo", Path("x.zip"), {"tsk": "segment"}),
    "an option's value": lambda m: m.backend.start_export(m.dataset, "yolo", {"task": "sing"}),
    "nowhere to write": lambda m: m.backend.export_to(m.dataset, "coco", HERE / "none" / "x.zip"),
    "NUL in a path": lambda m: m.backend.export_to(m.dataset, "coco", Path("a\0b.zip")),
    "no such job": lambda m: m.backend.job(NOBODY),
    "nothing to cancel": lambda m: m.backend.cancel_job(NOBODY),
    "nothing to wait for": lambda m: m.backend.wait(NOBODY),
    "jobs of nothing": lambda m: m.backend.jobs(NOBODY),
    "no such export": lambda m: m.backend.get_export(NOBODY),
    "nothing to save": lambda m: m.backend.save_export(NOBODY, Path("x.zip")),
}


@pytest.mark.parametrize("what", CALLS)
def test_a_refusal_reads_the_same_everywhere(
    place: Place, sqlite_place: Place, make: Callable[[Place], Made], what: str
) -> None:
    seen = _refusal(make(place), what)
    assert seen == _refusal(make(sqlite_place), what)
    assert make(place).backend.annotations(make(place).image).revision == 1


def _refusal(made: Made, what: str) -> tuple[type[rf.RoboflowError], str, str, set[str]]:
    """Class, code, message without what differs between installations, and which details there are."""
    with pytest.raises(rf.RoboflowError) as refused:
        CALLS[what](made)
    error = refused.value
    message = re.sub(r"\b[Dd]ataset \d+", "dataset N", error.message)
    message = re.sub(r"; there are:? .*", "", message)  # names of other tests' datasets
    message = message.replace(str(HERE), f"{HERE.name}.zip")  # a folder is sent as a zip, without the path to it
    return type(error), error.code, message, set(error.details)
