"""Sizes of pictures from their headers."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageOps

from jupyter_roboflow.archive import upright_size
from jupyter_roboflow.domain.errors import UnreadableImage

from .archives import Bytes


def picture(kind: str, orientation: int = 1, size: tuple[int, int] = (40, 20)) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    if kind in ("BMP", "GIF"):
        Image.new("RGB", size).save(out, kind)
    else:
        Image.new("RGB", size).save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_the_size_is_that_of_the_upright_picture(kind: str, orientation: int) -> None:
    data = picture(kind, orientation)
    with Image.open(io.BytesIO(data)) as image:
        expected = ImageOps.exif_transpose(image).size
    assert upright_size(Bytes("a", data)) == expected


def test_a_phone_picture_of_several_frames_counts_as_jpeg() -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 10)).save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (30, 10), "red")])
    assert upright_size(Bytes("phone.jpg", out.getvalue())) == (30, 10)


def test_only_the_header_is_read() -> None:
    """A PNG without any pixel data still has a size; an eXIf chunk behind the data is found without decoding it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">LLBBBBB", 300, 100, 8, 2, 0, 0, 0))
    exif = chunk(
        b"eXIf", b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
    )
    start = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"broken")
    assert upright_size(Bytes("a.png", start + chunk(b"IEND", b""))) == (300, 100)
    assert upright_size(Bytes("a.png", start + exif + chunk(b"IEND", b""))) == (100, 300)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff\xe0", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"BM", b"II*\0" * 10,
     b"\x89PNG\r\n\x1a\n" + b"\0" * 30, b"RIFF\0\0\0\0WEBPVP8 ", b"8BPS" + b"\0" * 40, b"%PDF-1.4"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(UnreadableImage, match=r"images/broken\.jpg"):
        upright_size(Bytes("images/broken.jpg", data))
