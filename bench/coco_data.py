"""Seeded COCO files: image sizes, objects per image and polygon lengths distributed like those of COCO train2017."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

CATEGORIES = 80
_SIZES_WH = np.array([(640, 480), (640, 427), (480, 640), (427, 640), (640, 425), (500, 375), (612, 612), (640, 360)])
_SIZE_SHARES = np.array([0.42, 0.20, 0.14, 0.07, 0.06, 0.05, 0.03, 0.03])
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many images and annotations, which share of the annotations is a box without a polygon, and the seed.

    With `size_wh` all images have that size, and the same number of annotations each.
    """

    images: int
    annotations: int
    box_share: float = 0.0
    seed: int = 2017
    size_wh: tuple[int, int] | None = None


def file_name(image_id: int) -> str:
    """The name of an image's file, as in COCO: twelve digits."""
    return f"{image_id:012d}.jpg"


def image_sizes(recipe: Recipe) -> NDArray[np.int64]:
    """(N, 2) int, width and height in pixels of images 1 … N."""
    if recipe.size_wh is not None:
        return np.tile(np.array(recipe.size_wh, dtype=np.int64), (recipe.images, 1))
    random = np.random.default_rng([recipe.seed, 1])
    return _SIZES_WH[random.choice(len(_SIZES_WH), recipe.images, p=_SIZE_SHARES)]


def write_coco(recipe: Recipe, path: Path) -> None:
    """Write the file piece by piece: 860,000 annotations take seconds and little memory."""
    encode = msgspec.json.Encoder().encode
    sizes = image_sizes(recipe)
    with path.open("wb") as out:
        out.write(b'{"info":{"description":"generated"},"licenses":[{"id":1,"name":"none","url":""}],"images":[')
        images = [
            {"license": 1, "file_name": file_name(i), "height": h, "width": w, "id": i}
            for i, (w, h) in enumerate(sizes.tolist(), 1)
        ]
        out.write(encode(images)[1:-1])
        out.write(b'],"annotations":[')
        for number, chunk in enumerate(_annotations(recipe, sizes)):
            out.write(b"," * (number > 0) + encode(chunk)[1:-1])
        categories = [{"supercategory": "thing", "id": i, "name": f"thing {i}"} for i in range(1, CATEGORIES + 1)]
        out.write(b'],"categories":' + encode(categories) + b"}")


def _annotations(recipe: Recipe, sizes: NDArray[np.int64]) -> Iterator[list[dict[str, Any]]]:
    """Chunks of annotations in random order of images; a few images in a hundred have none."""
    random = np.random.default_rng([recipe.seed, 2])
    crowding = (0.5 + random.gamma(0.9, 1.2, recipe.images)) * (random.random(recipe.images) > 0.009)
    shares = crowding / crowding.sum()
    for start in range(0, recipe.annotations, _CHUNK):
        count = min(_CHUNK, recipe.annotations - start)
        image = random.choice(recipe.images, count, p=shares)
        if recipe.size_wh is not None:
            image = np.arange(start, start + count) % recipe.images
        yield _chunk(recipe, random, image, sizes[image].astype(float), start + 1)


def _chunk(
    recipe: Recipe, random: np.random.Generator, image: NDArray[np.int64], size_wh: NDArray[np.float64], first_id: int
) -> list[dict[str, Any]]:
    count = len(image)
    half_wh = _half_sizes(random, size_wh)
    center = half_wh + random.random((count, 2)) * (size_wh - 2 * half_wh)
    parts = random.choice([1, 2, 3], count, p=[0.91, 0.06, 0.03])
    vertices = np.clip(random.lognormal(np.log(21.4), 0.72, count), 4, 300).astype(int)
    rings, xy = _rings(random, center, half_wh, parts, np.maximum(vertices // parts, 3))
    first_ring = np.concatenate([[0], np.cumsum(parts)[:-1]])
    low = np.minimum.reduceat(np.minimum.reduceat(xy, rings[:-1]), first_ring)
    high = np.maximum.reduceat(np.maximum.reduceat(xy, rings[:-1]), first_ring)
    boxes = np.round(np.hstack([low, high - low]), 2)
    areas = np.add.reduceat(_areas(xy, rings), first_ring)
    boxed = random.random(count) < recipe.box_share
    areas = np.where(boxed, boxes[:, 2] * boxes[:, 3], areas)
    weights = 1 / np.arange(1, CATEGORIES + 1)
    category = random.choice(CATEGORIES, count, p=weights / weights.sum()) + 1

    flat, edges = xy.ravel().tolist(), (2 * rings).tolist()
    polygons = [flat[start:end] for start, end in pairwise(edges)]
    columns = (image + 1, category, boxes, areas, first_ring, parts, boxed)
    return [
        {
            "segmentation": [] if is_box else polygons[ring : ring + n],
            "area": area,
            "iscrowd": 0,
            "image_id": image_id,
            "bbox": box,
            "category_id": category_id,
            "id": first_id + at,
        }
        for at, (image_id, category_id, box, area, ring, n, is_box) in enumerate(
            zip(*(column.tolist() for column in columns), strict=True)
        )
    ]


def _half_sizes(random: np.random.Generator, size_wh: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) half width and height of each object: small, medium and large ones in about COCO's shares."""
    count = len(size_wh)
    side = np.clip(random.lognormal(np.log(52), 0.95, count), 6, None)[:, None]
    aspect = np.exp(random.normal(0, 0.35, count))[:, None]
    return np.minimum(side * np.hstack([aspect, 1 / aspect]), 0.96 * size_wh) / 2


def _rings(
    random: np.random.Generator,
    center: NDArray[np.float64],
    half_wh: NDArray[np.float64],
    parts: NDArray[np.int64],
    vertices: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where each ring starts (rings + 1,) and all vertices (P, 2), to hundredths of a pixel as in COCO.

    Rings are star-shaped, so never self-intersecting; the parts of one object stand side by side in its box.
    """
    owner = np.repeat(np.arange(len(parts)), parts)
    slot = np.arange(len(owner)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = parts[owner]
    radius = half_wh[owner] / np.stack([share, np.ones_like(share)], axis=1)
    middle = center[owner] + np.stack([(2 * slot - share + 1) * radius[:, 0], np.zeros(len(owner))], axis=1)
    length = vertices[owner]
    starts = np.concatenate([[0], np.cumsum(length)])
    step = np.arange(starts[-1]) - np.repeat(starts[:-1], length)
    angle = 2 * np.pi * (step + 0.8 * random.random(len(step))) / np.repeat(length, length)
    reach = 0.6 + 0.4 * random.random(len(step))
    around = np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None]
    return starts, np.round(np.repeat(middle, length, axis=0) + around * np.repeat(radius, length, axis=0), 2)


def _areas(xy: NDArray[np.float64], rings: NDArray[np.int64]) -> NDArray[np.float64]:
    """Area of each ring in square pixels (shoelace formula)."""
    following = np.arange(1, len(xy) + 1)
    following[rings[1:] - 1] = rings[:-1]
    cross = xy[:, 0] * xy[following, 1] - xy[following, 0] * xy[:, 1]
    return np.abs(np.add.reduceat(cross, rings[:-1])) / 2
