"""File names fit to be shown and stored; what a client sends as a name is never a path."""

from __future__ import annotations

import re
import unicodedata

from ..domain.errors import Invalid

NAME_LIMIT = 255
GENERATED = "image"

_SPECIAL = re.compile(r"[/\\]|^\s|\s$|^\.{0,2}$")
"""In a name of plain letters: folders, spaces around it, names that are none."""


def display_name(raw: str) -> str:
    """The last path part of a name, NFC, without control, direction-changing and zero-width characters.

    Nothing is percent-decoded. A name of which nothing is left becomes `image`. Raises `Invalid`: `bad_unicode` for
    lone surrogates, `name_too_long` for more than 255 characters.
    """
    if raw.isascii() and raw.isprintable() and not _SPECIAL.search(raw) and len(raw) <= NAME_LIMIT:
        return raw  # as nearly all are
    if any("\ud800" <= c <= "\udfff" for c in raw):
        raise Invalid(f"The file name {printable(raw)!r} is broken Unicode: rename the file.", code="bad_unicode")
    last = re.split(r"[/\\]", raw.rstrip("/\\"))[-1]
    name = unicodedata.normalize("NFC", _visible(last)).strip()
    if len(name) > NAME_LIMIT:
        raise Invalid(
            f"The file name {name[:40]}… has {len(name):,} characters; {NAME_LIMIT} are allowed: shorten it.",
            code="name_too_long",
        )
    return GENERATED if name in ("", ".", "..") else name


def printable(raw: str, limit: int = 120) -> str:
    """Any text made safe for a message: broken and invisible characters as `?`, cut to a length."""
    text = _visible(raw.encode("utf-8", "replace").decode("utf-8"))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _visible(text: str) -> str:
    kept = (c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"))
    return "".join(kept)
