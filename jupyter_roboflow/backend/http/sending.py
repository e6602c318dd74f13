"""The requests of an upload: what the server has already, and some pictures in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from ...domain.errors import RoboflowError
from ..wire.errors import error_from
from ..wire.image_filter import IDS_AT_ONCE
from ..wire.images import Image, Known
from ..wire.model import PageOf
from ..wire.uploads import UploadedImage, UploadItem, Uploads
from .client import Client
from .multipart import MultipartBody, OutgoingFile


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that is in the dataset, under the name it has there; `known` before it was sent."""

    filename: str
    image_id: int
    known: bool


Outcome: TypeAlias = Taken | RoboflowError


def known_images(client: Client, dataset_id: int, hashes: Sequence[str]) -> dict[str, Taken]:
    """Which of these hashes the dataset has, as what."""
    if not hashes:
        return {}
    path = f"datasets/{dataset_id}/images/known"
    ids = client.ask(Known, "POST", path, {"sha256": list(hashes)}, repeatable=True).images
    names = _filenames(client, dataset_id, list(ids.values()))
    return {sha256: Taken(names.get(number, ""), number, known=True) for sha256, number in ids.items()}


def _filenames(client: Client, dataset_id: int, ids: Sequence[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for at in range(0, len(ids), IDS_AT_ONCE):
        query = {"ids": ",".join(map(str, ids[at : at + IDS_AT_ONCE])), "limit": IDS_AT_ONCE}
        found = client.get(PageOf[Image], f"datasets/{dataset_id}/images", query)
        names |= {image.id: image.filename for image in found.items}
    return names


def send_pictures(
    client: Client, dataset_id: int, files: Sequence[OutgoingFile], fields: Sequence[tuple[str, str]]
) -> list[Outcome]:
    """What became of each file. Raises what the whole request is refused for, and a single file if it is alone."""
    response = client.send_files(f"datasets/{dataset_id}/images", MultipartBody(files, fields))
    if response.status_code == HTTPStatus.MULTI_STATUS:
        return [_outcome(item) for item in client.parsed(Uploads, response).items]
    image = client.parsed(UploadedImage, response)
    return [Taken(image.filename, image.id, image.known)]


def _outcome(item: UploadItem) -> Outcome:
    if item.image is not None:
        return Taken(item.image.filename, item.image.id, item.known)
    told = item.error.model_dump() if item.error else {}
    return error_from(item.status, None, {"error": told}, f"{item.filename} was refused.")
