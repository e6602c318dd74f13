"""Recipes from and to the dictionaries that `albumentations.to_dict` gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from ..domain.errors import Invalid
from .recipe import PlannedStep, Recipe
from .warp import FILLS

CONTAINERS = {"Compose", "Sequential"}
"""Those that do all their transforms one after the other."""

VERSION = "2.0.8"


def from_albumentations(data: Mapping[str, Any], *, seed: int = 0, multiplier: int | None = None) -> Recipe:
    """The recipe of `albumentations.to_dict(pipeline)`. Exact counterparts become our own steps, all else that polygons
    can follow becomes an `albumentations` step; `Invalid` names what cannot be part of a recipe, and why.
    """
    steps: list[dict[str, Any]] = []
    transform = data.get("transform", data)
    _collect(transform, steps, "transform")
    return Recipe(augment=steps, seed=seed, multiplier=multiplier)


def to_albumentations(recipe: Recipe) -> dict[str, Any]:
    """What `albumentations.from_dict` reads: the augmentation of a recipe, without its preprocessing. Steps that
    albumentations does not have raise `Invalid`.
    """
    transforms = [_transform(step, i) for i, step in enumerate(recipe.augment)]
    composed = {"__class_fullname__": "Compose", "p": 1.0, "transforms": transforms, "seed": recipe.seed}
    empty = dict.fromkeys(("bbox_params", "keypoint_params", "additional_targets"))
    return {"__version__": VERSION, "transform": {**composed, **empty, "is_check_shapes": True}}


def _collect(transform: Any, steps: list[dict[str, Any]], where: str) -> None:
    known: Mapping[str, Any] = cast("Mapping[str, Any]", transform) if isinstance(transform, Mapping) else {}
    full = known.get("__class_fullname__")
    if not isinstance(full, str):
        raise Invalid(f"{where} is no transform of albumentations: it has no __class_fullname__.", code="bad_recipe")
    name = full.rpartition(".")[2]
    if name not in CONTAINERS:
        arguments = {key: value for key, value in known.items() if key not in ("__class_fullname__", "p")}
        steps.append({**_step(name, arguments), "probability": known.get("p", 0.5)})
        return
    if known.get("p", 1.0) != 1.0:
        raise Invalid(f"{where}: a {name} with a probability of its own cannot be a recipe.", code="bad_transform")
    inside = known.get("transforms")
    for i, one in enumerate(cast("list[Any]", inside) if isinstance(inside, list) else []):
        _collect(one, steps, f"{where}.transforms[{i}]")


def _step(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if name == "HorizontalFlip":
        return {"step": "flip", "horizontal": True, "vertical": False}
    if name == "VerticalFlip":
        return {"step": "flip", "horizontal": False, "vertical": True}
    if name == "Rotate" and (degrees := _plain_rotation(arguments)) is not None:
        return {"step": "rotate", "degrees": degrees, "fill": _NAMES[arguments.get("fill", 0)]}
    return {"step": "albumentations", "transform": name, "arguments": dict(arguments)}


def _plain_rotation(arguments: Mapping[str, Any]) -> float | None:
    """The angle of a rotation that differs in nothing else from our own; None for any other."""
    limit: Any = arguments.get("limit", (-90, 90))
    low, high = cast("list[Any]", limit) if isinstance(limit, list | tuple) else (-limit, limit)
    plain = {"interpolation": 1, "border_mode": 0, "crop_border": False, "rotate_method": "largest_box"}
    same = all(arguments.get(key, value) == value for key, value in plain.items())
    fill = arguments.get("fill", 0)
    named = isinstance(fill, int | float) and fill in _NAMES
    return float(high) if same and named and -low == high and 0 <= high <= 180 else None


_NAMES = {value: name for name, value in FILLS.items()}


def _transform(step: PlannedStep, index: int) -> dict[str, Any]:
    if step.name not in COUNTERPARTS:
        raise Invalid(
            f"augment[{index}] {step.name} has no counterpart in albumentations: leave it out to export the others.",
            code="no_counterpart",
            step=f"augment[{index}] {step.name}",
        )
    return {**COUNTERPARTS[step.name](step.settings), "p": step.probability}


def _own(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"__class_fullname__": settings["transform"], **settings["arguments"]}


def _flip(settings: Mapping[str, Any]) -> dict[str, Any]:
    names = ["HorizontalFlip"] * settings["horizontal"] + ["VerticalFlip"] * settings["vertical"]
    if len(names) == 1:
        return {"__class_fullname__": names[0]}
    each = [{"__class_fullname__": name, "p": 1.0} for name in names]
    both = {"__class_fullname__": "Sequential", "p": 1.0, "transforms": each}
    return {"__class_fullname__": "OneOf", "transforms": [*each, both]}


def _rotate(settings: Mapping[str, Any]) -> dict[str, Any]:
    limit = (-settings["degrees"], settings["degrees"])
    return {"__class_fullname__": "Rotate", "limit": limit, "border_mode": 0, "fill": FILLS[settings["fill"]]}


def _blur(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"__class_fullname__": "GaussianBlur", "blur_limit": 0, "sigma_limit": (0, settings["pixels"])}


def _cutout(settings: Mapping[str, Any]) -> dict[str, Any]:
    share = settings["percent"] / 100
    counts = {"num_holes_range": (settings["count"], settings["count"])}
    sides = {"hole_height_range": (share, share), "hole_width_range": (share, share)}
    return {"__class_fullname__": "CoarseDropout", **counts, **sides, "fill": FILLS[settings["fill"]]}


COUNTERPARTS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "albumentations": _own,
    "flip": _flip,
    "rotate": _rotate,
    "blur": _blur,
    "cutout": _cutout,
}
"""Steps that albumentations does the same way. Others differ from what it has: in their ranges, their order, or what
they take as a centre.
"""
