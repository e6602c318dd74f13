"""The words of `ds.images(…)` as a filter."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeAlias, TypedDict, TypeVar, cast

from ..domain.dataset import ImageState, Split
from ..domain.errors import Invalid
from ..domain.page import ImageFilter

_Word = TypeVar("_Word", bound=StrEnum)


Words: TypeAlias = "str | Sequence[str]"


class Where(TypedDict, total=False):
    """What images may be asked for; everything given must hold.

    Of several labels, tags and parts of names an image has every one, of several states and splits any; it has none of
    what is excluded.
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
    exclude_label: Words
    exclude_state: Words
    exclude_split: Words
    exclude_tag: Words
    exclude_name: Words


def image_filter(where: Where) -> ImageFilter:
    """The filter those words mean; the split "none" stands for images without one. A wrong word is named."""
    given = dict(where)
    if unknown := sorted(set(given) - set(Where.__annotations__)):
        known = ", ".join(Where.__annotations__)
        raise Invalid(f"Unknown filter {unknown[0]!r}; known: {known}.", code="unknown_filter")
    for prefix in ("", "exclude_"):
        splits = _words(given.get(f"{prefix}split"))
        given[f"{prefix}unsplit"] = "none" in splits
        given[f"{prefix}split"] = tuple(member(Split, each, "split") for each in splits if each != "none") or None
        states = _words(given.get(f"{prefix}state"))
        given[f"{prefix}state"] = tuple(member(ImageState, each, "state") for each in states) or None
        for name in ("label", "tag", "name"):
            given[prefix + name] = _words(given.get(prefix + name)) or None
    return ImageFilter(**given)  # pyright: ignore[reportArgumentType]


def _words(given: object) -> tuple[str, ...]:
    """One word or several as a tuple; None asks for nothing."""
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(cast("Sequence[str]", given))


def member(kind: type[_Word], value: str, what: str) -> _Word:
    """The word of that kind; a wrong one is refused with those there are."""
    try:
        return kind(value)
    except ValueError:
        raise Invalid(f"{what}={value!r}: one of {', '.join(kind)}.", code=f"bad_{what}") from None
