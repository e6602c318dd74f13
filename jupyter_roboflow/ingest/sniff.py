"""What kind of file some bytes are, by their first bytes alone; names and declared types are never believed."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..domain.errors import UnreadableImage, UnsupportedImage

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "HEIF": "image/heic",
}
"""Pillow's format name to media type, for everything that can ever be accepted."""

ACCEPTED = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")

_ACCEPTED_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)
_REFUSED_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"8BPS", "Photoshop (PSD)"),
    (b"\x00\x00\x01\x00", "an icon (ICO)"),
    (b"\x00\x00\x02\x00", "a cursor or TGA"),
    (b"\x00\x00\x0a\x00", "TGA"),
    (b"icns", "an icon (ICNS)"),
    (b"DDS ", "DDS"),
    (b"SIMPLE  =", "FITS"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"II\xbc", "JPEG XR"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"gimp xcf", "GIMP (XCF)"),
    (b"qoif", "QOI"),
    (b"\x01\xda", "SGI"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "PostScript"),
    (b"PK\x03\x04", "a zip archive inside another source (pass the zip's own path)"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_SVG = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml.*?\?>|<!--.*?-->|<!DOCTYPE\s+svg.*?>|\s+)*<svg[\s>]", re.DOTALL)
_PNM = re.compile(rb"^P[1-7fF][\s#]")


def sniff(data: bytes, name: str, extra_formats: Collection[str] = ()) -> str:
    """Pillow's name of the picture's format. `UnsupportedImage` for other pictures, `UnreadableImage` for the rest."""
    if not data:
        raise UnreadableImage(f"{name} is empty: 0 bytes. Upload it again from the original.", code="image_empty")
    found = _accepted(data)
    if found in ACCEPTED or found in extra_formats:
        return found
    kind = found or _refused(data)
    if kind:
        raise UnsupportedImage(
            f"{name} is {kind}, which is not accepted: convert it to JPEG, PNG, WebP, GIF, BMP or TIFF.",
            code="unsupported_image",
        )
    raise UnreadableImage(f"{name} is not a picture: its first bytes are those of no known kind.")


def _accepted(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _iso_media(data)
    return next((kind for start, kind in _ACCEPTED_STARTS if data.startswith(start)), "")


def _iso_media(data: bytes) -> str:
    """AVIF and HEIC are told from films by the brands of their first box (ISO/IEC 14496-12, 23008-12)."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, length - 3, 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIF" if brands.intersection(_HEIF_BRANDS) else ""


def _refused(data: bytes) -> str:
    if _SVG.match(data[:4096]):
        return "SVG"
    if _PNM.match(data[:3]):
        return "PNM"
    if data[-18:-2] == b"TRUEVISION-XFILE":
        return "TGA"
    return next((kind for start, kind in _REFUSED_STARTS if data.startswith(start)), "")
