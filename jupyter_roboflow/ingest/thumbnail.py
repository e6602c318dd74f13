"""A small upright sRGB picture of any Pillow image, and its perceptual hash."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from typing import Any, Literal, cast

from PIL import Image, ImageCms

from .picture import THUMBNAIL_SIDE

BACKGROUND = (255, 255, 255)
"""What shows through transparent pixels."""

_QUALITY = 82
_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (CIPA DC-008, 4.6.4) to the operation that makes the picture upright."""


def thumbnail_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the thumbnail: the longest side at most 256, no side under 1."""
    scale = min(1.0, THUMBNAIL_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def make_thumbnail(image: Image.Image, size_wh: tuple[int, int], orientation: int) -> Image.Image:
    """An upright 8-bit sRGB picture. `size_wh` is the size before the orientation is applied."""
    profile = image.info.get("icc_profile")
    small = _resizable(image).resize(size_wh, Image.Resampling.BILINEAR, reducing_gap=1.0)
    flat = _flattened(_to_srgb(small, profile if isinstance(profile, bytes) else b""))
    upright = flat.transpose(_TRANSPOSE[orientation]) if orientation in _TRANSPOSE else flat
    upright.info = {}  # comments and profiles of the original stay in the original
    return upright


def encode(thumbnail: Image.Image) -> bytes:
    """The thumbnail as a JPEG file."""
    out = io.BytesIO()
    thumbnail.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def dhash(thumbnail: Image.Image) -> int:
    """64 bits, row by row from the top left: set where a pixel of the 9 × 8 grey picture is darker than the next."""
    grey = thumbnail.convert("L").resize((9, 8), Image.Resampling.BILINEAR).tobytes()
    bits = 0
    for row in range(0, 72, 9):
        for at in range(row, row + 8):
            bits = bits << 1 | (grey[at] < grey[at + 1])
    return bits


def _resizable(image: Image.Image) -> Image.Image:
    """The same picture in a mode whose pixels can be averaged: L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith(("I", "F")):
        return _scaled_to_8_bits(image)
    if "transparency" in image.info or image.mode == "PA":
        return image.convert("RGBA")
    if image.mode == "LAB":
        return _lab_to_rgb(image)
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK") else image.convert(_plain_mode(image.mode))


def _plain_mode(mode: str) -> str:
    return {"La": "LA", "RGBa": "RGBA"}.get(mode, "RGB")


def _scaled_to_8_bits(image: Image.Image) -> Image.Image:
    """16-bit values by 1/257, so that white stays white; other integers and floats from their own range.

    Pillow's `convert("L")` would cut at 255 instead.
    """
    wide = image if image.mode in ("I", "F") else image.convert("I")
    low, high = cast("tuple[float, float]", wide.getextrema())
    if wide.mode == "I" and low >= 0 and high <= 65535:
        low, high = 0, 65535
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return Image.new("L", image.size, 128)
    scale = 255 / (high - low)
    scaled: Image.Image = wide.convert("F").point(lambda value: value * scale + (0.5 - low * scale))
    return scaled.convert("L")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    transform = _srgb_transform(profile, image.mode.removesuffix("A")) if profile else None
    if transform is None:
        return image
    alpha = image.getchannel("A") if image.mode.endswith("A") else None
    plain = image.convert(image.mode.removesuffix("A")) if alpha else image
    converted: Image.Image = transform.apply(plain)
    if alpha:
        converted.putalpha(alpha)
    return converted


@lru_cache(maxsize=32)
def _srgb_transform(profile: bytes, mode: str) -> Any:
    """How to get from an embedded colour profile to sRGB; None when it is broken or for another kind of pixels."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(source, _srgb(), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, SyntaxError):
        return None


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return _standard("sRGB")


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    transform: Any = ImageCms.buildTransform(_standard("LAB"), _srgb(), "LAB", "RGB")
    return transform.apply(image)


def _standard(space: Literal["LAB", "sRGB"]) -> ImageCms.ImageCmsProfile:
    untyped: Any = ImageCms
    return untyped.ImageCmsProfile(untyped.createProfile(space))


def _flattened(image: Image.Image) -> Image.Image:
    if not image.mode.endswith("A"):
        return image.convert("RGB")
    over = image.convert("RGBA")
    flat = Image.new("RGB", over.size, BACKGROUND)
    flat.paste(over, mask=over.getchannel("A"))
    return flat
