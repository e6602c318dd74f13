"""Pictures with shapes to send through recipes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from jupyter_roboflow.augment import STEPS, Augmented, Recipe, Source, apply
from jupyter_roboflow.augment.picture import Pixels
from jupyter_roboflow.domain.shapes import BBox, Part, Point, Polygon, Shape

WIDTH, HEIGHT = 240, 180

# Settings that make a step act strongly; where none are named, its defaults do.
STRONG: Mapping[str, Mapping[str, Any]] = {
    "albumentations": {"transform": "ElasticTransform", "arguments": {"alpha": 60, "sigma": 8}},
    "crop": {"min": 10, "max": 50},
    "box_crop": {"min": 10, "max": 30},
    "flip": {"vertical": True},
    "ninety": {"upside_down": True},
    "perspective": {"strength": 20},
    "resize": {"width": 200, "height": 210, "mode": "fit_reflect"},
    "rotate": {"degrees": 180},
    "scale_translate": {"scale_min": 0.6, "scale_max": 2.0, "horizontal": 30, "vertical": 30},
    "shear": {"horizontal": 30, "vertical": 30},
    "static_crop": {"x_min": 10, "x_max": 95, "y_min": 20, "y_max": 90},
}

SIZED: dict[str, dict[str, Any]] = {
    "CenterCrop": {"height": 100, "width": 150},
    "Crop": {"x_min": 20, "y_min": 10, "x_max": 200, "y_max": 170},
    "CropAndPad": {"px": [-20, 15, 10, -30]},
    "ElasticTransform": {"alpha": 60, "sigma": 8},
    "GridElasticDeform": {"num_grid_xy": [4, 4], "magnitude": 8},
    "LongestMaxSize": {"max_size": 300},
    "Pad": {"padding": 20},
    "PadIfNeeded": {"min_height": 250, "min_width": 300},
    "RandomCrop": {"height": 100, "width": 150},
    "RandomResizedCrop": {"size": [160, 200]},
    "RandomSizedCrop": {"min_max_height": [100, 150], "size": [160, 200]},
    "Resize": {"height": 200, "width": 210},
    "SmallestMaxSize": {"max_size": 200},
}
"""Arguments of the transforms of albumentations that cannot do without, or that would do nothing."""


def noise(seed: int = 0, width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """Random pixels (H, W, 3): no two places look alike."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def blob(random: np.random.Generator, x: float, y: float, radius: float, scale: float = 1.0) -> tuple[float, ...]:
    """An outline around a place that does not cross itself, up to `radius` pixels from it."""
    radii = radius * random.uniform(0.7, 1.0, 24)
    turns = np.arange(24) * 2 * np.pi / 24
    around = np.stack([np.cos(turns), np.sin(turns)], axis=1) * radii[:, None] * scale
    return tuple((around + (x, y)).reshape(-1).tolist())


def blobs(seed: int) -> list[Polygon]:
    """A plain polygon, one with a hole, and one in two parts, at random places; some reach over the border."""
    random = np.random.default_rng(seed)
    x, y = random.uniform(0.2, 0.8, (4, 2)).T * np.array([[WIDTH], [HEIGHT]])
    ringed = Part(blob(random, x[1], y[1], 45), (blob(random, x[1], y[1], 12),))
    pair = (Part(blob(random, x[2], y[2], 32)), Part(blob(random, x[3], y[3], 32)))
    return [Polygon(blob(random, x[0], y[0], 40)), Polygon.of_parts((ringed,)), Polygon.of_parts(pair)]


def mixed(seed: int) -> list[Shape]:
    """Every kind of shape: three polygons, a box inside, one at the border, a point."""
    return [*blobs(seed), BBox(60, 50, 70, 40), BBox(0, 0, 30, 40), Point(120.5, 90.25)]


def names(shapes: Sequence[Shape]) -> list[str]:
    return [f"label {i}" for i in range(len(shapes))]


def recipe_of(name: str, probability: float = 1.0, **changes: Any) -> Recipe:
    """A recipe of one step that acts strongly."""
    chance = {"probability": probability} if STEPS[name].stage == "augment" else {}
    return Recipe([{"step": name, **STRONG.get(name, {}), **chance}], multiplier=2, **changes)


def companions(count: int = 3) -> list[Source]:
    """Other pictures of the dataset."""
    return [Source(noise(100 + i), mixed(100 + i), names(mixed(100 + i)), f"other{i}") for i in range(count)]


def run(recipe: Recipe, seed: int = 0, shapes: Sequence[Shape] | None = None, **more: Any) -> list[Augmented]:
    """The first copy of a random picture."""
    given = mixed(seed) if shapes is None else shapes
    arguments = {"split": "train", "key": f"key{seed}", "copy": 1, "companions": companions(), **more}
    return apply(recipe, noise(seed), given, names(given), **arguments)
