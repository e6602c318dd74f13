"""`rf.annotate`: the annotator for whatever one has at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from ..domain.dataset import Label
from ..workspace.dataset import Dataset
from .annotator import Annotator, check_images
from .picture_source import PictureSource


def annotate(
    what: Any, *, images: Any = None, labels: Iterable[str | Label] | None = None, height: int = 560
) -> Annotator:
    """The annotator for a dataset, or for a path, an array (H, W[, 3]) uint8 RGB, or a list of these.

    With a dataset everything is saved there, `images` says which (see `Dataset.annotate`) and `labels` are added if
    they are missing. Without one the annotations are in the widget: `.annotations`, `.annotations_of(i)`,
    `.to_coco()`.
    """
    if isinstance(what, Dataset):
        return what.annotate(images, labels=labels, height=height)
    alone = isinstance(what, str | Path) or hasattr(what, "__array__")
    pictures = [what] if alone else list(cast("Sequence[object]", what))
    check_images(range(len(pictures)))
    return Annotator(PictureSource(pictures, labels or ()), height=height)
