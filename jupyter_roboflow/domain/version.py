"""Versions: datasets frozen by a recipe. Nothing about them changes once they are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .dataset import ImageState, Label, Split

CONTENT_FORMAT = 1
"""Part of every content hash: raised when what is hashed changes its form."""


@dataclass(frozen=True, slots=True)
class Version:
    """A frozen dataset: `number` counts within the dataset and is never given out again.

    `recipe` is plain data, `labels` are those of the version (a recipe may rename, merge and drop some), `libraries`
    what moved the pixels, `counts` how many of what, `losses` what happened to shapes on the way, `refused` images that
    could not be read. `content_hash` covers recipe, seed, labels, libraries, and every image with its annotations.
    """

    id: int
    dataset_id: int
    number: int
    recipe: Mapping[str, Any]
    seed: int
    labels: tuple[Label, ...]
    libraries: Mapping[str, str]
    counts: Mapping[str, Any]
    losses: tuple[Mapping[str, Any], ...]
    refused: tuple[Mapping[str, Any], ...]
    content_hash: str
    created_by: str
    created_at: datetime
    name: str | None = None
    note: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    state: str = "ready"
    job_id: int | None = None

    @property
    def title(self) -> str:
        """How people call it: `v3`, or `v3 – night shots`."""
        return f"v{self.number} – {self.name}" if self.name else f"v{self.number}"


@dataclass(frozen=True, slots=True)
class VersionImage:
    """One picture of a version; positions count from 1. `copy` 0 is the preprocessed original, 1… augmented copies.

    `width` and `height` are upright pixels, `size` is in bytes. The image of `source_image_id` may be gone.
    """

    position: int
    filename: str
    width: int
    height: int
    sha256: str
    size: int
    crc32: int
    media_type: str
    split: Split | None
    annotation_count: int
    source_image_id: int | None = None
    copy: int = 0

    @property
    def state(self) -> ImageState:
        """`labeled`, or `empty` where nothing is drawn."""
        return ImageState.LABELED if self.annotation_count else ImageState.EMPTY


@dataclass(frozen=True, slots=True)
class Changes:
    """What one version has and another has not, by name; `changed` is in both and differs."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """From one version to another. `annotations` counts added, removed and changed ones; images go by file name."""

    before: int
    after: int
    labels: Changes
    images: Changes
    annotations: Mapping[str, int]
    recipe_changed: bool
    same_content: bool

    def __str__(self) -> str:
        if self.same_content:
            return "the same content"
        told = [f"{what}: {_counted(changes)}" for what, changes in (("labels", self.labels), ("images", self.images))]
        told.append("annotations: " + ", ".join(f"{number:,} {what}" for what, number in self.annotations.items()))
        return "; ".join([*told, *(["another recipe"] if self.recipe_changed else [])])


def _counted(changes: Changes) -> str:
    return f"{len(changes.added):,} added, {len(changes.removed):,} removed, {len(changes.changed):,} changed"
