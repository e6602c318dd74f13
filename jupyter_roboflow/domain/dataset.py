"""What people edit: datasets with their labels and images."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .errors import Invalid
from .palette import default_color as default_color

NAME_LIMIT = 255
"""Most characters in the name of a dataset, a label or a tag."""

_COLOR = re.compile(r"#[0-9a-f]{6}\Z")


class Split(StrEnum):
    """The part of a dataset that an image belongs to; an image without one has None."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


class ImageState(StrEnum):
    """What is known about an image's annotations. `empty` (looked, nothing there) is not `unlabeled`."""

    UNLABELED = "unlabeled"
    EMPTY = "empty"
    LABELED = "labeled"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Label:
    """A class of things. `index` is its number in exports and never changes; `position` is its place in lists."""

    name: str
    color: str
    index: int
    position: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset as its list entry shows it; `role` is what the asking user is in it."""

    id: int
    name: str
    owner: str
    created_at: datetime
    role: str = "owner"
    image_count: int = 0
    annotation_count: int = 0
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Image:
    """One picture. `width` and `height` are those of the upright image, in pixels; `size` is in bytes."""

    id: int
    dataset_id: int
    filename: str
    width: int
    height: int
    sha256: str
    size: int
    crc32: int
    media_type: str
    state: ImageState
    split: Split | None
    tags: tuple[str, ...]
    revision: int
    uploaded_at: datetime
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


def clean_name(value: object, what: str) -> str:
    """A name fit to be stored: NFC, trimmed, no control characters. Raises `Invalid` (`bad_unicode`, `label_empty`, …).

    `what` is the word for the message and the code: "label", "dataset", "tag", "file".
    """
    if not isinstance(value, str):
        raise Invalid(f"The {what} name is text, not {type(value).__name__}.", code="wrong_type")
    if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise Invalid(f"The {what} name holds NUL or broken Unicode: type it again.", code="bad_unicode")
    name = unicodedata.normalize("NFC", value).strip()
    if any(unicodedata.category(c) == "Cc" for c in name):
        raise Invalid(f"The {what} name {name!r} holds control characters: remove them.", code="control_characters")
    if not any(unicodedata.category(c)[0] not in "ZC" for c in name):
        raise Invalid(f"The {what} name is empty: give it at least one visible character.", code=f"{what}_empty")
    if len(name) > NAME_LIMIT:
        raise Invalid(f"The {what} name has {len(name)} characters; {NAME_LIMIT} are allowed.", code="name_too_long")
    return name


def check_color(value: object) -> str:
    """A colour as `#rrggbb` in lower case; anything else raises `Invalid` (`bad_colour`)."""
    if isinstance(value, str) and _COLOR.match(value.lower()):
        return value.lower()
    given = repr(value[:40]) if isinstance(value, str) else type(value).__name__
    raise Invalid(f"A colour is written #rrggbb, not {given}.", code="bad_colour")
