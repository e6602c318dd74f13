"""The words of `ds.images(…)` as a filter."""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict, TypeVar

from ..domain.dataset import ImageState, Split
from ..domain.errors import Invalid
from ..domain.page import ImageFilter

_Word = TypeVar("_Word", bound=StrEnum)


class Where(TypedDict, total=False):
    """What images may be asked for; everything given must hold."""

    label: str
    state: str
    split: str
    tag: str
    name: str
    min_width: int
    max_width: int
    min_height: int
    max_height: int
    min_objects: int
    max_objects: int


def image_filter(where: Where) -> ImageFilter:
    """The filter those words mean; `split="none"` asks for images without one. A wrong word is named."""
    given = dict(where)
    if unknown := sorted(set(given) - set(Where.__annotations__)):
        known = ", ".join(Where.__annotations__)
        raise Invalid(f"Unknown filter {unknown[0]!r}; known: {known}.", code="unknown_filter")
    split, state = where.get("split"), where.get("state")
    given["unsplit"] = split == "none"
    given["split"] = member(Split, split, "split") if split and split != "none" else None
    given["state"] = member(ImageState, state, "state") if state else None
    return ImageFilter(**given)  # pyright: ignore[reportArgumentType]


def member(kind: type[_Word], value: str, what: str) -> _Word:
    """The word of that kind; a wrong one is refused with those there are."""
    try:
        return kind(value)
    except ValueError:
        raise Invalid(f"{what}={value!r}: one of {', '.join(kind)}.", code=f"bad_{what}") from None
