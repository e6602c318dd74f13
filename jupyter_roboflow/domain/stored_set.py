"""An Annotation Set as the text that the database keeps, for those who pass it on without a look at its shapes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredSet:
    """All annotations of one image. `annotations` is a JSON list in z-order, in UTF-8: the text of each geometry and of
    its attributes is the stored one. `etag` differs where anything of it does."""

    image_id: int
    revision: int
    state: str
    annotations: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What somebody gets who names what is there already."""

    etag: str
