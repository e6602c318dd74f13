"""Pictures the ingest tests are made of: good ones of every kind, broken ones and hostile ones, as bytes."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

PNG_START = b"\x89PNG\r\n\x1a\n"


def photo(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    """Smooth colours with a bright top left, a red top right and a blue bottom left corner, so that turning shows."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    rgb = np.stack([255 * (1 - y * 0.9), 200 * (1 - x) * (1 - y), 255 * (1 - x * 0.9)], axis=2)
    return Image.fromarray(rgb.round().astype(np.uint8)).convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The image as a file of a kind."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(**options: Any) -> bytes:
    return saved(photo(), "JPEG", **options)


def png(**options: Any) -> bytes:
    return saved(photo(), "PNG", **options)


def good_of_every_kind() -> dict[str, bytes]:
    """One small sound file for every kind and way of packing that is accepted."""
    grey, bilevel = photo(96, 64, "L"), photo(96, 64, "L").convert("1")
    small = photo(96, 64)
    return {
        "jpeg": saved(small, "JPEG"),
        "jpeg-progressive": saved(small, "JPEG", progressive=True),
        "jpeg-cmyk": saved(small.convert("CMYK"), "JPEG"),
        "png": saved(small, "PNG"),
        "png-palette": saved(small.quantize(16), "PNG"),
        "png-16-bit": saved(Image.fromarray(np.arange(96 * 64, dtype=np.uint16).reshape(64, 96)), "PNG"),
        "png-animated": saved(small, "PNG", save_all=True, append_images=[photo(96, 64).rotate(90)]),
        "webp": saved(small, "WEBP"),
        "webp-lossless": saved(small, "WEBP", lossless=True),
        "gif": saved(small, "GIF"),
        "gif-animated": saved(grey, "GIF", save_all=True, append_images=[grey.rotate(90), grey.rotate(180)]),
        "bmp": saved(small, "BMP"),
        "tiff": saved(small, "TIFF"),
        "tiff-lzw": saved(small, "TIFF", compression="tiff_lzw"),
        "tiff-g4": saved(bilevel, "TIFF", compression="group4"),
        "tiff-jpeg": saved(small, "TIFF", compression="jpeg"),
    }


def chunk(kind: bytes, data: bytes, *, crc: int | None = None) -> bytes:
    """One PNG chunk, with a wrong checksum on request."""
    right = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", right if crc is None else crc)


def png_of(width: int, height: int, bits: int, color: int, rows: bytes, *before_pixels: bytes) -> bytes:
    """A PNG from its parts; `rows` are unpacked, with filter bytes."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0))
    packed = zlib.compress(rows, 9)
    return PNG_START + header + b"".join(before_pixels) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def huge_bilevel_png(side: int = 20_000) -> bytes:
    """20,000 × 20,000 pixels of one bit in 48 kB."""
    return png_of(side, side, 1, 0, bytes((side // 8 + 1) * side))


def png_with_text_bomb(unpacked: int = 200_000_000) -> bytes:
    """A compressed comment that unpacks to a thousand times its size."""
    packed = zlib.compressobj(9)
    data = b"".join(packed.compress(bytes(1_000_000)) for _ in range(unpacked // 1_000_000)) + packed.flush()
    return png_of(1, 1, 8, 0, b"\0\0", chunk(b"zTXt", b"Comment\0\0" + data))


def apng_with_wrong_order() -> bytes:
    """An animation whose frames are numbered 0, 7 instead of 0, 1."""
    control = struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 10, 0, 0)
    rows = zlib.compress(bytes(9 * 8))
    return (
        PNG_START
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
        + chunk(b"acTL", struct.pack(">II", 2, 0))
        + chunk(b"fcTL", control)
        + chunk(b"fcTL", struct.pack(">I", 7) + control[4:])
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def gif_header_only(width: int = 65_535, height: int = 65_535) -> bytes:
    """35 bytes that announce 4.3 billion pixels."""
    return (
        b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
        + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00;"
    )  # fmt: skip


def gif_that_is_javascript() -> bytes:
    """Its size, 10,799 × 16, opens a comment in JavaScript."""
    image = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00;"
    return (
        b"GIF89a/*"
        + struct.pack("<HBBB", 16, 0x80, 0, 0)
        + b"\xff\0\0\0\0\xff"
        + image
        + b"*/=1;alert(document.domain)"
    )


def tiff_of(entries: list[tuple[int, int, int, int]], data: bytes, next_ifd: int = 0) -> bytes:
    """A little-endian TIFF: entries are (tag, type, count, value); a value of -1 stands for where `data` begins."""
    start = 8 + 2 + 12 * len(entries) + 4
    packed = b"".join(struct.pack("<HHII", tag, kind, n, start if v < 0 else v) for tag, kind, n, v in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + packed + struct.pack("<I", next_ifd) + data


def grey_tiff(*more: tuple[int, int, int, int], next_ifd: int = 0, packed: bool = False) -> bytes:
    """16 × 16 grey pixels, optionally deflated so that libtiff reads them."""
    data = zlib.compress(bytes(range(256))) if packed else bytes(range(256))
    entries = [
        (256, 3, 1, 16), (257, 3, 1, 16), (258, 3, 1, 8), (259, 3, 1, 8 if packed else 1), (262, 3, 1, 1),
        (273, 4, 1, -1), (277, 3, 1, 1), (278, 3, 1, 16), (279, 4, 1, len(data)),
    ]  # fmt: skip
    return tiff_of([*entries, *more], data, next_ifd)


def webp_with_size(width: int, height: int) -> bytes:
    """A sound lossless WebP whose header was changed to announce another size."""
    data = bytearray(saved(photo(8, 8), "WEBP", lossless=True))
    at = data.index(b"VP8L") + 9
    bits = int.from_bytes(data[at : at + 4], "little") & ~0xFFFFFFF
    data[at : at + 4] = (bits | (width - 1) | (height - 1) << 14).to_bytes(4, "little")
    return bytes(data)


def bmp_with_negative_width() -> bytes:
    data = bytearray(saved(photo(8, 8), "BMP"))
    data[18:22] = struct.pack("<i", -8)
    return bytes(data)


def heic(brand: bytes = b"heic") -> bytes:
    """The first box of a HEIF-family file, and some bytes."""
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1" + brand + bytes(200)


def mp4() -> bytes:
    return struct.pack(">I", 24) + b"ftypisom" + bytes(4) + b"isommp42" + struct.pack(">I", 8) + b"mdat"


def exif_with_orientation(value: object) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def icc_profile(columns: list[tuple[float, float, float]], gamma: float = 2.2) -> bytes:
    """A display profile of three primaries (XYZ at D50) and one gamma (ICC.1:2001-04, 6.3)."""

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    xyz = [b"XYZ \0\0\0\0" + b"".join(map(fixed, column)) for column in ((0.9642, 1.0, 0.8249), *columns)]
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(78 + 1)
    right = b"text\0\0\0\0none"
    tags = list(zip((b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ"), xyz, strict=True))
    tags += [(b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve), (b"desc", text), (b"cprt", right)]
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags:
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    header = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp"
    header = header.ljust(68, b"\0") + b"".join(map(fixed, (0.9642, 1.0, 0.8249)))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


DISPLAY_P3 = [(0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)]
"""The primaries of Display P3, adapted to D50: columns red, green, blue."""


def opened(data: bytes) -> Image.Image:
    """The picture in a file, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def rgb_at(image: Image.Image, x: float, y: float) -> tuple[int, int, int]:
    """The colour at a place given in parts of width and height."""
    place = (min(int(x * image.width), image.width - 1), min(int(y * image.height), image.height - 1))
    red, green, blue = image.convert("RGB").crop((*place, place[0] + 1, place[1] + 1)).tobytes()
    return red, green, blue
