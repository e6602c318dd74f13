"""One look at a picture's bytes: what it is, whether it decodes completely, its thumbnail. Runs in a child process."""

from __future__ import annotations

import io
import re
from typing import Any, cast

from PIL import Image, ImageFile, TiffImagePlugin, UnidentifiedImageError, WebPImagePlugin

from ..domain.errors import RoboflowError, UnreadableImage
from .picture import Limits
from .sniff import MEDIA_TYPES, sniff
from .thumbnail import dhash, encode, make_thumbnail, thumbnail_size
from .whole import check_whole, truncated

# Registered by import here, or the first WebP or TIFF would make Pillow import every plugin it has.
REGISTERED = (TiffImagePlugin.TiffImageFile, WebPImagePlugin.WebPImageFile)

_ORIENTATION, _EXIF_IFD, _TAKEN_AT = 0x0112, 0x8769, 0x9003
_DATE = re.compile(r"^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d$")


def examine(data: bytes, name: str, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """The facts of a `Picture` that lie in the pixels, and the thumbnail file. Raises `UnreadableImage`."""
    kind = sniff(data, name, limits.extra_formats)
    try:
        return _decoded(kind, data, name, limits)
    except RoboflowError:
        raise
    except MemoryError as error:
        raise UnreadableImage(
            f"{name} needs more than the {limits.memory_bytes:,} bytes of memory allowed for one picture: "
            "make it smaller, or raise ROBOFLOW_DECODE_MEMORY_BYTES.",
            code="image_decode_memory",
        ) from error
    except UnidentifiedImageError as error:  # which names an object of ours
        raise UnreadableImage(f"{name} cannot be decoded as {kind}: its beginning is damaged.") from error
    except Exception as error:  # decoders raise whatever they like on hostile bytes
        text = " ".join(str(error).split())[:200]
        if "truncated" in text:
            raise truncated(name, text) from error
        raise UnreadableImage(f"{name} cannot be decoded as {kind}: {text or type(error).__name__}.") from error


def _decoded(kind: str, data: bytes, name: str, limits: Limits) -> tuple[dict[str, Any], bytes]:
    if kind == "WEBP":
        check_size(*_webp_size(data), name, limits)  # opening a WebP already reserves memory for all its pixels
        check_whole(kind, data, name)  # and fails without a reason when some are missing
    with _opened(kind, data) as image:
        width, height = image.size
        check_size(width, height, name, limits)
        mode = image.mode
        exif = _exif(image)
        orientation = _orientation(exif)
        frames = check_whole(kind, data, name)
        small = thumbnail_size(width, height)
        if kind == "JPEG":
            # All coded data is still read and checked; only the inverse transform, which cannot fail, is made smaller.
            image.draft(None, small)
        image.load()
        # Pillow turns TIFFs upright by itself, size included.
        thumbnail = make_thumbnail(image, small, 1 if kind == "TIFF" else orientation)
        frames = max(frames, _frames(image, kind))
    turned = orientation >= 5 and kind != "TIFF"
    facts = {
        "media_type": MEDIA_TYPES[kind],
        "width": height if turned else width,
        "height": width if turned else height,
        "orientation": orientation,
        "mode": mode,
        "dhash": dhash(thumbnail),
        "metadata": _metadata(exif, frames),
    }
    return facts, encode(thumbnail)


def check_size(width: int, height: int, name: str, limits: Limits) -> None:
    """Refuse a picture by its header: `image_too_many_pixels`, `image_side_too_long`, `image_undecodable`."""
    if not (0 < width < 2**31 and 0 < height < 2**31):  # a negative width of a BMP comes as 4,294,967,288
        raise UnreadableImage(f"{name} says it is {width} × {height} pixels: there is no such picture.")
    if width * height > limits.max_pixels:
        raise UnreadableImage(
            f"{name} has {width:,} × {height:,} pixels; {limits.max_pixels:,} in all are allowed: "
            "make it smaller or cut it into tiles, or raise ROBOFLOW_MAX_PIXELS.",
            code="image_too_many_pixels",
        )
    if max(width, height) > limits.max_side:
        raise UnreadableImage(
            f"{name} is {max(width, height):,} pixels long; {limits.max_side:,} are allowed: "
            "cut it into tiles, or raise ROBOFLOW_MAX_SIDE.",
            code="image_side_too_long",
        )


def prepare(extra_formats: tuple[str, ...]) -> None:
    """Set Pillow up for this process: nothing truncated is accepted, the pixel limit is ours, extra kinds are known."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = None
    Image.preinit()
    if "HEIF" in extra_formats:
        from importlib import import_module

        import_module("pillow_heif").register_heif_opener()
    if "AVIF" in extra_formats:
        from PIL import AvifImagePlugin

        assert AvifImagePlugin.AvifImageFile.format == "AVIF"


def _opened(kind: str, data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=(kind,))


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the first chunk (RFC 9649, 2.5–2.7); a kind that is none is left to the decoder."""
    chunk = data[12:16]
    if chunk == b"VP8X" and len(data) >= 30:
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and len(data) >= 30:
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    return 1, 1


def _exif(image: Image.Image) -> Image.Exif | None:
    try:
        return image.getexif()
    except Exception:  # a broken EXIF block is no reason to refuse the pixels
        return None


def _orientation(exif: Image.Exif | None) -> int:
    try:
        value = exif.get(_ORIENTATION, 1) if exif else 1
    except Exception:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _frames(image: Image.Image, kind: str) -> int:
    """How many frames a header announces; GIF frames are counted by their blocks."""
    return int(getattr(image, "n_frames", 1)) if kind in ("PNG", "WEBP", "TIFF") else 1


def _metadata(exif: Image.Exif | None, frames: int) -> dict[str, Any]:
    found: dict[str, Any] = {"frames": frames} if frames > 1 else {}
    try:
        taken: object = cast("dict[int, object]", exif.get_ifd(_EXIF_IFD)).get(_TAKEN_AT) if exif else None
    except Exception:
        return found
    if isinstance(taken, str) and _DATE.match(taken):
        found["taken_at"] = taken
    return found
