"""Broken and hostile files are refused with a stable code, whatever their name says, and leave nothing behind."""

from __future__ import annotations

import socket
import struct
import zlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

from jupyter_roboflow.domain.errors import RoboflowError, UnreadableImage, UnsupportedImage
from jupyter_roboflow.ingest import DecodePool, Picture
from jupyter_roboflow.settings import Settings
from tests.ingest import pictures as make

Refusal = Callable[..., RoboflowError]

BROKEN = {
    "IMG-001 an empty file": (b"", "image_empty"),
    "IMG-003 ten bytes of a JPEG": (make.jpeg()[:10], "image_undecodable"),
    "IMG-005 a JPEG without its last byte": (make.jpeg()[:-1], "image_truncated"),
    "IMG-005 a JPEG without its last two bytes": (make.jpeg()[:-2], "image_truncated"),
    "IMG-005 a JPEG cut in the middle": (make.jpeg()[: len(make.jpeg()) // 2], "image_truncated"),
    "IMG-007 a PNG without IEND": (make.png()[:-12], "image_truncated"),
    "IMG-007 a PNG with half an IEND": (make.png()[:-5], "image_truncated"),
    "IMG-009 a PNG with a wrong checksum in its header": (
        make.png()[:29] + b"\0\0\0\0" + make.png()[33:],
        "image_undecodable",
    ),
    "IMG-009 a PNG with a wrong checksum in its pixels": (
        make.PNG_START
        + make.chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + make.chunk(b"IDAT", zlib.compress(b"\0\0"), crc=1)
        + make.chunk(b"IEND", b""),
        "image_undecodable",
    ),
    "IMG-011 an animation with its frames out of order": (make.apng_with_wrong_order(), "image_undecodable"),
    "IMG-015 plain text": (b"This is not a picture.\n", "image_undecodable"),
    "IMG-025 a bilevel PNG of 20,000 by 20,000": (make.huge_bilevel_png(), "image_too_many_pixels"),
    "IMG-027 a PNG header of the largest size": (
        make.png_of(2**31 - 1, 2**31 - 1, 8, 0, b""),
        "image_too_many_pixels",
    ),
    "IMG-029 a GIF of 35 bytes and 4 billion pixels": (make.gif_header_only(), "image_too_many_pixels"),
    "IMG-031 a TIFF of 144 million pixels": (
        make.saved(Image.new("1", (12_000, 12_000)), "TIFF", compression="group4"),
        "image_too_many_pixels",
    ),
    "IMG-037 a WebP of 160 million pixels": (make.webp_with_size(16_000, 10_000), "image_too_many_pixels"),
    "IMG-041 a BMP of negative width": (make.bmp_with_negative_width(), "image_undecodable"),
    "IMG-067 a film named as a picture": (make.mp4(), "image_undecodable"),
    "IMG-069 a picture one pixel too long": (
        make.saved(Image.new("L", (1, 65_501)), "PNG"),
        "image_side_too_long",
    ),
    "a GIF without its end": (make.good_of_every_kind()["gif-animated"][:-1], "image_truncated"),
    "a WebP without its last byte": (make.good_of_every_kind()["webp"][:-1], "image_truncated"),
    "a preview's end marker instead of the picture's": (
        make.jpeg()[:2] + b"\xff\xe1" + struct.pack(">H", 6) + b"ab\xff\xd9" + make.jpeg()[2:-2],
        "image_truncated",
    ),
}


@pytest.mark.parametrize("data, code", BROKEN.values(), ids=BROKEN)
def test_a_broken_picture_is_refused(refusal: Refusal, data: bytes, code: str) -> None:
    error = refusal(data)
    assert error.code == code
    assert isinstance(error, UnreadableImage)
    assert not isinstance(error, UnsupportedImage)
    assert error.message.startswith("a.jpg ")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
OTHER_KINDS = {
    "IMG-017 SVG": SVG,
    "IMG-017 SVG with a prolog": b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn by hand -->\n' + SVG,
    "IMG-021 PSD": b"8BPS\0\1" + bytes(60),
    "IMG-021 ICO": make.saved(make.photo(32, 32), "ICO"),
    "IMG-021 ICNS": make.saved(make.photo(32, 32, "RGBA"), "ICNS"),
    "IMG-021 TGA": make.saved(make.photo(32, 32), "TGA"),
    "IMG-021 TGA packed": make.saved(make.photo(32, 32), "TGA", compression="tga_rle"),
    "IMG-021 DDS": make.saved(make.photo(32, 32), "DDS"),
    "IMG-021 FITS": b"SIMPLE  =                    T".ljust(2880),
    "IMG-021 JPEG 2000": make.saved(make.photo(32, 32), "JPEG2000"),
    "IMG-021 JPEG 2000 codestream": make.saved(make.photo(32, 32), "JPEG2000", no_jp2=True),
    "IMG-023 AVIF": make.heic(b"avif"),
    "IMG-065 JPEG XL": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40),
    "IMG-065 JPEG XL codestream": b"\xff\n" + bytes(40),
    "PNM": make.saved(make.photo(8, 8), "PPM"),
    "PDF": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04" + bytes(40),
}


@pytest.mark.parametrize("data", OTHER_KINDS.values(), ids=OTHER_KINDS)
def test_a_picture_of_another_kind_is_refused_by_name(refusal: Refusal, data: bytes) -> None:
    error = refusal(data, "a.png")
    assert isinstance(error, UnsupportedImage)
    assert error.code == "unsupported_image"
    assert "convert it to JPEG" in error.message


@pytest.mark.skipif(find_spec("pillow_heif") is not None, reason="the extra is installed")
def test_heic_needs_its_extra__img_063(refusal: Refusal) -> None:
    assert refusal(make.heic()).code == "unsupported_image"


def test_an_svg_with_entities_opens_no_connection__img_019(refusal: Refusal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        data = (
            '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">'
            f'<!ENTITY b SYSTEM "{url}">]><svg xmlns:xlink="http://www.w3.org/1999/xlink">'
            f'<image xlink:href="{url}"/><text>&a;&b;</text></svg>'
        )
        error = refusal(data.encode())
        assert isinstance(error, UnreadableImage)
        assert "root:" not in error.message
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_avif_is_measured_before_it_is_decoded__img_023(refusal: Refusal, check: Callable[..., Picture]) -> None:
    data = make.saved(make.photo(64, 48), "AVIF")
    assert refusal(data).code == "unsupported_image"
    with DecodePool(Settings(max_pixels=1000), children=1, extra_formats=("AVIF",)) as small:
        assert refusal(data, pool=small).code == "image_too_many_pixels"
    with DecodePool(Settings(), children=1, extra_formats=("AVIF",)) as pool:
        picture = check(data, pool=pool)
        assert (picture.media_type, picture.width, picture.height) == ("image/avif", 64, 48)


def test_a_ring_of_tiff_pages_ends__img_033(check: Callable[..., Picture]) -> None:
    try:
        picture = check(make.grey_tiff(next_ifd=8))
        assert (picture.width, picture.height) == (16, 16)
    except UnreadableImage as error:
        if error.code == "image_decode_timeout":
            raise


def test_what_a_codec_prints_does_not_get_out__img_035(
    check: Callable[..., Picture], capfd: pytest.CaptureFixture[str]
) -> None:
    tags = [(40_000 + number, 3, 1, number) for number in range(1000)]
    assert check(make.grey_tiff(*tags, packed=True)).width == 16
    out, err = capfd.readouterr()
    assert out + err == ""


def test_a_packed_comment_is_not_unpacked__img_039(tmp_path: Path) -> None:
    with DecodePool(Settings(), children=1) as pool:
        sound = tmp_path / "sound.png"
        sound.write_bytes(make.png())
        pool.check(sound, "sound.png")
        before = peak_memory(pool.pids[0])
        bomb = tmp_path / "bomb.png"
        bomb.write_bytes(make.png_with_text_bomb())
        with pytest.raises(UnreadableImage) as caught:
            pool.check(bomb, "bomb.png")
        assert caught.value.code == "image_undecodable"
        assert peak_memory(pool.pids[0]) - before < 50_000_000


def peak_memory(pid: int) -> int:
    """Bytes, where the system tells; 0 elsewhere."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_a_webp_over_the_limit_reserves_no_memory__img_037(refusal: Refusal) -> None:
    with DecodePool(Settings(decode_memory_bytes=500_000_000), children=1) as pool:
        assert refusal(make.webp_with_size(16_000, 10_000), pool=pool).code == "image_too_many_pixels"
        with DecodePool(Settings(decode_memory_bytes=500_000_000, max_pixels=10**9), children=1) as lenient:
            assert refusal(make.webp_with_size(16_000, 10_000), pool=lenient).code != "image_too_many_pixels"


def test_a_file_over_the_byte_limit_is_refused(refusal: Refusal) -> None:
    with DecodePool(Settings(max_image_bytes=1000), children=1) as pool:
        assert refusal(make.jpeg(), pool=pool).code == "image_too_large"


def test_a_missing_file_a_folder_and_a_forbidden_one_are_named(pool: DecodePool, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.jpg", tmp_path):
        with pytest.raises(RoboflowError) as caught:
            pool.check(path, "gone.jpg", tmp_path / "copy")
        assert caught.value.code == "file_unreadable"
        assert "gone.jpg" in caught.value.message


def test_a_copy_that_cannot_be_written_is_not_the_pictures_fault(pool: DecodePool, tmp_path: Path) -> None:
    original = tmp_path / "a.jpg"
    original.write_bytes(make.jpeg())
    with pytest.raises(RoboflowError) as caught:
        pool.check(original, "a.jpg", tmp_path / "no" / "such" / "folder")
    assert caught.value.code == "storage_unwritable"
