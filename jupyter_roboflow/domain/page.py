"""Asking for images, and getting lists in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from .dataset import ImageState, Split
from .errors import Invalid

T = TypeVar("T")

PAGE_LIMIT = 500
"""Most items on one page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: pages count from 1, `total` is that of the whole list."""

    items: tuple[T, ...]
    total: int
    page: int
    limit: int


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """Which images of a dataset are meant; what is None does not matter. Everything given must hold.

    `name` is a part of the file name, any case; `unsplit` asks for images without a split; sizes are upright pixels.
    """

    label: str | None = None
    state: ImageState | None = None
    split: Split | None = None
    unsplit: bool = False
    tag: str | None = None
    name: str | None = None
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    min_objects: int | None = None
    max_objects: int | None = None
    ids: tuple[int, ...] | None = None


SORTS = ("id", "-id", "filename", "-filename", "uploaded_at", "-uploaded_at", "objects", "-objects")
"""Orders a list of images may come in; ties are broken by id, so pages are stable."""


def check_page(page: int, limit: int) -> None:
    """Raise `Invalid` unless page is at least 1 and limit between 1 and `PAGE_LIMIT`."""
    if page < 1 or not 1 <= limit <= PAGE_LIMIT:
        raise Invalid(f"page starts at 1 and limit is 1 to {PAGE_LIMIT}, not {page} and {limit}.", code="bad_page")
