"""Pictures as files that every browser can show."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from ..domain.errors import Invalid, UnreadableImage

SHOWN_BY_BROWSERS = frozenset({"JPEG", "PNG", "WEBP", "GIF", "BMP"})
THUMBNAIL_SIDE = 256


def showable(data: bytes, name: str) -> bytes:
    """The same file where browsers can show it, else the upright picture as PNG. `UnreadableImage` names the file."""
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            if picture.format in SHOWN_BY_BROWSERS:
                return data
            return _png(_upright(picture))
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise _unreadable(name, error) from error


def size_wh(data: bytes, name: str) -> tuple[int, int]:
    """Width and height of the upright picture, in pixels."""
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            turned = picture.getexif().get(0x0112, 1) >= 5  # EXIF orientations 5 to 8 lie on their side
            return (picture.height, picture.width) if turned else (picture.width, picture.height)
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise _unreadable(name, error) from error


def thumbnail(data: bytes, name: str) -> bytes:
    """A small JPEG of the upright picture, longest side 256 pixels."""
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            picture.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            small = _upright(picture)
            small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            into = io.BytesIO()
            small.convert("RGB").save(into, "JPEG", quality=80)
            return into.getvalue()
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise _unreadable(name, error) from error


def file_of(array: object) -> bytes:
    """An array (H, W) or (H, W, 1, 3 or 4) uint8, grey or RGB(A), as a PNG file. `Invalid` says what is wrong."""
    pixels: NDArray[Any] = np.asarray(array)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    fits = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))
    if not fits or pixels.dtype != np.uint8 or 0 in pixels.shape:
        raise Invalid(
            f"An image is an array (H, W) or (H, W, 3) of uint8, not {pixels.shape} of {pixels.dtype}: "
            "convert it first, for example `(255 * image).astype('uint8')`.",
            code="bad_array",
        )
    return _png(Pillow.fromarray(np.ascontiguousarray(pixels)))


def read_file(path: Path) -> bytes:
    """The bytes of a file; `UnreadableImage` when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableImage(f"{path} cannot be read ({error.strerror}): is it still there?") from error


def _unreadable(name: str, error: Exception) -> UnreadableImage:
    # Pillow's own words for this name an object in memory.
    why = "it is of no known format" if isinstance(error, UnidentifiedImageError) else str(error)
    return UnreadableImage(f"{name} cannot be read as a picture ({why}): is the file whole?")


def _upright(picture: Pillow.Image) -> Pillow.Image:
    return ImageOps.exif_transpose(picture)


def _png(picture: Pillow.Image) -> bytes:
    into = io.BytesIO()
    kept = picture if picture.mode in ("L", "LA", "RGB", "RGBA", "P", "1") else picture.convert("RGB")
    kept.save(into, "PNG", compress_level=1)
    return into.getvalue()
