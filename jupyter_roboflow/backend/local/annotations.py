"""Annotation Sets in this process."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from itertools import islice

from ...domain.annotation import Annotation, AnnotationSet, SavedAnnotation
from ...domain.dataset import Image, ImageState
from ...domain.page import ImageFilter
from ...domain.stored_set import StoredSet, Unchanged
from ...domain.user import Action, may
from ...storage import annotations as annotation_sets
from ...storage import datasets, single_annotations, stored_sets
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

    def stored_annotations(self, image_id: int, known: Callable[[str], bool]) -> StoredSet | Unchanged:
        """The same as text, to be passed on; without reading them when the asker knows what has this etag."""
        with self._here.database.read() as conn:
            self._image_in(conn, image_id, Action.READ)
            head = stored_sets.load_head(conn, image_id)
            return Unchanged(head.etag) if known(head.etag) else stored_sets.load_text(conn, image_id, head)

    def save_annotations(
        self, image_id: int, annotations: Iterable[Annotation], revision: int, *, state: ImageState | None = None
    ) -> AnnotationSet:
        with self._editing(image_id) as conn:
            return annotation_sets.save(conn, self._user, image_id, annotations, revision, state=state)

    def add_annotation(self, image_id: int, annotation: Annotation, revision: int | None = None) -> AnnotationSet:
        with self._editing(image_id) as conn:
            single_annotations.add(conn, self._user, image_id, annotation, revision)
            return annotation_sets.load(conn, image_id)

    def change_annotation(self, annotation: Annotation, revision: int | None = None) -> AnnotationSet:
        with self._editing_of(annotation.id) as conn:
            changed = single_annotations.change(conn, self._user, annotation, revision)
            return annotation_sets.load(conn, changed.image_id)

    def delete_annotation(self, annotation_id: str, revision: int | None = None) -> AnnotationSet:
        with self._editing_of(annotation_id) as conn:
            gone = single_annotations.remove(conn, self._user, annotation_id, revision)
            return annotation_sets.load(conn, gone.image_id)

    def add_one(self, image_id: int, annotation: Annotation, revision: int | None) -> SavedAnnotation:
        """As `add_annotation`, but only that one is answered: the time does not grow with the set."""
        with self._editing(image_id) as conn:
            return single_annotations.add(conn, self._user, image_id, annotation, revision)

    def change_one(self, annotation: Annotation, revision: int | None) -> SavedAnnotation:
        """As `change_annotation`, but only that one is answered."""
        with self._editing_of(annotation.id) as conn:
            return single_annotations.change(conn, self._user, annotation, revision)

    def delete_one(self, annotation_id: str, revision: int | None) -> SavedAnnotation:
        """As `delete_annotation`, without what is left."""
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
        with self._here.database.write() as conn:
            image_id = single_annotations.image_of(conn, annotation_id)
            dataset_id, role = datasets.role_at_image(conn, image_id, self._user)
            if not may(self._user.role, role, Action.READ):
                raise single_annotations.missing(annotation_id)
            self._check(role, Action.ANNOTATE)
            yield conn
            datasets.touch(conn, dataset_id)

    def examples(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, after: int = 0, limit: int | None = None
    ) -> Generator[tuple[Image, tuple[Annotation, ...]]]:
        with self._reading(dataset_id) as conn:
            chunk = CHUNK if limit is None else min(limit, CHUNK)
            yield from islice(annotation_sets.stream(conn, dataset_id, where, chunk, after), limit)
