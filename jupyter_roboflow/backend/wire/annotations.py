"""Annotations on the wire: `{label, shape_type, geometry}` with coordinates in upright pixels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
from pydantic import Field, model_validator

from ...domain import annotation as domain
from ...domain.annotation import ANNOTATIONS_LIMIT
from ...domain.dataset import ImageState
from ...domain.shapes import shape_or_kept
from ...domain.stored_set import StoredSet
from .model import Answer, JsonObject, Request, Text

_encode = msgspec.json.Encoder().encode


class NewAnnotation(Request):
    """`geometry` is `{"bbox": [x, y, w, h]}`, `{"points": [x1, y1, …]}` or `{"point": [x, y]}` in pixels of the upright
    image, with `"coords_unit": "px"`. Another `shape_type`, which a newer version saved, is kept if it comes back as it
    was loaded."""

    most_bytes: ClassVar[int] = 2 * 1024 * 1024  # a polygon of 10,000 points, and attributes

    label: Text
    shape_type: Text
    geometry: JsonObject
    attributes: JsonObject = Field(default_factory=dict)

    def to_domain(self, id: str = "") -> domain.Annotation:
        """The same with its shape made; `InvalidShape` says what cannot be."""
        return domain.Annotation(shape_or_kept(self.shape_type, self.geometry), self.label, self.attributes, id)


class SentAnnotation(NewAnnotation):
    """One with the `id` it was loaded with; a new one may have an id of 32 hex digits that its maker chose, or none."""

    id: str = Field("", max_length=64)


class WholeSet(Request):
    """All annotations of an image in z-order, the last on top: what is not in it is deleted."""

    annotations: tuple[SentAnnotation, ...] = Field(max_length=10 * ANNOTATIONS_LIMIT)
    state: ImageState | None = None

    def to_domain(self) -> list[domain.Annotation]:
        return [sent.to_domain(sent.id) for sent in self.annotations]


class Annotation(Answer):
    id: str
    label: str
    shape_type: str
    geometry: JsonObject
    attributes: JsonObject

    def to_domain(self) -> domain.Annotation:
        return domain.Annotation(shape_or_kept(self.shape_type, self.geometry), self.label, self.attributes, self.id)


class AnnotationSet(Answer):
    """All annotations of an image in z-order. `revision` is what the next save has to name in `If-Match`."""

    image_id: int
    revision: int
    state: ImageState
    annotations: tuple[Annotation, ...]

    @model_validator(mode="before")
    @classmethod
    def _from_domain(cls, value: Any) -> Any:
        if not isinstance(value, domain.AnnotationSet):
            return value
        drawn = [annotation_fields(each) for each in value.annotations]
        fields = {"image_id": value.image_id, "revision": value.revision, "state": value.state}
        return {**fields, "annotations": drawn}

    @classmethod
    def encoded(cls, value: Any) -> bytes | None:
        if isinstance(value, StoredSet):
            fields = {"image_id": value.image_id, "revision": value.revision, "state": value.state}
            return b'%b,"annotations":%b}' % (_encode(fields)[:-1], value.annotations)
        if not isinstance(value, domain.AnnotationSet):
            return None
        drawn = [annotation_fields(each) for each in value.annotations]
        fields = {"image_id": value.image_id, "revision": value.revision, "state": str(value.state)}
        return _encode({**fields, "annotations": drawn})

    def to_domain(self) -> domain.AnnotationSet:
        drawn = tuple(annotation.to_domain() for annotation in self.annotations)
        return domain.AnnotationSet(self.image_id, self.revision, drawn, self.state)


class ChangedAnnotation(Annotation):
    """An annotation after it was saved, and the revision of its set."""

    image_id: int
    revision: int

    @classmethod
    def encoded(cls, value: Any) -> bytes | None:
        if not isinstance(value, domain.SavedAnnotation) or value.annotation is None:
            return None
        of_set = {"image_id": value.image_id, "revision": value.revision}
        return _encode({**annotation_fields(value.annotation), **of_set})


class ChangedSet(Answer):
    """What the set is after one of its annotations was deleted."""

    image_id: int
    revision: int
    state: ImageState


def annotation_fields(annotation: domain.Annotation) -> dict[str, Any]:
    """An annotation's fields as they go over the wire."""
    return {
        "id": annotation.id,
        "label": annotation.label,
        "shape_type": annotation.shape.kind,
        "geometry": annotation.shape.geometry(),
        "attributes": dict(annotation.attributes),
    }


def sent(annotations: Iterable[domain.Annotation]) -> list[dict[str, Any]]:
    """Annotations as the body of a request."""
    return [annotation_fields(each) for each in annotations]
