"""Previews of recipes on the wire."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Literal

from pydantic import Field, JsonValue

from ...domain import preview
from ...domain.shapes import shape_from
from .model import Answer, Id, JsonObject, Request


class PreviewSpec(Request):
    """The recipe as plain data. Without `image_ids` it is `count` images, evenly spread; `copies` of each are made, no
    side of a picture is longer than `side` pixels."""

    most_bytes: ClassVar[int] = 2 * 1024 * 1024

    recipe: JsonObject
    image_ids: tuple[Id, ...] | None = Field(None, min_length=1, max_length=12)
    count: int = Field(6, ge=1, le=12)
    copies: int = Field(1, ge=1, le=4)
    side: int = Field(640, ge=64, le=1024)


class StepParameter(Answer):
    """A setting of a step: `number` has `low`, `high` and a `step` for sliders, `numbers` a `count`, `choice` its
    `choices`; `names`, `renames` and `arguments` are lists and objects of JSON, `flag` and `text` what they say."""

    name: str
    type: str
    default: JsonValue
    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    whole: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    count: int | None = None


class StepDescription(Answer):
    """`moves` says whether it moves annotations; steps of the stage `preprocess` have no probability but 1."""

    name: str
    title: str
    help: str
    stage: Literal["preprocess", "augment"]
    probability: float
    moves: bool
    parameters: tuple[StepParameter, ...]


class Steps(Answer):
    """In the order in which people choose from them."""

    items: tuple[StepDescription, ...]


class PreviewShape(Answer):
    """In pixels of the small picture. `iou` compares a polygon with its mask moved as pixels."""

    label: str
    shape_type: str
    geometry: JsonObject
    source: int
    iou: float | None

    def to_domain(self) -> preview.PreviewShape:
        return preview.PreviewShape(shape_from(self.shape_type, self.geometry), self.label, self.source, self.iou)


class PreviewDrop(Answer):
    """An annotation that went: its place among those of the image, why, and in which step."""

    source: int
    why: str
    step: str


class PreviewPicture(Answer):
    """`data` is the picture's file in base64."""

    data: str
    media_type: str
    width: int
    height: int
    shapes: tuple[PreviewShape, ...]
    dropped: tuple[PreviewDrop, ...]
    copy_number: int
    piece: str
    iou: float | None = Field(description="The least of its polygons")

    def to_domain(self) -> preview.PreviewPicture:
        return preview.PreviewPicture(
            base64.b64decode(self.data),
            self.media_type,
            self.width,
            self.height,
            tuple(shape.to_domain() for shape in self.shapes),
            tuple(preview.PreviewDrop(drop.source, drop.why, drop.step) for drop in self.dropped),
            self.copy_number,
            self.piece,
        )


class PreviewItem(Answer):
    """An image as it is, and what the recipe makes of it; `problem` says what went wrong."""

    image_id: int
    filename: str
    original: PreviewPicture | None
    pictures: tuple[PreviewPicture, ...]
    more: int
    problem: str | None

    def to_domain(self) -> preview.PreviewItem:
        return preview.PreviewItem(
            self.image_id,
            self.filename,
            self.original and self.original.to_domain(),
            tuple(picture.to_domain() for picture in self.pictures),
            self.more,
            self.problem,
        )


class Preview(Answer):
    items: tuple[PreviewItem, ...]


def preview_fields(items: Sequence[preview.PreviewItem]) -> dict[str, Any]:
    """A preview as an answer."""
    return {"items": [_item(item) for item in items]}


def _item(item: preview.PreviewItem) -> dict[str, Any]:
    return {
        "image_id": item.image_id,
        "filename": item.filename,
        "original": item.original and _picture(item.original),
        "pictures": [_picture(picture) for picture in item.pictures],
        "more": item.more,
        "problem": item.problem,
    }


def _picture(picture: preview.PreviewPicture) -> dict[str, Any]:
    return {
        "data": base64.b64encode(picture.data).decode(),
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "shapes": [_shape(each) for each in picture.shapes],
        "dropped": [asdict(drop) for drop in picture.dropped],
        "copy_number": picture.copy,
        "piece": picture.piece,
        "iou": picture.iou,
    }


def _shape(moved: preview.PreviewShape) -> dict[str, Any]:
    drawn = {"label": moved.label, "shape_type": moved.shape.kind, "geometry": moved.shape.geometry()}
    return {**drawn, "source": moved.source, "iou": moved.iou}
