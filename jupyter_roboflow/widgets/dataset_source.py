"""Images of a dataset, kept by its Backend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..backend.assistance import Assistance
from ..backend.backend import XY, Backend, Prompt
from ..backend.wire import images as wire
from ..domain.annotation import Annotation, AnnotationSet
from ..domain.dataset import ImageState, Label
from ..domain.page import PAGE_LIMIT, ImageFilter
from ..domain.shapes import Shape
from .showable import showable
from .source import Source

if TYPE_CHECKING:
    from ..assist import Assistant


class DatasetSource(Source):
    """The images with these ids, in their order; without ids every image of the dataset as it is when first asked."""

    def __init__(
        self,
        backend: Backend,
        dataset_id: int,
        ids: Sequence[int] | None = None,
        assistant: Assistant | None = None,
    ) -> None:
        info = backend.get_dataset(dataset_id)
        self._assistance = None if assistant is None else Assistance(self._bytes_of, assistant=assistant)
        self._blobs: dict[str, int] = {}
        self._backend = backend
        self._id = dataset_id
        self._ids = None if ids is None else list(ids)
        self._place = {
            "kind": "dataset",
            "id": info.id,
            "name": info.name,
            "owner": info.owner,
            "role": info.role,
            "created_at": info.created_at.isoformat(),
        }
        self.title = info.name

    @property
    def place(self) -> Mapping[str, Any]:
        return self._place

    def image_ids(self) -> Sequence[int]:
        if self._ids is None:
            self._ids = self._backend.image_ids(self._id)
        return self._ids

    def images(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        found = self._backend.images(self._id, ImageFilter(ids=tuple(ids)), limit=PAGE_LIMIT)
        return [wire.Image.model_validate(image).model_dump(mode="json") for image in found.items]

    def labels(self) -> Sequence[Label]:
        return self._backend.labels(self._id)

    def add_label(self, name: str, color: str | None = None) -> Label:
        return self._backend.add_label(self._id, name, color)

    def annotations(self, image_id: int) -> AnnotationSet:
        return self._backend.annotations(image_id)

    def annotation_counts(self, ids: Sequence[int]) -> Mapping[int, int]:
        return self._backend.annotation_counts(self._id, ids)

    def save(
        self, image_id: int, annotations: Iterable[Annotation], revision: int, state: ImageState | None = None
    ) -> AnnotationSet:
        return self._backend.save_annotations(image_id, annotations, revision, state=state)

    def size_wh(self, image_id: int) -> tuple[int, int]:
        image = self._backend.get_image(image_id)
        return image.width, image.height

    def picture(self, image_id: int) -> bytes:
        return showable(self._backend.image_bytes(image_id), f"Image {image_id}")

    @property
    def assists(self) -> bool:
        return self._assistance is not None

    def outline(self, image_id: int, prompt: Prompt) -> Sequence[Shape]:
        if self._assistance is None:
            return self._backend.suggest_outline(image_id, prompt)
        image = self._backend.get_image(image_id)
        self._blobs[image.sha256] = image_id
        return self._assistance.outline(image, prompt)

    def _bytes_of(self, sha256: str) -> bytes:
        return self._backend.image_bytes(self._blobs[sha256])

    def path(self, image_id: int, start: XY, end: XY) -> Sequence[XY]:
        return self._backend.suggest_path(image_id, start, end)

    def thumbnails(self, ids: Sequence[int]) -> list[bytes]:
        return self._backend.thumbnails(list(ids)) if ids else []
