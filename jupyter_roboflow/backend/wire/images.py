"""Images on the wire."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import AfterValidator, AwareDatetime, Base64Bytes, Field

from ...domain import dataset as domain
from ...domain.errors import Invalid
from .. import changes
from .image_filter import ImageFilterQuery, ImageIds, ImageWhere, SplitOrNone
from .model import Answer, Id, JsonObject, Paging, Request, Text


class ImageQuery(ImageFilterQuery, Paging):
    """A page of the images that fit; `sort` is id, filename, uploaded_at or objects, with - in front the other way."""

    sort: Text = "id"


class ImageIdsQuery(ImageFilterQuery):
    """All the images that fit, in the order that `sort` says of a page."""

    sort: Text = "id"


class AllIds(Answer):
    """The ids of images, in the order asked for."""

    ids: tuple[int, ...]

    @classmethod
    def encoded(cls, value: Any) -> bytes | None:
        return b'{"ids":[%b]}' % ",".join(map(str, value["ids"])).encode()


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

    def to_domain(self) -> changes.ImageChange:
        split = None if self.split == "none" else self.split
        return changes.ImageChange(split, self.split == "none", self.state, self.add_tags, self.remove_tags)


def change_fields(change: changes.ImageChange) -> dict[str, Any]:
    """A change as the fields of a body."""
    return {
        "split": "none" if change.clear_split else change.split and str(change.split),
        "state": change.state and str(change.state),
        "add_tags": list(change.add_tags),
        "remove_tags": list(change.remove_tags),
    }


class ImagesChange(ImageChange):
    ids: ImageIds


class Selection(Request):
    """Every image that fits `where`. With `expected`, how many those were when they were looked at, another number is
    refused (409 `other_images`) and nothing is done."""

    where: ImageWhere
    expected: int | None = Field(None, ge=0, le=2**31 - 1)


class ChangeOfFitting(ImageChange, Selection):
    pass


class UndoStep(Answer):
    """What `PATCH datasets/{id}/images` takes to bring these images back to how they were."""

    ids: tuple[int, ...]
    split: SplitOrNone | None
    state: domain.ImageState | None
    add_tags: tuple[str, ...]
    remove_tags: tuple[str, ...]

    def to_domain(self) -> changes.ImagesUndo:
        split = None if self.split == "none" else self.split
        change = changes.ImageChange(split, self.split == "none", self.state, self.add_tags, self.remove_tags)
        return changes.ImagesUndo(self.ids, change)


class ChangedImages(Answer):
    """How many images fitted; sent to `PATCH datasets/{id}/images` one after another, the parts of `undo` bring all
    of them back."""

    images: int
    undo: tuple[UndoStep, ...]

    def to_domain(self) -> changes.ChangedImages:
        return changes.ChangedImages(self.images, tuple(step.to_domain() for step in self.undo))


class Relabeling(Selection):
    """The label `target` for the annotations of `source`; without it for those of every label."""

    target: Text
    source: Text | None = None


class RelabelUndoStep(Answer):
    """Annotations that had the label `source` and got the label `target` at a time that is theirs alone."""

    source: str
    target: str
    at: datetime

    def to_domain(self) -> changes.RelabelUndo:
        return changes.RelabelUndo(self.source, self.target, self.at)


class Relabeled(Answer):
    """How many annotations have another label now, and on how many images. `undo` is what
    `POST datasets/{id}/images/relabel/undo` takes; what was taken back has none."""

    images: int
    annotations: int
    undo: tuple[RelabelUndoStep, ...]

    def to_domain(self) -> changes.Relabeled:
        return changes.Relabeled(self.images, self.annotations, tuple(step.to_domain() for step in self.undo))


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("There is no such time in UTC.") from error


UtcTime: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class RelabelBack(Request):
    """A step of `undo` as the relabeling answered it."""

    source: Text
    target: Text
    at: UtcTime

    def to_domain(self) -> changes.RelabelUndo:
        return changes.RelabelUndo(self.source, self.target, self.at)


class RelabelUndo(Request):
    """What the relabeling answered as `undo`."""

    undo: tuple[RelabelBack, ...] = Field(max_length=5_000)

    def to_domain(self) -> tuple[changes.RelabelUndo, ...]:
        return tuple(step.to_domain() for step in self.undo)


def relabel_fields(undo: changes.RelabelUndo) -> dict[str, Any]:
    """A step of undoing as the fields of a body."""
    return {"source": undo.source, "target": undo.target, "at": undo.at.isoformat()}


class ImagesDeletion(Request):
    """Either the images with these `ids`, or every one that fits `where`, if it is as many as `expected`."""

    ids: ImageIds | None = None
    where: ImageWhere | None = None
    expected: int | None = Field(None, ge=0, le=2**31 - 1)


class TagCount(Answer):
    tag: str
    images: int


class Tags(Answer):
    """In alphabetical order."""

    items: tuple[TagCount, ...]


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


class CountedImages(Request):
    ids: ImageIds


class AnnotationCounts(Answer):
    """How many annotations there are on images, by their ids."""

    images: dict[int, int]


THUMBNAILS_AT_ONCE = 100


class WantedThumbnails(Request):
    """Images whose thumbnails are wanted, in that order."""

    most_bytes: ClassVar[int] = 64 * 1024

    ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=THUMBNAILS_AT_ONCE)]


class Thumbnails(Answer):
    """JPEG files in base64, of the first images that were asked for: one at least, and as many as are quickly had. The
    others are to be asked for again."""

    items: tuple[Base64Bytes, ...] = Field(min_length=1)

    @classmethod
    def encoded(cls, value: Any) -> bytes | None:
        return b'{"items":[%b]}' % b",".join(b'"%b"' % base64.b64encode(each) for each in value["items"])


class Deleted(Answer):
    images: int


class SplitCounts(Answer):
    """How many images are in each split now."""

    images: dict[domain.Split, int]
