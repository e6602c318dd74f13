"""Annotations of frozen images as JSON text, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ..domain.annotation import Annotation
from ..domain.dataset import Label
from ..domain.errors import StorageCorrupt
from ..domain.version import CONTENT_FORMAT, VersionImage
from .geometry import read_geometry, write_attributes, write_geometry


class FrozenAnnotation(msgspec.Struct):
    """One annotation as it is stored; `source` is the id of the dataset's annotation that it came from."""

    label: str
    shape_type: str
    geometry: msgspec.Raw
    attributes: dict[str, Any] = {}
    source: str = ""

    def content(self) -> tuple[str, str, bytes, bytes]:
        """What makes two of them the same, wherever they came from."""
        return self.label, self.shape_type, bytes(self.geometry), _encode(self.attributes)


_decode = msgspec.json.Decoder(list[FrozenAnnotation]).decode
_encode = msgspec.json.Encoder(order="sorted").encode


def write_annotations(annotations: Iterable[Annotation]) -> str:
    """The JSON text of annotations in z-order; their ids become `source`."""
    return _encode([_frozen(annotation) for annotation in annotations]).decode()


def read_annotations(text: str) -> tuple[Annotation, ...]:
    """The annotations again, with their sources as ids; `StorageCorrupt` when the text holds none."""
    return tuple(
        Annotation(
            read_geometry(each.shape_type, bytes(each.geometry).decode()), each.label, each.attributes, each.source
        )
        for each in read_frozen(text)
    )


def read_frozen(text: str) -> list[FrozenAnnotation]:
    """The annotations as they are stored, geometry unread."""
    try:
        return _decode(text)
    except msgspec.MsgspecError as error:
        raise StorageCorrupt(
            f"Annotations of a version cannot be read ({error}): run `jupyter roboflow check` to find what is damaged.",
            code="geometry_corrupt",
        ) from error


def content_digest(image: VersionImage, annotations: str) -> str:
    """SHA-256 of what a frozen image is for whoever trains with it: its place, its pixels and what is drawn on it."""
    drawn = [each.content() for each in read_frozen(annotations)]
    told = [image.filename, image.split, image.width, image.height, image.sha256, image.media_type, image.copy]
    return hashlib.sha256(_encode([told, [[a, b, c.decode(), d.decode()] for a, b, c, d in drawn]])).hexdigest()


def content_hash(
    recipe: Mapping[str, Any],
    seed: int,
    labels: Sequence[Label],
    libraries: Mapping[str, str],
    digests: Iterable[str],
) -> str:
    """SHA-256 of a whole version; `digests` are those of its images, in order."""
    names = [[label.name, label.index] for label in labels]
    digest = hashlib.sha256(_encode([CONTENT_FORMAT, recipe, seed, names, libraries]))
    for each in digests:
        digest.update(bytes.fromhex(each))
    return digest.hexdigest()


def _frozen(annotation: Annotation) -> Mapping[str, Any]:
    return {
        "label": annotation.label,
        "shape_type": annotation.shape.kind,
        "geometry": msgspec.Raw(write_geometry(annotation.shape).encode()),
        "attributes": msgspec.Raw(write_attributes(annotation.attributes).encode()),
        "source": annotation.id,
    }
