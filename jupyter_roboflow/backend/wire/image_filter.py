"""An ImageFilter on the wire: as parameters of an address, and as `where` in a body."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field

from ...domain import dataset as domain
from ...domain.errors import Invalid
from ...domain.page import CELL_PATTERN, RANGE_PATTERN, SIZE_PATTERN, Cell, ImageFilter, Range, parse_size, several
from .model import Id, Query, Request, Text

Pixels: TypeAlias = Annotated[int, Field(ge=0, le=10**9)]
SplitOrNone: TypeAlias = domain.Split | Literal["none"]
ImageIds: TypeAlias = Annotated[tuple[Id, ...], Field(min_length=1, max_length=100_000)]
ManyIds: TypeAlias = Annotated[tuple[Id, ...], Field(max_length=100_000)]
IdList: TypeAlias = Annotated[str, Field(max_length=12_000, pattern=r"^[0-9]{1,10}(,[0-9]{1,10})*$")]

RangeText: TypeAlias = Annotated[str, Field(pattern=f"^{RANGE_PATTERN}$")]
"""`5`, `2..5`, `6..` or `..5`: whole numbers, both ends included."""

SizeText: TypeAlias = Annotated[str, Field(pattern=f"^{SIZE_PATTERN}$")]
"""`640x480`: upright pixels."""

CellText: TypeAlias = Annotated[str, Field(pattern=f"^{CELL_PATTERN}$", max_length=300)]
"""`12,5` or `12,5,WBC`: column and row of the 32 × 32 grid of a heat map, and the label whose boxes are meant."""

IDS_AT_ONCE = 500
"""Ids that fit into an address, whoever stands between."""

_MOST = 50


class Which(BaseModel):
    """Which images: everything given must hold. Of several labels, tags and names an image has every one; of several
    states and splits any. An image is left out if it has any of what is excluded."""

    label: tuple[Text, ...] = Field((), max_length=_MOST)
    state: tuple[domain.ImageState, ...] = Field((), max_length=_MOST)
    split: tuple[SplitOrNone, ...] = Field((), max_length=_MOST)
    tag: tuple[Text, ...] = Field((), max_length=_MOST)
    name: tuple[Text, ...] = Field((), max_length=_MOST, description="A part of the file name, any case")
    min_width: Pixels | None = None
    max_width: Pixels | None = None
    min_height: Pixels | None = None
    max_height: Pixels | None = None
    min_objects: Pixels | None = None
    max_objects: Pixels | None = None
    box: tuple[RangeText, ...] = Field(
        (), max_length=_MOST, description="Side of a square as large as the box of an annotation, in whole pixels"
    )
    at: tuple[CellText, ...] = Field(
        (), max_length=_MOST, description="12,5 or 12,5,WBC: column and row of the heat map's grid, and a label"
    )
    exclude_label: tuple[Text, ...] = Field((), max_length=_MOST)
    exclude_state: tuple[domain.ImageState, ...] = Field((), max_length=_MOST)
    exclude_split: tuple[SplitOrNone, ...] = Field((), max_length=_MOST)
    exclude_tag: tuple[Text, ...] = Field((), max_length=_MOST)
    exclude_name: tuple[Text, ...] = Field((), max_length=_MOST)
    exclude_objects: tuple[RangeText, ...] = Field((), max_length=_MOST, description="5, 2..5, 6.. or ..5")
    exclude_width: tuple[RangeText, ...] = Field((), max_length=_MOST)
    exclude_height: tuple[RangeText, ...] = Field((), max_length=_MOST)
    exclude_size: tuple[SizeText, ...] = Field((), max_length=_MOST, description="640x480")
    exclude_box: tuple[RangeText, ...] = Field((), max_length=_MOST)
    exclude_at: tuple[CellText, ...] = Field((), max_length=_MOST)

    def _filter(self, ids: Iterable[int] | None, exclude_ids: Iterable[int]) -> ImageFilter:
        given: dict[str, Any] = {name: getattr(self, name) for name in _BOUNDS}
        words = [prefix + name for prefix in ("", "exclude_") for name in ("label", "tag", "name", "state")]
        given.update({name: getattr(self, name) or None for name in words})
        given.update({name: tuple(map(Range.parse, getattr(self, name))) for name in _RANGED})
        given.update({name: tuple(map(Cell.parse, getattr(self, name))) for name in _CELLS})
        return ImageFilter(
            **given,
            split=_splits(self.split) or None,
            unsplit="none" in self.split,
            exclude_split=_splits(self.exclude_split) or None,
            exclude_unsplit="none" in self.exclude_split,
            exclude_size=tuple(map(parse_size, self.exclude_size)),
            ids=None if ids is None else tuple(ids),
            exclude_ids=tuple(exclude_ids),
        )


_BOUNDS = tuple(f"{end}_{what}" for end in ("min", "max") for what in ("width", "height", "objects"))
_RANGED = ("box", "exclude_box", "exclude_objects", "exclude_width", "exclude_height")
_CELLS = ("at", "exclude_at")


class ImageFilterQuery(Which, Query):
    """As parameters of an address: several values are given as `label=cat&label=dog`, ids with commas between them."""

    ids: IdList | None = None
    exclude_ids: IdList | None = None

    def to_filter(self) -> ImageFilter:
        """The same as the domain's filter."""
        return self._filter(None if self.ids is None else _numbers(self.ids), _numbers(self.exclude_ids or ""))


class ImageWhere(Which, Request):
    """As a part of a body. An empty one is every image."""

    ids: ManyIds | None = None
    exclude_ids: ManyIds = ()

    def to_filter(self) -> ImageFilter:
        """The same as the domain's filter."""
        return self._filter(self.ids, self.exclude_ids)


def filter_fields(where: ImageFilter) -> dict[str, Any]:
    """A filter as `ImageWhere` reads it."""
    made: dict[str, Any] = {name: getattr(where, name) for name in _BOUNDS if getattr(where, name) is not None}
    for prefix in ("", "exclude_"):
        for name in ("label", "tag", "name", "state", "split"):
            made[prefix + name] = [str(value) for value in several(getattr(where, prefix + name))]
        if getattr(where, f"{prefix}unsplit"):
            made[f"{prefix}split"].append("none")
    for name in _RANGED:
        made[name] = [_range_text(each) for each in getattr(where, name)]
    for name in _CELLS:
        made[name] = [_cell_text(each) for each in getattr(where, name)]
    made["exclude_size"] = [f"{width}x{height}" for width, height in where.exclude_size]
    made["ids"] = None if where.ids is None else list(where.ids)
    made["exclude_ids"] = list(where.exclude_ids)
    return {name: value for name, value in made.items() if value not in (None, []) or (name == "ids" and value == [])}


def filter_query(where: ImageFilter) -> dict[str, Any]:
    """A filter as the parameters of an address, as `ImageFilterQuery` reads them; `Invalid` for too many ids."""
    made = filter_fields(where)
    for name in ("ids", "exclude_ids"):
        if len(made.get(name, ())) > IDS_AT_ONCE:
            raise Invalid(f"A list takes at most {IDS_AT_ONCE:,} ids: ask in parts.", code="too_many_ids")
        if name in made:
            made[name] = ",".join(map(str, made[name])) or "0"  # no image has that
    return made


def _splits(given: Iterable[SplitOrNone]) -> tuple[domain.Split, ...]:
    return tuple(split for split in given if split != "none")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(",") if number)


def _range_text(bounds: Range) -> str:
    least, most = bounds
    return str(least) if least is not None and least == most else f"{least or 0}..{'' if most is None else most}"


def _cell_text(cell: Cell) -> str:
    return ",".join(str(part) for part in cell if part is not None)
