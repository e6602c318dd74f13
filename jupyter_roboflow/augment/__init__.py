"""Recipes: image and shapes move together. `Recipe` says what is done, `apply` does it, `STEPS` lists what there is."""

from __future__ import annotations

from .albumentations_form import from_albumentations, to_albumentations
from .applying import (
    Augmented,
    Moved,
    Source,
    agreement,
    apply,
    apply_all,
    choose_companions,
    copies,
    to_array,
)
from .picture import Dropped
from .recipe import PlannedStep, Recipe
from .steps import AUGMENTATION, PREPROCESSING, STEPS, Step

__all__ = [
    "AUGMENTATION",
    "PREPROCESSING",
    "STEPS",
    "Augmented",
    "Dropped",
    "Moved",
    "PlannedStep",
    "Recipe",
    "Source",
    "Step",
    "agreement",
    "apply",
    "apply_all",
    "choose_companions",
    "copies",
    "from_albumentations",
    "to_albumentations",
    "to_array",
]
