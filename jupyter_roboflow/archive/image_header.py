"""A picture's upright size from its header alone; no pixel is decoded."""

from __future__ import annotations

import struct
from typing import IO, Any

from PIL import Image

from ..domain.errors import RoboflowError, UnreadableImage
from ..domain.manifest import ByteSource

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".mpo"})
"""Suffixes, in lower case, of the files that count as pictures."""

# MPO is read by the JPEG plugin; naming it here raises KeyError in Pillow.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_READERS: list[Any] = []
_ORIENTATION = 0x0112
_QUARTER_TURNS = (5, 6, 7, 8)


def upright_size(source: ByteSource) -> tuple[int, int]:
    """Width and height in pixels after the EXIF orientation is applied; `UnreadableImage` names the file."""
    try:
        with source.open() as stream, _open(stream) as image:
            width, height = image.size
            # Pillow turns TIFF pictures, and their size, by itself.
            turned = image.format != "TIFF" and _orientation(image, stream) in _QUARTER_TURNS
    except RoboflowError:
        raise
    except Exception as error:  # Pillow's readers raise nearly anything on hostile bytes
        raise UnreadableImage(
            f"{source.name} is not a readable picture ({type(error).__name__}): replace or remove it."
        ) from error
    return (height, width) if turned else (width, height)


def _open(stream: IO[bytes]) -> Image.Image:
    """The picture by the reader its first bytes ask for.

    `Image.open` would do, but it also warns of large pictures, and a size is all that is asked for here.
    """
    if not _READERS:
        Image.init()
        _READERS.extend(Image.OPEN[name] for name in _FORMATS)
    prefix = stream.read(16)
    for read, accept in _READERS:
        stream.seek(0)
        if accept is None or accept(prefix) is True:
            return read(stream, "")
    raise SyntaxError("the first bytes are of no accepted kind of picture")


def _orientation(image: Image.Image, stream: IO[bytes]) -> object:
    try:
        if image.format == "PNG" and "exif" not in image.info:
            # Pillow's own way decodes the whole picture to find an eXIf chunk behind it.
            found = _png_exif(stream)
            if found is None:
                return None
            exif = Image.Exif()
            exif.load(found)
            return exif.get(_ORIENTATION)
        return image.getexif().get(_ORIENTATION)
    except Exception:  # broken EXIF counts as none, as everywhere
        return None


def _png_exif(stream: IO[bytes]) -> bytes | None:
    """The content of the eXIf chunk, found by hopping from chunk to chunk."""
    stream.seek(8)
    while len(header := stream.read(8)) == 8:
        length, kind = struct.unpack(">L4s", header)
        if kind == b"eXIf":
            return b"Exif\x00\x00" + stream.read(min(length, 1 << 20))
        stream.seek(length + 4, 1)
    return None
