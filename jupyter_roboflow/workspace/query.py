"""The words of `ds.images(…)` as a filter."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, TypeAlias, TypedDict, TypeVar, cast

from ..domain.dataset import ImageState, Split
from ..domain.errors import Invalid
from ..domain.page import Cell, ImageFilter, Range, parse_size

_Word = TypeVar("_Word", bound=StrEnum)
_Item = TypeVar("_Item")


Words: TypeAlias = "str | Sequence[str]"
Numbers: TypeAlias = "int | str | Sequence[int | str]"
"""Whole numbers: 5 alone, or "2..5", "6.." and "..5", ends included."""
Ids: TypeAlias = "int | Sequence[int]"


class Where(TypedDict, total=False):
    """What images may be asked for; everything given must hold.

    Of several labels, tags and parts of names an image has every one, of several states, splits and ids any; it has
    none of what is excluded. Sizes are upright pixels, `exclude_size` is "640x480". `box` is the side of a square as
    large as the box of an annotation, `at` the cell of the heat map where the middle of one lies: "12,5" or "12,5,WBC".
    """

    label: Words
    state: Words
    split: Words
    tag: Words
    name: Words
    min_width: int
    max_width: int
    min_height: int
    max_height: int
    min_objects: int
    max_objects: int
    ids: Ids
    box: Numbers
    at: Words
    exclude_label: Words
    exclude_state: Words
    exclude_split: Words
    exclude_tag: Words
    exclude_name: Words
    exclude_objects: Numbers
    exclude_width: Numbers
    exclude_height: Numbers
    exclude_size: Words
    exclude_ids: Ids
    exclude_box: Numbers
    exclude_at: Words


def image_filter(where: Where) -> ImageFilter:
    """The filter those words mean; the split "none" stands for images without one. A wrong word is named."""
    given: dict[str, Any] = dict(where)
    if unknown := sorted(set(given) - set(Where.__annotations__)):
        known = ", ".join(Where.__annotations__)
        raise Invalid(f"Unknown filter {unknown[0]!r}; known: {known}.", code="unknown_filter")
    for prefix in ("", "exclude_"):
        splits = _several(given.get(f"{prefix}split"))
        given[f"{prefix}unsplit"] = "none" in splits
        given[f"{prefix}split"] = tuple(member(Split, each, "split") for each in splits if each != "none") or None
        states = _several(given.get(f"{prefix}state"))
        given[f"{prefix}state"] = tuple(member(ImageState, each, "state") for each in states) or None
        for name in ("label", "tag", "name"):
            given[prefix + name] = _several(given.get(prefix + name)) or None
    for name, read in _READ.items():
        given[name] = tuple(map(read, _several(given.get(name))))
    if given.get("ids") is not None:
        given["ids"] = tuple(map(_id, _several(given["ids"])))
    return ImageFilter(**given)


def _range(given: int | str) -> Range:
    return Range.parse(str(given))


def _size(given: str) -> tuple[int, int]:
    return parse_size(str(given))


def _id(given: object) -> int:
    try:
        return operator.index(given)  # pyright: ignore[reportArgumentType]
    except TypeError:
        raise Invalid(f"{given!r} is not the id of an image: ids are whole numbers.", code="bad_id") from None


def _cell(given: str) -> Cell:
    return Cell.parse(str(given))


_READ: dict[str, Callable[[Any], Any]] = {
    "box": _range,
    "at": _cell,
    "exclude_box": _range,
    "exclude_at": _cell,
    "exclude_objects": _range,
    "exclude_width": _range,
    "exclude_height": _range,
    "exclude_size": _size,
    "exclude_ids": _id,
}


def _several(given: _Item | Sequence[_Item] | None) -> tuple[_Item, ...]:
    """One word or number, or several, as a tuple; None asks for nothing."""
    if given is None:
        return ()
    one = isinstance(given, str) or not isinstance(given, Iterable)
    return (cast("_Item", given),) if one else tuple(cast("Iterable[_Item]", given))


def member(kind: type[_Word], value: str, what: str) -> _Word:
    """The word of that kind; a wrong one is refused with those there are."""
    try:
        return kind(value)
    except ValueError:
        raise Invalid(f"{what}={value!r}: one of {', '.join(kind)}.", code=f"bad_{what}") from None
