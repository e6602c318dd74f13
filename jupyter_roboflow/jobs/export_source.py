"""What is exported: a dataset as it is now, or a version of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..domain.annotation import Annotation
from ..domain.dataset import Image, ImageState, Label
from ..domain.manifest import ByteSource, Example, Losses, Manifest
from ..domain.version import Version, VersionImage
from ..storage import annotations, datasets, images, labels, versions
from ..storage.database import Connection
from ..storage.files import Blob
from .kind import JobContext

_NEWS_EVERY = 32
"""Images between two looks at whether to go on."""

_NOTHING: Mapping[str, Any] = {}


class ExportSource(ABC):
    """Images as Examples, counted and reported on the way. Walked once."""

    total: int
    version: Version | None = None

    def __init__(self, conn: Connection, context: JobContext, asked: Mapping[str, Any]) -> None:
        assert context.job.dataset_id is not None
        self._conn, self._context = conn, context
        self._dataset = datasets.row(conn, context.job.dataset_id)
        self._pixels = bool(asked["images"])
        self.counts = {"images": 0, "annotations": 0}
        self.losses = Losses()

    @property
    def dataset_id(self) -> int:
        return self._context.job.dataset_id or 0

    @property
    def name(self) -> str:
        """What the dataset is called."""
        return self._dataset.name

    @abstractmethod
    def manifest(self) -> Manifest:
        """The images as formats want them; the same data gives the same file."""

    @abstractmethod
    def _examples(self) -> Iterator[Example]: ...

    def __iter__(self) -> Iterator[Example]:
        for example in self._examples():
            self.counts["images"] = count = self.counts["images"] + 1
            self.counts["annotations"] += len(example.annotations)
            if count % _NEWS_EVERY == 0 or count == self.total:
                self._context.check()
                self._context.progress(count, self.total, example.filename)
            yield example

    def _example(
        self,
        image: Image | VersionImage,
        drawn: tuple[Annotation, ...],
        tags: tuple[str, ...] = (),
        metadata: Mapping[str, Any] = _NOTHING,
    ) -> Example:
        return Example(
            filename=image.filename,
            width=image.width,
            height=image.height,
            annotations=drawn,
            split=image.split,
            state=image.state,
            tags=tags,
            image=self._bytes(image),
            metadata={"media_type": image.media_type, **metadata},
        )

    def _bytes(self, image: Blob) -> ByteSource | None:
        return self._context.store.blob_source(image) if self._pixels else None

    def _manifest(self, labels: Sequence[Label], name: str, date: str) -> Manifest:
        metadata = {"dataset": name, "date": date}
        return Manifest(labels=tuple(labels), examples=self, count=self.total, name=name, metadata=metadata)


class DatasetSource(ExportSource):
    """The dataset as it is now, dated by its last change."""

    def __init__(self, conn: Connection, context: JobContext, asked: Mapping[str, Any]) -> None:
        super().__init__(conn, context, asked)
        states = images.counts(conn, self.dataset_id)
        unlabeled = states.get(ImageState.UNLABELED, 0)
        self._skip_unlabeled = not asked["include_unlabeled"]
        self.total = sum(states.values()) - (unlabeled if self._skip_unlabeled else 0)
        if unlabeled and self._skip_unlabeled:
            why = "images that nobody has looked at are left out (include_unlabeled=True brings them)"
            self.losses.counts["noted", why] = unlabeled
            self.losses.examples["noted", why] = []

    def manifest(self) -> Manifest:
        changed = f"{self._dataset.changed_at:%Y-%m-%d %H:%M:%S} UTC"
        return self._manifest(labels.list_labels(self._conn, self.dataset_id), self.name, changed)

    def _examples(self) -> Iterator[Example]:
        for image, drawn in annotations.stream(self._conn, self.dataset_id):
            if image.state is not ImageState.UNLABELED or not self._skip_unlabeled:
                yield self._example(image, drawn, image.tags, image.metadata)


class VersionSource(ExportSource):
    """A version, dated by the day it was made: its export never changes."""

    def __init__(self, conn: Connection, context: JobContext, asked: Mapping[str, Any]) -> None:
        super().__init__(conn, context, asked)
        self.version = self._frozen = versions.get(conn, context.job.params["version"])
        self.total = int(self._frozen.counts["images"])

    def manifest(self) -> Manifest:
        made = f"{self._frozen.created_at:%Y-%m-%d %H:%M:%S} UTC"
        return self._manifest(self._frozen.labels, f"{self.name} v{self._frozen.number}", made)

    def _examples(self) -> Iterator[Example]:
        for image, drawn in versions.stream(self._conn, self._frozen.id):
            yield self._example(image, drawn)


def open_source(conn: Connection, context: JobContext, asked: Mapping[str, Any]) -> ExportSource:
    """What the job's params name."""
    return (VersionSource if context.job.params.get("version") else DatasetSource)(conn, context, asked)
