"""Images together with what is drawn on them, for whoever reads a whole dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pydantic import Field

from ...domain import annotation as domain
from ...domain import dataset
from .annotations import Annotation, annotation_fields
from .image_filter import ImageFilterQuery
from .images import Image
from .model import Answer

AnyImage = TypeVar("AnyImage")
"""An image of a dataset, or of a version."""

MOST_DRAWN = 20_000
"""Annotations after which a page ends, so that its size does not depend on how much is drawn on an image."""


class ExampleQuery(ImageFilterQuery):
    """The images that fit and come after one, by their numbers."""

    after: int = Field(0, ge=0, le=2**31 - 1)
    limit: int = Field(200, ge=1, le=500)


class Example(Answer):
    image: Image
    annotations: tuple[Annotation, ...]

    def to_domain(self) -> tuple[dataset.Image, tuple[domain.Annotation, ...]]:
        return self.image.to_domain(), tuple(drawn.to_domain() for drawn in self.annotations)


class Examples(Answer):
    """In the order of images' numbers. `next` is what `after` has to be for the rest; null when there is none."""

    items: tuple[Example, ...]
    next: int | None


def page_of_examples(
    found: Iterable[tuple[AnyImage, tuple[domain.Annotation, ...]]], limit: int, number: Callable[[AnyImage], int]
) -> dict[str, Any]:
    """As many as fit on a page; there may be a rest if it is full, behind the `number` of the last."""
    items: list[dict[str, Any]] = []
    drawn = 0
    for image, on_it in found:
        items.append({"image": image, "annotations": [annotation_fields(each) for each in on_it]})
        drawn += len(on_it)
        if len(items) == limit or drawn >= MOST_DRAWN:
            return {"items": items, "next": number(image)}
    return {"items": items, "next": None}
