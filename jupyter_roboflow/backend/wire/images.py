"""Images on the wire."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from ...domain import dataset as domain
from ...domain.errors import Invalid
from ...domain.page import ImageFilter
from .. import backend
from .model import Answer, Id, JsonObject, Paging, Query, Request, Text

Pixels: TypeAlias = Annotated[int, Field(ge=0, le=10**9)]
SplitOrNone: TypeAlias = domain.Split | Literal["none"]
ImageIds: TypeAlias = Annotated[tuple[Id, ...], Field(min_length=1, max_length=100_000)]


IDS_AT_ONCE = 500
"""Ids that fit into an address, whoever stands between."""


class ImageFilterQuery(Query):
    """Which images: everything given must hold. `name` is a part of the file name, any case; sizes are in pixels.

    `ids` are numbers of images with commas between them.
    """

    label: Text | None = None
    state: domain.ImageState | None = None
    split: SplitOrNone | None = None
    tag: Text | None = None
    name: Text | None = None
    min_width: Pixels | None = None
    max_width: Pixels | None = None
    min_height: Pixels | None = None
    max_height: Pixels | None = None
    min_objects: Pixels | None = None
    max_objects: Pixels | None = None
    ids: str | None = Field(None, max_length=12_000, pattern=r"^[0-9]{1,10}(,[0-9]{1,10})*$")

    def to_filter(self) -> ImageFilter:
        """The same as the domain's filter."""
        given = {name: getattr(self, name) for name in ImageFilterQuery.model_fields if name not in ("split", "ids")}
        split = None if self.split == "none" else self.split
        ids = None if self.ids is None else tuple(int(number) for number in self.ids.split(","))
        return ImageFilter(**given, split=split, unsplit=self.split == "none", ids=ids)


def filter_query(where: ImageFilter) -> dict[str, str]:
    """A filter as the parameters of an address, as `ImageFilterQuery` reads them."""
    given = {f.name: getattr(where, f.name) for f in fields(where) if f.name not in ("unsplit", "ids")}
    if where.unsplit:
        given["split"] = "none"
    if where.ids is not None:
        given["ids"] = ",".join(str(number) for number in where.ids) or "0"  # no image has that
    return {name: str(value) for name, value in given.items() if value is not None}


class ImageQuery(ImageFilterQuery, Paging):
    """A page of the images that fit; `sort` is id, filename, uploaded_at or objects, with - in front the other way."""

    sort: Text = "id"


class Image(Answer):
    """`width` and `height` are those of the upright image, in pixels; `size` is in bytes."""

    id: int
    dataset_id: int
    filename: str
    width: int
    height: int
    sha256: str
    size: int
    crc32: int
    media_type: str
    state: domain.ImageState
    split: domain.Split | None
    tags: tuple[str, ...]
    revision: int
    uploaded_at: datetime
    metadata: JsonObject

    def to_domain(self) -> domain.Image:
        return domain.Image(**dict(self))


class ImageChange(Request):
    """What is left out stays as it is; the split `none` takes it away."""

    split: SplitOrNone | None = None
    state: domain.ImageState | None = None
    add_tags: tuple[Text, ...] = Field((), max_length=1000)
    remove_tags: tuple[Text, ...] = Field((), max_length=1000)

    def to_domain(self) -> backend.ImageChange:
        split = None if self.split == "none" else self.split
        return backend.ImageChange(split, self.split == "none", self.state, self.add_tags, self.remove_tags)


class ImagesChange(ImageChange):
    ids: ImageIds


class ImagesDeletion(Request):
    ids: ImageIds


class Hashes(Request):
    """SHA-256 of original files, 64 hex digits each."""

    sha256: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...] = Field(max_length=10_000)


class Splitting(Request):
    """The share of each split, adding up to 1. `groups` maps image ids to keys: images of one key stay together."""

    fractions: dict[domain.Split, float]
    seed: int = Field(0, ge=0, le=2**63 - 1)
    groups: dict[str, Text] | None = None
    stratify: bool = False

    def groups_by_id(self) -> dict[int, str] | None:
        """The groups with their image ids as numbers; `Invalid` names a key that is none."""
        if self.groups is None:
            return None
        if wrong := next((key for key in self.groups if not (key.isascii() and key.isdigit() and len(key) < 11)), None):
            raise Invalid(f"groups: {wrong[:40]!r} is not the id of an image.", code="invalid_field", field="groups")
        return {int(key): group for key, group in self.groups.items()}


class Known(Answer):
    """The images that have these bytes, by SHA-256."""

    images: dict[str, int]


class Deleted(Answer):
    images: int


class SplitCounts(Answer):
    """How many images are in each split now."""

    images: dict[domain.Split, int]
