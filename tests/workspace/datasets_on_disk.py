"""Small annotated datasets in the three formats, as files: the good ones that the bad ones are made from."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from .conftest import picture

Made: TypeAlias = "dict[str, bytes]"
"""The bytes of every file by its path."""

WIDTH, HEIGHT = 64, 48
YAML = b"path: .\ntrain: images/train\nval: images/val\nnames: [cat, dog, bird]\n"


def png(seed: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    stream = io.BytesIO()
    picture(seed, width, height).save(stream, "PNG")
    return stream.getvalue()


def coco(*annotations: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A COCO file of two pictures, `a.png` (id 1) and `b.png` (id 2)."""
    usual: dict[str, Any] = {
        "info": {},
        "licenses": [],
        "images": [coco_image(1, "a.png"), coco_image(2, "b.png")],
        "annotations": list(annotations) or [coco_box(1), coco_box(2, 2)],
        "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
    }
    return {**usual, **changes}


def coco_image(number: int, name: str, width: int = WIDTH, height: int = HEIGHT) -> dict[str, Any]:
    return {"id": number, "file_name": name, "width": width, "height": height}


def coco_box(number: object = 1, image: object = 1, category: object = 1, **changes: Any) -> dict[str, Any]:
    usual = {"bbox": [10, 10, 20, 20], "area": 400, "iscrowd": 0, "segmentation": []}
    return {"id": number, "image_id": image, "category_id": category, **usual, **changes}


def coco_files(data: object, *names: str) -> Made:
    """A COCO JSON file (bytes as they are) beside pictures, `a.png` and `b.png` unless others are named."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    pictures = {name: png(seed) for seed, name in enumerate(names or ("a.png", "b.png"), 100)}
    return {"train/_annotations.coco.json": text, **{f"train/{name}": made for name, made in pictures.items()}}


def yolo_files(rows: bytes = b"0 0.5 0.5 0.25 0.5\n", yaml: bytes = YAML) -> Made:
    """A YOLO dataset of two pictures; the rows are those of the second one."""
    return {
        "data.yaml": yaml,
        "images/train/a.png": png(100),
        "labels/train/a.txt": b"1 0.5 0.5 0.25 0.5\n",
        "images/train/b.png": png(101),
        "labels/train/b.txt": rows,
    }


def voc_object(name: str = "cat", corners: tuple[object, ...] = (11, 11, 30, 30)) -> str:
    x0, y0, x1, y1 = corners
    box = f"<bndbox><xmin>{x0}</xmin><ymin>{y0}</ymin><xmax>{x1}</xmax><ymax>{y1}</ymax></bndbox>"
    return f"<object><name>{name}</name>{box}</object>"


def voc_xml(
    inside: str = "", filename: str = "b.png", size: tuple[int, int] = (WIDTH, HEIGHT), head: str = ""
) -> bytes:
    sizes = f"<size><width>{size[0]}</width><height>{size[1]}</height><depth>3</depth></size>"
    body = inside or voc_object()
    return f"{head}<annotation><filename>{filename}</filename>{sizes}{body}</annotation>".encode()


def voc_files(second: bytes = b"") -> Made:
    """A VOC dataset of two pictures; `second` is the XML of the second one."""
    return {
        "Annotations/a.xml": voc_xml(filename="a.png"),
        "JPEGImages/a.png": png(100),
        "Annotations/b.xml": second or voc_xml(),
        "JPEGImages/b.png": png(101),
    }


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path
