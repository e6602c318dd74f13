"""What people draw: a Shape with a Label on an Image, and all of them on one Image together."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .shapes import Shape

ANNOTATIONS_LIMIT = 5_000
"""Most annotations on one image."""

_ID = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One Shape with the name of its Label and free attributes (JSON data). `id` is empty until it is saved."""

    shape: Shape
    label: str
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    id: str = ""

    @classmethod
    def trusted(cls, shape: Shape, label: str, attributes: Mapping[str, Any], id: str) -> Annotation:
        """The same as the constructor in half the time, for those who read whole datasets."""
        annotation = _NEW(cls)
        _set_shape(annotation, shape)
        _set_label(annotation, label)
        _set_attributes(annotation, attributes)
        _set_id(annotation, id)
        return annotation


_NEW = object.__new__
_set_shape, _set_label, _set_attributes, _set_id = (
    Annotation.__dict__[name].__set__ for name in ("shape", "label", "attributes", "id")
)


@dataclass(frozen=True, slots=True)
class AnnotationSet:
    """All annotations of one image in z-order (last on top). Saving needs the revision that was loaded.

    `etag` differs where any of it does; it is empty where nobody has told.
    """

    image_id: int
    revision: int
    annotations: tuple[Annotation, ...]
    state: str = "unlabeled"
    etag: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SavedAnnotation:
    """One annotation as it was saved by itself, or deleted (None), and what its set is by that."""

    image_id: int
    revision: int
    state: str
    etag: str
    annotation: Annotation | None


def make_annotation_id() -> str:
    """A new id: 32 hex digits, 48 bits of milliseconds first (as in UUID version 7), so that ids sort by age."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def make_annotation_ids(count: int) -> list[str]:
    """Many new ids at once, as `make_annotation_id` makes them."""
    stamp, noise = f"{time.time_ns() // 1_000_000:012x}", secrets.token_hex(10 * count)
    return [stamp + noise[i : i + 20] for i in range(0, 20 * count, 20)]


def is_annotation_id(value: object) -> bool:
    """Whether a client may use this as an annotation's id: 32 lower-case hex digits."""
    return isinstance(value, str) and _ID.match(value) is not None
