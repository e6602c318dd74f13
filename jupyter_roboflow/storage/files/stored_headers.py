"""What a bucket says of an object when it sends it by itself: what the server would, where that can be stored."""

from __future__ import annotations

from urllib.parse import quote

START = 32
"""Bytes that tell what kind of picture it is."""

_PICTURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"II+\x00", "image/tiff"),
    (0, b"MM\x00+", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
)
"""Where which bytes are in what may be shown in a page. Everything else is only ever saved."""


def stored_headers(start: bytes, filename: str = "") -> dict[str, str]:
    """Content type and disposition of an object that begins with these bytes; `filename` is what it is saved as."""
    kind = next((kind for at, mark, kind in _PICTURES if start[at : at + len(mark)] == mark), None)
    if kind is not None and not filename:
        return {"Content-Type": kind, "Content-Disposition": "inline"}
    plain = "application/zip" if start.startswith(b"PK\x03\x04") else "application/octet-stream"
    show = content_disposition("attachment", filename) if filename else "attachment"
    return {"Content-Type": kind or plain, "Content-Disposition": show}


def content_disposition(show: str, filename: str) -> str:
    """The header for a file of that name (RFC 6266): plain for old readers, exact for all others."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in filename)
    exact = quote(filename.encode("utf-8", "replace"), safe="")
    return f"{show}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
