"""Numpy arrays and Pillow images, written without loss as files that then go the way of every other file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..domain.errors import Invalid

_LOSSLESS_PNG = ("1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16")
_LOSSLESS_TIFF = ("CMYK", "LAB", "F", "I;16B")


def is_array(source: object) -> bool:
    """Whether this is a numpy array; numpy is not loaded to find out."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(source, numpy.ndarray)


def is_pillow(source: object) -> bool:
    """Whether this is a Pillow image; Pillow is not loaded to find out."""
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(source, pillow.Image)


def array_writer(array: Any) -> Callable[[Path], None]:
    """What writes an array as PNG: (H, W), (H, W, 1), (H, W, 3) RGB or (H, W, 4) RGBA; uint8, uint16, (H, W) also bool.

    The values are those of this moment, so that the array may be used again for the next picture.
    """
    shape, kind = tuple(array.shape), str(array.dtype)
    flat = len(shape) == 2 or (len(shape) == 3 and shape[2] == 1)
    if not flat and not (len(shape) == 3 and shape[2] in (3, 4)):
        raise Invalid(
            f"An array of shape {shape} is not one picture: give (H, W), (H, W, 3) RGB or (H, W, 4) RGBA; "
            "a stack of pictures as a list.",
            code="array_shape",
        )
    if kind not in ("uint8", "uint16") and not (flat and kind == "bool"):
        raise Invalid(
            f"An array of {kind} is not a picture: give uint8 or uint16, for values from 0 to 1 "
            '`(array * 255).round().astype("uint8")`.',
            code="array_type",
        )
    if 0 in shape:
        raise Invalid(f"An array of shape {shape} has no pixels.", code="image_empty")
    pixels = array.reshape(shape[:2]).copy() if flat else array.copy()
    return lambda path: _write_array(pixels, path)


def pillow_writer(image: Any) -> Callable[[Path], None]:
    """What writes a Pillow image as PNG, or as TIFF where PNG cannot hold its mode; EXIF orientation stays in force."""
    image.load()
    if image.mode in _LOSSLESS_PNG or image.mode in _LOSSLESS_TIFF:
        kept = image.copy()
    else:
        kept = image.convert("RGBA" if image.mode.endswith(("A", "a")) else "RGB")
    options: dict[str, Any] = {"exif": image.getexif()} if image.getexif() else {}
    if "icc_profile" in image.info:
        options["icc_profile"] = image.info["icc_profile"]
    if kept.mode in _LOSSLESS_PNG:
        return lambda path: kept.save(path, "PNG", compress_level=1, **options)
    return lambda path: kept.save(path, "TIFF", compression="tiff_adobe_deflate", **options)


def _write_array(pixels: Any, path: Path) -> None:
    if pixels.ndim == 3 and str(pixels.dtype) == "uint16":
        _write_deep_color(pixels, path)
        return
    from PIL import Image

    Image.fromarray(pixels).save(path, "PNG", compress_level=1)


def _write_deep_color(pixels: Any, path: Path) -> None:
    """16 bits a channel: Pillow cannot write them."""
    import cv2 as untyped

    cv2: Any = untyped
    order = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, order), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise Invalid(f"An array of shape {pixels.shape} cannot be written as PNG.", code="array_shape")
    path.write_bytes(data.tobytes())
