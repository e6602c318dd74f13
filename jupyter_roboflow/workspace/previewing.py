"""`rf.preview`: what a recipe would make of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .dataset import Dataset

if TYPE_CHECKING:
    from ..widgets.augmentation_preview import AugmentationPreview
    from .recipes import Recipe


def preview(
    ds: Dataset, recipe: Recipe | Mapping[str, Any] | Iterable[Any] = (), *, images: Any = None, side: int = 640
) -> AugmentationPreview:
    """A widget to try out a recipe on a few images of a dataset; see `Dataset.preview`."""
    return ds.preview(recipe, images=images, side=side)
