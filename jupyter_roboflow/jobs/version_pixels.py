"""Stored pictures as arrays, and arrays as files: the same bytes for the same pixels, every time."""

from __future__ import annotations

import io
from typing import Any

import cv2 as untyped
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..domain.errors import UnreadableImage
from ..ingest.thumbnail import encode as encode_thumbnail
from ..ingest.thumbnail import make_thumbnail, thumbnail_size

cv2: Any = untyped

_ORIENTATION = 0x0112
_LOSSLESS = ("image/png", "image/bmp", "image/tiff", "image/gif")
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}


def decode(data: bytes, media_type: str, size_wh: tuple[int, int], name: str) -> tuple[NDArray[np.uint8], bool]:
    """(H, W, 3) uint8 RGB, upright, sRGB; and whether the file shows just that to whoever ignores its metadata.

    `UnreadableImage` when the bytes do not decode to a picture of that size.
    """
    try:
        pixels, plain = _decoded(data, media_type)
    except Exception as error:  # decoders raise whatever they like on damaged bytes
        raise UnreadableImage(f"{name} cannot be decoded: {' '.join(str(error).split())[:200]}.") from error
    if pixels.shape != (size_wh[1], size_wh[0], 3):
        found = f"{pixels.shape[1]} × {pixels.shape[0]}"
        raise UnreadableImage(
            f"{name} decodes to {found} pixels, not to the {size_wh[0]} × {size_wh[1]} it was added with."
        )
    return pixels, plain


def _decoded(data: bytes, media_type: str) -> tuple[NDArray[np.uint8], bool]:
    with Image.open(io.BytesIO(data)) as image:
        orientation = _turned(image) if media_type != "image/tiff" else 1
        profile: Any = image.info.get("icc_profile") or b""
        if media_type == "image/jpeg" and image.mode in ("L", "RGB") and (not profile or b"sRGB" in profile):
            pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)  # turns it upright
            if pixels is not None:
                return pixels, orientation == 1
        image.load()
        # at its full size this is the way from any picture to upright sRGB with 8 bits
        flat = make_thumbnail(image, image.size, orientation)
        return np.asarray(flat), orientation == 1


def _turned(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a broken EXIF block says nothing
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def is_lossless(media_type: str, data: bytes) -> bool:
    """Whether what is made of this file may not lose anything by being stored."""
    return media_type in _LOSSLESS or (media_type == "image/webp" and b"VP8L" in data[:64])


def encode(pixels: NDArray[np.uint8], lossless: bool, quality: int) -> tuple[bytes, str]:
    """A PNG, or a JPEG of that quality, and its media type."""
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    if lossless:
        done, data = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    else:
        done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise UnreadableImage(f"A picture of shape {pixels.shape} cannot be written.", code="image_unwritable")
    return data.tobytes(), "image/png" if lossless else "image/jpeg"


def thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    """A small JPEG of the picture."""
    small = thumbnail_size(pixels.shape[1], pixels.shape[0])
    reduced = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
    return encode_thumbnail(Image.fromarray(reduced))
