"""Annotation Sets in this process."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from itertools import islice

from ...domain.annotation import Annotation, AnnotationSet
from ...domain.dataset import Image, ImageState
from ...domain.page import ImageFilter
from ...domain.user import Action
from ...storage import annotations as annotation_sets
from ...storage import datasets, images, single_annotations
from ...storage.database import Connection
from ..backend import EVERY_IMAGE
from .access import Access

CHUNK = 500
"""Images that are read at once where many are."""


class AnnotationMethods(Access):
    """What a Backend says of annotations."""

    def annotations(self, image_id: int) -> AnnotationSet:
        with self._here.database.read() as conn:
            self._image_in(conn, image_id, Action.READ)
            return annotation_sets.load(conn, image_id)

    def save_annotations(
        self, image_id: int, annotations: Iterable[Annotation], revision: int, *, state: ImageState | None = None
    ) -> AnnotationSet:
        with self._editing(image_id) as conn:
            return annotation_sets.save(conn, self._user, image_id, annotations, revision, state=state)

    def add_annotation(self, image_id: int, annotation: Annotation, revision: int | None = None) -> AnnotationSet:
        with self._editing(image_id) as conn:
            return single_annotations.add(conn, self._user, image_id, annotation, revision)

    def change_annotation(self, annotation: Annotation, revision: int | None = None) -> AnnotationSet:
        with self._editing_of(annotation.id) as conn:
            return single_annotations.change(conn, self._user, annotation, revision)

    def delete_annotation(self, annotation_id: str, revision: int | None = None) -> AnnotationSet:
        with self._editing_of(annotation_id) as conn:
            return single_annotations.remove(conn, self._user, annotation_id, revision)

    @contextmanager
    def _editing(self, image_id: int) -> Generator[Connection]:
        with self._here.database.write() as conn:
            dataset_id = self._image_in(conn, image_id, Action.ANNOTATE)
            yield conn
            datasets.touch(conn, dataset_id)

    @contextmanager
    def _editing_of(self, annotation_id: str) -> Generator[Connection]:
        with self._here.database.read() as conn:
            image_id = single_annotations.image_of(conn, annotation_id)
            if not self._sees(conn, images.get(conn, image_id).dataset_id):
                raise single_annotations.missing(annotation_id)
        with self._editing(image_id) as conn:
            yield conn

    def examples(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, after: int = 0, limit: int | None = None
    ) -> Generator[tuple[Image, tuple[Annotation, ...]]]:
        with self._reading(dataset_id) as conn:
            chunk = CHUNK if limit is None else min(limit, CHUNK)
            yield from islice(annotation_sets.stream(conn, dataset_id, where, chunk, after), limit)
