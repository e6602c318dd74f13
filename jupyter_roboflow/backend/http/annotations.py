"""Annotation Sets over HTTP."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from typing import Any

from ...domain.annotation import Annotation, AnnotationSet
from ...domain.dataset import Image, ImageState
from ...domain.page import ImageFilter
from ...storage.geometry import write_attributes
from ..backend import EVERY_IMAGE
from ..wire import annotations as wire
from ..wire.examples import Examples
from ..wire.image_filter import IDS_AT_ONCE, filter_query
from .client import part
from .remote import Remote

EXAMPLES_AT_ONCE = 200


class AnnotationMethods(Remote):
    """What a Backend says of annotations."""

    def annotations(self, image_id: int) -> AnnotationSet:
        return self._client.get(wire.AnnotationSet, f"images/{image_id}/annotations").to_domain()

    def save_annotations(
        self, image_id: int, annotations: Iterable[Annotation], revision: int, *, state: ImageState | None = None
    ) -> AnnotationSet:
        body = {"annotations": [_sent(each) for each in annotations], "state": state and str(state)}
        path = f"images/{image_id}/annotations"
        return self._client.ask(wire.AnnotationSet, "PUT", path, body, revision=revision, once=True).to_domain()

    def add_annotation(self, image_id: int, annotation: Annotation, revision: int | None = None) -> AnnotationSet:
        path = f"images/{image_id}/annotations"
        self._client.ask(wire.ChangedAnnotation, "POST", path, _new(annotation), revision=revision, once=True)
        return self.annotations(image_id)

    def change_annotation(self, annotation: Annotation, revision: int | None = None) -> AnnotationSet:
        path, stated = f"annotations/{part(annotation.id)}", "*" if revision is None else revision
        changed = self._client.ask(wire.ChangedAnnotation, "PUT", path, _new(annotation), revision=stated)
        return self.annotations(changed.image_id)

    def delete_annotation(self, annotation_id: str, revision: int | None = None) -> AnnotationSet:
        path = f"annotations/{part(annotation_id)}"
        changed = self._client.ask(wire.ChangedSet, "DELETE", path, revision=revision)
        return self.annotations(changed.image_id)

    def examples(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, after: int = 0, limit: int | None = None
    ) -> Generator[tuple[Image, tuple[Annotation, ...]]]:
        left = limit
        for some in _in_parts(where):
            start: int | None = after
            while start is not None and (left is None or left > 0):
                at_once = EXAMPLES_AT_ONCE if left is None else min(left, EXAMPLES_AT_ONCE)
                query = {**filter_query(some), "after": start, "limit": at_once}
                page = self._client.get(Examples, f"datasets/{dataset_id}/examples", query)
                for item in page.items:
                    yield item.to_domain()
                start, left = page.next, None if left is None else left - len(page.items)


def _in_parts(where: ImageFilter) -> Iterator[ImageFilter]:
    """The filter, several times with some of the ids each where they are too many for an address."""
    if where.ids is None or len(where.ids) <= IDS_AT_ONCE:
        yield where
        return
    ids = sorted(set(where.ids))
    for at in range(0, len(ids), IDS_AT_ONCE):
        yield replace(where, ids=tuple(ids[at : at + IDS_AT_ONCE]))


def _sent(annotation: Annotation) -> dict[str, Any]:
    write_attributes(annotation.attributes)  # says what cannot be stored, before JSON cannot hold it
    return wire.annotation_fields(annotation)


def _new(annotation: Annotation) -> dict[str, Any]:
    """An annotation without its id, which is in the path or not there yet."""
    return {name: value for name, value in _sent(annotation).items() if name != "id"}
