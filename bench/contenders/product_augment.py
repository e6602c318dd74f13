"""A recipe of the product on the same pictures: boxes, polygons and holes, clipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jupyter_roboflow.augment import Recipe, apply
from jupyter_roboflow.domain.shapes import BBox, Part, Polygon, Shape
from jupyter_roboflow.ingest.examine import examine
from jupyter_roboflow.ingest.picture import Limits
from jupyter_roboflow.jobs.version_pixels import decode, encode

from .augmenting import QUALITY, Scene

_LIMITS = Limits(100_000_000, 100_000, 200_000_000, 2_000_000_000)
STEPS = [
    {"step": "flip", "probability": 0.5},
    {"step": "rotate", "degrees": 15, "probability": 0.5},
    {"step": "albumentations", "transform": "RandomBrightnessContrast", "probability": 0.5},
]


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


def thumbnail(folder: Path, scene: Scene) -> None:
    """The small picture of one as it is made when it comes in, with all checks and its perceptual hash."""
    _, small = examine(scene.path.read_bytes(), scene.path.name, _LIMITS)
    (folder / scene.path.name).write_bytes(small)


@cache
def _recipe() -> Recipe:
    return Recipe(STEPS, seed=1)


def _size_wh(path: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path) as image:
        return image.size
