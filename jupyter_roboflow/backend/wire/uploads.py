"""What is sent to the server as files, and what came of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from .images import Image
from .jobs import ErrorBody
from .model import Answer, Id, JsonObject, Query, Request


class UploadedImage(Image):
    """`known` says that the dataset had these bytes already: it is the image of before, and nothing was changed."""

    known: bool


class UploadItem(Answer):
    """What came of one file: `status` is the one it would have had alone, 201, 200 (`known`), or that of its error."""

    filename: str
    status: int
    known: bool
    image: Image | None
    error: ErrorBody | None


class Uploads(Answer):
    """The files in the order they were sent."""

    items: tuple[UploadItem, ...]


class ImportPreview(Answer):
    """What an import would read. `losses` are those of the format; `counts` has images, annotations and labels.

    `complete` is False when there was more than is looked at for a preview.
    """

    format: str
    counts: JsonObject
    labels: tuple[str, ...]
    losses: tuple[JsonObject, ...]
    complete: bool


class FileQuery(Query):
    """`signature` is what a link was signed with. `redirect=0` has the server send it where a store would."""

    signature: str | None = Field(None, max_length=200)
    redirect: bool = True


class ImageLinks(Request):
    """Images whose files or thumbnails are to be shown where no login can be sent."""

    ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)]
    kind: Literal["file", "thumbnail"] = "file"


class Link(Answer):
    """`url`, below `roboflow/api/`, opens this one thing until `expires_at` for whoever has it."""

    id: int
    url: str
    expires_at: datetime


class Links(Answer):
    items: tuple[Link, ...]
