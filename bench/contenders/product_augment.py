"""A recipe of the product on the same pictures: boxes, polygons and holes, clipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jupyter_roboflow.augment import Recipe, apply
from jupyter_roboflow.domain.shapes import BBox, Part, Polygon, Shape
from jupyter_roboflow.jobs.version_pixels import decode, encode

from .augmenting import QUALITY, Scene


def augment(folder: Path, scene: Scene) -> int:
    """Augment one picture into a folder; how many shapes are left."""
    pixels, _ = decode(scene.path.read_bytes(), "image/jpeg", _size_wh(scene.path), scene.path.name)
    shapes: list[Shape] = [BBox(*box) for box in scene.boxes]
    shapes += [Polygon.of_parts(tuple(_part(rings) for rings in parts)) for parts in scene.polygons]
    [made] = apply(_recipe(), pixels, shapes, ["thing"] * len(shapes), split="train", key=scene.key, copy=1)
    data, _ = encode(made.pixels, False, QUALITY)
    (folder / scene.path.name).write_bytes(data)
    return len(made.shapes)


def _part(rings: list[list[float]]) -> Part:
    return Part(tuple(rings[0]), tuple(tuple(hole) for hole in rings[1:]))


@cache
def _recipe() -> Recipe:
    light = {"step": "albumentations", "transform": "RandomBrightnessContrast", "probability": 0.5}
    flip = {"step": "flip", "probability": 0.5}
    return Recipe([flip, {"step": "rotate", "degrees": 15, "probability": 0.5}, light], seed=1)


def _size_wh(path: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path) as image:
        return image.size
