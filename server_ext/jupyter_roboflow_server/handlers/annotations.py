"""Annotation Sets, loaded and saved whole by revision, and single annotations."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.wire import annotations as wire
from jupyter_roboflow.domain.annotation import AnnotationSet

from .handler import Handler
from .operation import operation


def _tag_of_set(found: AnnotationSet) -> Mapping[str, str]:
    return {"ETag": f'"{found.revision}"'}


def _tag_of_one(saved: Mapping[str, Any]) -> Mapping[str, str]:
    return {"ETag": f'"{saved["revision"]}"'}


class AnnotationsHandler(Handler):
    @operation(answer=wire.AnnotationSet, headers=_tag_of_set)
    def get(self, backend: Backend, image_id: int) -> AnnotationSet:
        """All annotations of an image in z-order, with the revision that a save has to name."""
        return backend.annotations(image_id)

    @operation(
        body=wire.SentAnnotation,
        answer=wire.ChangedAnnotation,
        status=HTTPStatus.CREATED,
        revision="optional",
        headers=_tag_of_one,
        idempotent=True,
    )
    def post(
        self, backend: Backend, image_id: int, body: wire.SentAnnotation, revision: int | None
    ) -> Mapping[str, Any]:
        """Add one annotation on top, under its own id unless that is taken."""
        return wire.changed(backend.add_annotation(image_id, body.to_domain(body.id), revision))

    @operation(body=wire.WholeSet, answer=wire.AnnotationSet, revision="required", headers=_tag_of_set, idempotent=True)
    def put(self, backend: Backend, image_id: int, body: wire.WholeSet, revision: int) -> AnnotationSet:
        """Save the whole set that was loaded at the revision in `If-Match`; a stale one is a 409 with what is there."""
        return backend.save_annotations(image_id, body.to_domain(), revision, state=body.state)


class AnnotationHandler(Handler):
    @operation(body=wire.NewAnnotation, answer=wire.ChangedAnnotation, revision="stated", headers=_tag_of_one)
    def put(
        self, backend: Backend, annotation: str, body: wire.NewAnnotation, revision: int | None
    ) -> Mapping[str, Any]:
        """Change one annotation of the set that was loaded at the revision in `If-Match`, or `*` whatever it is."""
        return wire.changed(backend.change_annotation(body.to_domain(annotation), revision), annotation)

    @operation(answer=wire.AnnotationSet, revision="optional", headers=_tag_of_set)
    def delete(self, backend: Backend, annotation: str, revision: int | None) -> AnnotationSet:
        """Delete one annotation; what is left of its set."""
        return backend.delete_annotation(annotation, revision)
