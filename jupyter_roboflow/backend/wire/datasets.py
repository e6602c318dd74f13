"""Datasets, labels and collaborators on the wire."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Any

from pydantic import Field, field_validator

from ...domain import dataset as domain
from ...domain.user import DatasetRole
from .model import Answer, Id, JsonObject, Paging, Query, Request, Text


class NewDataset(Request):
    name: Text
    metadata: JsonObject = Field(default_factory=dict)


class DatasetChange(Request):
    """What is left out stays as it is."""

    name: Text | None = None
    metadata: JsonObject | None = None


class DatasetQuery(Paging):
    """`search` is a part of the name, any case."""

    search: Text | None = None


class DatasetName(Query):
    name: Text


class Dataset(Answer):
    """`role` is what the asking user is in it."""

    id: int
    name: str
    owner: str
    role: str
    created_at: datetime
    image_count: int
    annotation_count: int
    metadata: JsonObject

    def to_domain(self) -> domain.Dataset:
        return domain.Dataset(**dict(self))


class Label(Answer):
    """`index` is its number in exports and never changes, `position` its place in lists."""

    id: int
    name: str
    color: str
    index: int
    position: int

    def to_domain(self) -> domain.Label:
        return domain.Label(**dict(self))


class NewLabel(Request):
    name: Text
    color: Text | None = Field(None, description="#rrggbb; without one a colour is chosen that differs from the others")


class LabelChange(Request):
    name: Text | None = None
    color: Text | None = None


class LabelOrder(Request):
    """All labels of the dataset in their new order. Export numbers stay."""

    names: tuple[Text, ...] = Field(max_length=10_000)


class WantedLabel(Request):
    """A label that is there already, by its `id`, under this name and colour; without an id a new one."""

    id: Id | None = None
    name: Text
    color: Text | None = None


class WantedLabels(Request):
    """All labels of the dataset in their order: what is not named is deleted. Export numbers stay."""

    labels: tuple[WantedLabel, ...] = Field(max_length=10_000)


class LabelDeletion(Query):
    """Which label gets the annotations; without one a label in use is not deleted."""

    reassign_to: Text | None = None


class Labels(Answer):
    """The labels in their order."""

    items: tuple[Label, ...]


class Moved(Answer):
    """How many annotations have another label now."""

    annotations: int


class LabelMerge(Request):
    """All annotations of `source` become `target`'s, and `source` is deleted."""

    source: Text
    target: Text


class Collaborator(Answer):
    username: str
    role: DatasetRole


class Collaborators(Answer):
    items: tuple[Collaborator, ...]


class CollaboratorRole(Request):
    role: DatasetRole


class AuditEntry(Answer):
    """One line of what happened. `subject` names what it happened to; `details` differ by action."""

    id: int
    at: datetime
    user_id: int
    username: str
    action: str
    dataset_id: int | None
    image_id: int | None
    subject: str
    details: JsonObject

    @field_validator("details")
    @classmethod
    def _without_paths(cls, details: dict[str, Any]) -> dict[str, Any]:
        """Where a file lay on somebody's machine concerns nobody else; its name does."""
        path = details.get("path")
        return {**details, "path": PurePath(path.replace("\\", "/")).name} if isinstance(path, str) else details
