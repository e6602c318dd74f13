"""COCO datasets made for tests."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pycocotools import mask as _mask

from jupyter_roboflow.archive import open_files
from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.manifest import Manifest
from jupyter_roboflow.formats.coco import Coco
from tests.formats.manifests import header_only

pycoco: Any = _mask
"""pycocotools' masks; its published types are narrower than what it takes."""

SQUARE = [10.0, 10.0, 30.0, 10.0, 30.0, 30.0, 10.0, 30.0]


def annotation(number: object = 1, image: object = 1, category: object = 1, **fields: Any) -> dict[str, Any]:
    """One entry of `annotations`: a box of 20 × 20 pixels, unless said otherwise."""
    usual = {"bbox": [10, 10, 20, 20], "area": 400, "iscrowd": 0, "segmentation": []}
    return {"id": number, "image_id": image, "category_id": category, **usual, **fields}


def dataset(*annotations: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A dataset of two pictures and two categories."""
    usual: dict[str, Any] = {
        "info": {},
        "licenses": [],
        "images": [
            {"id": 1, "file_name": "a.png", "width": 100, "height": 50},
            {"id": 2, "file_name": "b.png", "width": 100, "height": 50},
        ],
        "annotations": list(annotations),
        "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
    }
    return {**usual, **changes}


def save(folder: Path, data: object, name: str = "annotations/instances_train.json") -> Path:
    """Put a JSON file into the folder; bytes go there as they are."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return folder


def draw(folder: Path, *names: str, size: tuple[int, int] = (100, 50)) -> None:
    """Put pictures of one size into the folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(header_only(*size).data)


def load(path: Path, **options: Any) -> Manifest:
    """Everything in a folder or archive."""
    with open_files(path) as files:
        found = Coco().read(files, options)
        return replace(found, examples=list(found.examples))


def annotations_of(found: Manifest) -> list[Annotation]:
    return [one for example in found.examples for one in example.annotations]


def losses_of(found: Manifest) -> set[tuple[str, str]]:
    """(what, why) of every loss, but for pictures that are not there."""
    return {(loss.what, loss.why) for loss in found.losses} - {("noted", "a listed picture is not there")}
