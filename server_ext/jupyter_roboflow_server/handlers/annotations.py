"""Annotation Sets, loaded and saved whole by revision, and single annotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.wire import annotations as wire
from jupyter_roboflow.domain.annotation import AnnotationSet, SavedAnnotation
from jupyter_roboflow.domain.stored_set import StoredSet, Unchanged

from .handler import Handler
from .operation import operation


def _tag(found: AnnotationSet | SavedAnnotation) -> Mapping[str, str]:
    return {"ETag": f'"{found.etag}"'}


def _tag_to_keep(found: StoredSet | Unchanged) -> Mapping[str, str]:
    """A browser may keep a set, and asks each time whether it is still the same."""
    return {"ETag": f'"{found.etag}"', "Cache-Control": "private, no-cache"}


class AnnotationsHandler(Handler):
    @operation(answer=wire.AnnotationSet, headers=_tag_to_keep, also={HTTPStatus.NOT_MODIFIED: None})
    def get(self, backend: LocalBackend, image_id: int, known: Callable[[str], bool]) -> StoredSet | Unchanged:
        """All annotations of an image in z-order, with the revision that a save has to name."""
        return backend.stored_annotations(image_id, known)

    @operation(
        body=wire.SentAnnotation,
        answer=wire.ChangedAnnotation,
        status=HTTPStatus.CREATED,
        revision="optional",
        headers=_tag,
        idempotent=True,
    )
    def post(
        self, backend: LocalBackend, image_id: int, body: wire.SentAnnotation, revision: int | None
    ) -> SavedAnnotation:
        """Add one annotation on top, under its own id unless that is taken."""
        return backend.add_one(image_id, body.to_domain(body.id), revision)

    @operation(body=wire.WholeSet, answer=wire.AnnotationSet, revision="required", headers=_tag, idempotent=True)
    def put(self, backend: Backend, image_id: int, body: wire.WholeSet, revision: int) -> AnnotationSet:
        """Save the whole set that was loaded at the revision in `If-Match`; a stale one is a 409 with what is there."""
        return backend.save_annotations(image_id, body.to_domain(), revision, state=body.state)


class AnnotationHandler(Handler):
    @operation(body=wire.NewAnnotation, answer=wire.ChangedAnnotation, revision="stated", headers=_tag)
    def put(
        self, backend: LocalBackend, annotation: str, body: wire.NewAnnotation, revision: int | None
    ) -> SavedAnnotation:
        """Change one annotation of the set that was loaded at the revision in `If-Match`, or `*` whatever it is."""
        return backend.change_one(body.to_domain(annotation), revision)

    @operation(answer=wire.ChangedSet, revision="optional", headers=_tag)
    def delete(self, backend: LocalBackend, annotation: str, revision: int | None) -> SavedAnnotation:
        """Delete one annotation."""
        return backend.delete_one(annotation, revision)
