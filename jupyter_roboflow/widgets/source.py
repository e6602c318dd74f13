"""What an annotator shows: images with labels and annotations, wherever they are kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..backend.backend import XY, Prompt
from ..domain.annotation import Annotation, AnnotationSet
from ..domain.dataset import ImageState, Label
from ..domain.shapes import Shape


class Source(ABC):
    """Images in an order. Ids are those of `AnnotationSet.image_id`; saving needs the revision that was loaded."""

    title: str

    @property
    @abstractmethod
    def place(self) -> Mapping[str, Any]:
        """Where the images are, as small plain data that may be stored in a notebook: never a secret."""

    @abstractmethod
    def image_ids(self) -> Sequence[int]:
        """Every image in the order in which it is shown."""

    @abstractmethod
    def images(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """Images as they go over the wire: `id`, `filename`, `width`, `height` (upright pixels), `state`, …"""

    @abstractmethod
    def labels(self) -> Sequence[Label]:
        """The labels in their display order."""

    @abstractmethod
    def add_label(self, name: str, color: str | None = None) -> Label: ...

    @abstractmethod
    def annotations(self, image_id: int) -> AnnotationSet: ...

    def annotation_counts(self, ids: Sequence[int]) -> Mapping[int, int]:
        """How many annotations each of these images has."""
        return {i: len(self.annotations(i).annotations) for i in ids}

    @abstractmethod
    def save(
        self, image_id: int, annotations: Iterable[Annotation], revision: int, state: ImageState | None = None
    ) -> AnnotationSet:
        """Replace the set that was loaded at `revision`; a stale one raises `Conflict`."""

    @abstractmethod
    def size_wh(self, image_id: int) -> tuple[int, int]:
        """Width and height of the upright image, in pixels."""

    @abstractmethod
    def picture(self, image_id: int) -> bytes:
        """The image as a file that browsers can show; `UnreadableImage` when there is none in it."""

    @property
    def assists(self) -> bool:
        """Whether somebody in this process finds outlines, and not whoever keeps the images."""
        return False

    @abstractmethod
    def outline(self, image_id: int, prompt: Prompt) -> Sequence[Shape]:
        """The outline of what a box or strokes point at, the likeliest first."""

    @abstractmethod
    def path(self, image_id: int, start: XY, end: XY) -> Sequence[XY]:
        """Points along an edge from one place to another, both included."""

    @abstractmethod
    def thumbnails(self, ids: Sequence[int]) -> list[bytes]: ...
