"""Which bytes of a file a request asks for (RFC 9110)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes from `start` on, `length` of them."""

    start: int
    length: int


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """The one range that is asked for, cut to the file; None for the whole; `ValueError` when nothing of it is there.

    Several ranges, other units and what is no range are answered with the whole, as the RFC allows.
    """
    found = _RANGE.fullmatch(header) if header else None
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        start = size - length
    else:
        start = int(found[1])
        last = int(found[2]) if found[2] else size - 1
        if found[2] and last < start:
            return None
        length = min(last, size - 1) - start + 1
    if length <= 0:
        raise ValueError(header)
    return ByteRange(start, length)


def names_etag(header: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names the tag, given in quotes: then the asker has these bytes already."""
    if header is None:
        return False
    return header.strip() == "*" or etag in _TAG.findall(header)
