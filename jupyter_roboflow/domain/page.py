"""Asking for images, and getting lists in pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar, cast

from .dataset import ImageState, Split
from .errors import Invalid

T = TypeVar("T")

RANGE_PATTERN = r"([0-9]{1,9}|[0-9]{1,9}\.\.[0-9]{0,9}|\.\.[0-9]{1,9})"
SIZE_PATTERN = r"[0-9]{1,9}x[0-9]{1,9}"
CELL_PATTERN = r"([0-2]?[0-9]|3[01]),([0-2]?[0-9]|3[01])(,.+)?"

HEAT_GRID = 32
"""Columns and rows that the health of a dataset lays over every picture."""

PAGE_LIMIT = 500
"""Most items on one page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: pages count from 1, `total` is that of the whole list."""

    items: tuple[T, ...]
    total: int
    page: int
    limit: int


Several: TypeAlias = T | tuple[T, ...]
"""One, or several in a tuple."""


def several(given: Several[T] | None) -> tuple[T, ...]:
    """What is given as a tuple; an empty one for nothing."""
    if given is None:
        return ()
    return cast("tuple[T, ...]", given) if isinstance(given, tuple) else (given,)


class Range(NamedTuple):
    """Whole numbers from `least` to `most`, both included; None leaves that end open."""

    least: int | None = None
    most: int | None = None

    @classmethod
    def parse(cls, text: str) -> Range:
        """`5`, `2..5`, `6..` or `..5`; `Invalid` (`bad_range`) for anything else."""
        if _RANGE.fullmatch(text) is None:
            raise Invalid(f"{text[:40]!r} is no range of whole numbers: write 5, 2..5, 6.. or ..5.", code="bad_range")
        least, dots, most = text.partition("..")
        return cls(int(least) if least else None, int(most) if most else None if dots else int(least))


_RANGE = re.compile(RANGE_PATTERN)
_SIZE = re.compile(SIZE_PATTERN)
_CELL = re.compile(CELL_PATTERN, re.DOTALL)


def parse_size(text: str) -> tuple[int, int]:
    """Width and height of `640x480`, upright pixels; `Invalid` (`bad_size`) for anything else."""
    if _SIZE.fullmatch(text) is None:
        raise Invalid(f"{text[:40]!r} is no size: write it as 640x480.", code="bad_size")
    width, height = text.split("x")
    return int(width), int(height)


class Cell(NamedTuple):
    """A column and a row of the grid over a picture, from 0, and whose boxes are meant: None for those of any label."""

    column: int
    row: int
    label: str | None = None

    @classmethod
    def parse(cls, text: str) -> Cell:
        """`12,5` or `12,5,WBC`: column, row, label; `Invalid` (`bad_cell`) for anything else."""
        if _CELL.fullmatch(text) is None:
            raise Invalid(
                f"{text[:40]!r} is no cell: write column,row or column,row,label, both from 0 to {HEAT_GRID - 1}.",
                code="bad_cell",
            )
        column, row, *label = text.split(",", 2)
        return cls(int(column), int(row), label[0] if label else None)


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """Which images of a dataset are meant; what is None does not matter. Everything given must hold.

    Of several labels, tags and names an image must have every one; of several states and splits, as it has one of each,
    any. An image is left out if it has any of what is excluded. `name` is a part of the file name, any case; `unsplit`
    asks for images without a split (besides those of `split`, if that is given); sizes are upright pixels, and those in
    `exclude_size` are (width, height). For each range in `box` an image has an annotation whose box is as large as a
    square with a side in it, parts of pixels cut off; for each cell in `at` one with the middle of its box there.
    """

    label: Several[str] | None = None
    state: Several[ImageState] | None = None
    split: Several[Split] | None = None
    unsplit: bool = False
    tag: Several[str] | None = None
    name: Several[str] | None = None
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    min_objects: int | None = None
    max_objects: int | None = None
    ids: tuple[int, ...] | None = None
    box: tuple[Range, ...] = ()
    at: tuple[Cell, ...] = ()
    exclude_label: Several[str] | None = None
    exclude_state: Several[ImageState] | None = None
    exclude_split: Several[Split] | None = None
    exclude_unsplit: bool = False
    exclude_tag: Several[str] | None = None
    exclude_name: Several[str] | None = None
    exclude_objects: tuple[Range, ...] = ()
    exclude_width: tuple[Range, ...] = ()
    exclude_height: tuple[Range, ...] = ()
    exclude_size: tuple[tuple[int, int], ...] = ()
    exclude_ids: tuple[int, ...] = ()
    exclude_box: tuple[Range, ...] = ()
    exclude_at: tuple[Cell, ...] = ()

    def given(self) -> dict[str, Any]:
        """What it asks for by name, without what does not matter."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value not in (None, ()) and value is not False}


SORTS = ("id", "-id", "filename", "-filename", "uploaded_at", "-uploaded_at", "objects", "-objects")
"""Orders a list of images may come in; ties are broken by id, so pages are stable."""


def check_page(page: int, limit: int) -> None:
    """Raise `Invalid` unless page is at least 1 and limit between 1 and `PAGE_LIMIT`."""
    if page < 1 or not 1 <= limit <= PAGE_LIMIT:
        raise Invalid(f"page starts at 1 and limit is 1 to {PAGE_LIMIT}, not {page} and {limit}.", code="bad_page")
