"""`rf.annotate`: the annotator for whatever one has at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..assist import assistant_of
from ..domain.dataset import Label
from ..workspace.dataset import Dataset
from .annotator import Annotator, check_images
from .keys import Keys
from .picture_source import PictureSource

if TYPE_CHECKING:
    from ..assist import Assistant, Outliner


def annotate(
    what: Any,
    *,
    images: Any = None,
    labels: Iterable[str | Label] | None = None,
    height: int = 560,
    assist: Outliner | Assistant | None = None,
    keys: Keys | None = None,
) -> Annotator:
    """The annotator for a dataset, or for a path, an array (H, W[, 3]) uint8 RGB, or a list of these.

    With a dataset everything is saved there, `images` says which (see `Dataset.annotate`) and `labels` are added if
    they are missing. Without one the annotations are in the widget: `.annotations`, `.annotations_of(i)`,
    `.to_coco()`. `assist` and `keys` are those of `Dataset.annotate`.
    """
    if isinstance(what, Dataset):
        return what.annotate(images, labels=labels, height=height, assist=assist, keys=keys)
    alone = isinstance(what, str | Path) or hasattr(what, "__array__")
    pictures = [what] if alone else list(cast("Sequence[object]", what))
    check_images(range(len(pictures)))
    assistant = None if assist is None else assistant_of(assist)
    return Annotator(PictureSource(pictures, labels or (), assistant), height=height, keys=keys)
