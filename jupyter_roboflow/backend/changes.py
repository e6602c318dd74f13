"""What to do with many images, and what is told when it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.dataset import ImageState, Split


@dataclass(frozen=True, slots=True)
class ImageChange:
    """What to change on images; None leaves it. `clear_split` takes the split away."""

    split: Split | None = None
    clear_split: bool = False
    state: ImageState | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImagesUndo:
    """A change that brings some images back to how they were."""

    ids: tuple[int, ...]
    change: ImageChange


@dataclass(frozen=True, slots=True)
class ChangedImages:
    """How many images fitted; every part of `undo` done, all is as before."""

    images: int
    undo: tuple[ImagesUndo, ...] = ()


@dataclass(frozen=True, slots=True)
class RelabelUndo:
    """Annotations that had the label `source` and got the label `target` at a time that is theirs alone."""

    source: str
    target: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Relabeled:
    """How many annotations have another label now, and on how many images; what takes it back, all of it at once."""

    images: int
    annotations: int
    undo: tuple[RelabelUndo, ...] = ()
