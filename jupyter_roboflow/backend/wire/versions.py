"""Versions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import AliasChoices, Field

from ...domain import dataset, version
from ...domain.annotation import Annotation as DomainAnnotation
from .annotations import Annotation
from .model import Answer, Id, JsonObject, Query, Request, Text


class Splits(Request):
    """Shares that add up to 1, for this version alone."""

    train: float = Field(0.0, ge=0, le=1)
    valid: float = Field(0.0, ge=0, le=1)
    test: float = Field(0.0, ge=0, le=1)

    def to_domain(self) -> dict[dataset.Split, float]:
        return {dataset.Split.TRAIN: self.train, dataset.Split.VALID: self.valid, dataset.Split.TEST: self.test}


class VersionOptions(Request):
    """What holds for every recipe. `on_error` says what a picture does that cannot be read."""

    on_error: Literal["fail", "skip"] = "fail"
    include_unlabeled: bool = False
    quality: int = Field(default=95, ge=50, le=100, description="Of JPEGs that are written anew")


class NewVersion(Request):
    """The recipe as plain data; without `splits` images keep theirs, and those without one train."""

    recipe: JsonObject
    splits: Splits | None = None
    name: Text | None = None
    note: str | None = Field(None, max_length=10_000)
    options: VersionOptions = VersionOptions()


class AugmentSpec(Request):
    """What `POST datasets/{id}/versions` takes as `recipe`, under its older name."""

    spec: JsonObject


class FrozenLabel(Answer):
    name: str
    color: str
    index: int
    position: int

    def to_domain(self) -> dataset.Label:
        return dataset.Label(self.name, self.color, self.index, self.position)


class Version(Answer):
    """A frozen dataset. `url` leads, below `roboflow/api/`, to its pictures."""

    id: int
    dataset_id: int
    number: int
    name: str | None
    note: str | None
    recipe: JsonObject
    seed: int
    options: JsonObject
    labels: tuple[FrozenLabel, ...]
    libraries: dict[str, str]
    counts: JsonObject
    losses: tuple[JsonObject, ...]
    refused: tuple[JsonObject, ...]
    content_hash: str
    state: str
    created_by: str
    created_at: datetime
    job_id: int | None

    def to_domain(self) -> version.Version:
        fields: dict[str, Any] = dict(self)
        fields["labels"] = tuple(label.to_domain() for label in self.labels)
        return version.Version(**fields)


class Versions(Answer):
    items: tuple[Version, ...]


class VersionImage(Answer):
    """One picture of a version. Its file is at `versions/{id}/images/{position}/file`."""

    position: int
    filename: str
    width: int
    height: int
    sha256: str
    size: int
    crc32: int
    media_type: str
    split: dataset.Split | None
    annotation_count: int
    source_image_id: int | None
    copy_number: int = Field(validation_alias=AliasChoices("copy", "copy_number"))

    def to_domain(self) -> version.VersionImage:
        fields: dict[str, Any] = dict(self)
        number = fields.pop("copy_number")
        return version.VersionImage(**fields, copy=number)


class VersionExampleQuery(Query):
    """The images of one split, or all, from the one behind position `after` on."""

    split: dataset.Split | None = None
    after: int = Field(0, ge=0, le=2**31 - 1)
    limit: int = Field(200, ge=1, le=500)


class VersionExample(Answer):
    image: VersionImage
    annotations: tuple[Annotation, ...]

    def to_domain(self) -> tuple[version.VersionImage, tuple[DomainAnnotation, ...]]:
        return self.image.to_domain(), tuple(drawn.to_domain() for drawn in self.annotations)


class VersionExamples(Answer):
    """In the order of positions. `next` is what `after` has to be for the rest; null when there is none."""

    items: tuple[VersionExample, ...]
    next: int | None


class ChangesOf(Answer):
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


class VersionDiff(Answer):
    """From version `before` to version `after`."""

    before: Id
    after: Id
    labels: ChangesOf
    images: ChangesOf
    annotations: dict[str, int]
    recipe_changed: bool
    same_content: bool

    def to_domain(self) -> version.VersionDiff:
        fields: dict[str, Any] = dict(self)
        for name in ("labels", "images"):
            fields[name] = version.Changes(**dict(fields[name]))
        return version.VersionDiff(**fields)
