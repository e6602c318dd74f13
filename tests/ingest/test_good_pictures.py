"""Sound pictures of every kind are taken as they are, described by their bytes, upright, with a true thumbnail."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps, TiffImagePlugin

from jupyter_roboflow.domain.errors import UnsupportedImage
from jupyter_roboflow.ingest import DecodePool, Picture
from jupyter_roboflow.settings import Settings
from tests.ingest import pictures as make
from tests.ingest.pictures import opened, rgb_at

Check = Callable[..., Picture]
GOOD = make.good_of_every_kind()


@pytest.mark.parametrize("name", GOOD)
def test_a_sound_picture_is_described_by_its_bytes(check: Check, name: str) -> None:
    data = GOOD[name]
    picture = check(data, "whatever.txt")
    assert picture.sha256 == hashlib.sha256(data).hexdigest()
    assert picture.crc32 == zlib.crc32(data)
    assert picture.size == len(data)
    assert picture.media_type == "image/" + name.partition("-")[0]
    assert (picture.width, picture.height, picture.orientation) == (96, 64, 1)
    with Image.open(io.BytesIO(data)) as image:
        assert picture.mode == image.mode
    thumbnail = opened(picture.thumbnail)
    assert (thumbnail.format, thumbnail.mode, thumbnail.size) == ("JPEG", "RGB", (96, 64))
    assert 0 <= picture.dhash < 2**64


def test_the_kind_comes_from_the_bytes__img_013(check: Check) -> None:
    assert check(make.png(), "photo.jpg").media_type == "image/png"


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "gif", "bmp", "tiff"])
def test_a_thumbnail_looks_like_its_picture(check: Check, name: str) -> None:
    data = make.saved(make.photo(1000, 700), name.upper())
    thumbnail = opened(check(data).thumbnail)
    assert thumbnail.size == (256, 179)
    with Image.open(io.BytesIO(data)) as image:
        expected = image.convert("RGB").resize((256, 179), Image.Resampling.BOX)
    difference = np.abs(np.asarray(thumbnail, dtype=int) - np.asarray(expected, dtype=int))
    assert difference.mean() < 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations_come_out_upright(check: Check, kind: str, orientation: int) -> None:
    data = make.saved(make.photo(600, 400), kind, exif=make.exif_with_orientation(orientation))
    picture = check(data)
    with Image.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    assert picture.orientation == orientation
    assert (picture.width, picture.height) == upright.size == ((600, 400) if orientation < 5 else (400, 600))
    thumbnail = opened(picture.thumbnail)
    for x, y in ((0.02, 0.02), (0.98, 0.02), (0.02, 0.98), (0.98, 0.98)):
        assert np.abs(np.subtract(rgb_at(thumbnail, x, y), rgb_at(upright, x, y))).max() < 25


@pytest.mark.parametrize("kind, value", [(3, 0), (3, 9), (3, 65_535), (2, ord("6"))], ids=["0", "9", "65535", "text"])
def test_a_broken_orientation_counts_as_none__img_051(check: Check, kind: int, value: int) -> None:
    exif = b"Exif\0\0" + make.tiff_of([(0x0112, kind, 2 if kind == 2 else 1, value)], b"")
    picture = check(make.jpeg(exif=exif))
    assert (picture.orientation, picture.width, picture.height) == (1, 320, 240)


def test_a_broken_tiff_orientation_counts_as_none__img_051(check: Check) -> None:
    picture = check(make.grey_tiff((274, 3, 1, 9)))
    assert (picture.orientation, picture.width, picture.height) == (1, 16, 16)


def test_damaged_exif_is_no_reason_to_refuse__img_051(check: Check) -> None:
    picture = check(make.jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(20)))
    assert picture.orientation == 1


def test_html_in_exif_does_not_reach_the_thumbnail__img_053(check: Check) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + b"<script>alert(1)</script>" * 2400
    picture = check(make.jpeg(exif=exif, comment=b"<script>alert(2)</script>"))
    assert b"<script>" not in picture.thumbnail
    assert "<script>" not in str(picture.metadata)


def test_the_date_a_picture_was_taken_is_kept(check: Check) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    assert check(make.jpeg(exif=exif)).metadata == {"taken_at": "2024:05:06 07:08:09"}


def test_cmyk_is_not_inverted__img_043(check: Check) -> None:
    color = Image.new("RGB", (300, 200), (200, 120, 40))
    picture = check(make.saved(color.convert("CMYK"), "JPEG", quality=95))
    mean = np.asarray(opened(picture.thumbnail)).mean(axis=(0, 1))
    assert picture.mode == "CMYK"
    assert np.abs(mean - (200, 120, 40)).max() < 10


def test_sixteen_bits_are_scaled_not_cut__img_045(check: Check) -> None:
    grey = np.full((200, 300), 4096, dtype=np.uint16)
    grey[:100] = 65_535
    for kind in ("PNG", "TIFF"):
        picture = check(make.saved(Image.fromarray(grey), kind))
        thumbnail = np.asarray(opened(picture.thumbnail))
        assert picture.mode.startswith("I;16")
        assert abs(int(np.median(thumbnail[120:])) - 16) <= 2
        assert np.median(thumbnail[:60]) >= 253


def test_big_endian_sixteen_bits_are_scaled_too(check: Check) -> None:
    grey = Image.fromarray(np.full((20, 30), 4096, dtype=np.uint16))
    picture = check(make.saved(grey, "TIFF", big_endian=True))
    assert abs(int(np.median(np.asarray(opened(picture.thumbnail)))) - 16) <= 2


@pytest.mark.parametrize("kind", ["int32", "float32", "float32 with gaps", "one value"])
def test_numbers_of_any_range_give_a_picture(check: Check, kind: str) -> None:
    values = np.linspace(-1000, 90_000, 64 * 96).reshape(64, 96).astype(kind[:7].strip() if "32" in kind else "float32")
    if kind == "float32 with gaps":
        values[0, :5] = np.nan, np.inf, -np.inf, 0, 0
    if kind == "one value":
        values[:] = 7.5
    thumbnail = np.asarray(opened(check(make.saved(Image.fromarray(values), "TIFF")).thumbnail))
    if "32" in kind and "gaps" not in kind:
        assert thumbnail[0, 0, 0] < 5
        assert thumbnail[-1, -1, 0] > 250


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_shows_the_background__img_047(check: Check, mode: str) -> None:
    image = Image.new("RGBA", (300, 200), (250, 0, 0, 255))
    image.paste((0, 0, 250, 0), (0, 0, 150, 200))
    picture = check(make.saved(image.quantize(8) if mode == "P" else image.convert(mode), "PNG"))
    thumbnail = opened(picture.thumbnail)
    assert picture.mode == mode
    assert min(rgb_at(thumbnail, 0.1, 0.5)) > 245
    assert rgb_at(thumbnail, 0.9, 0.5)[1] < 90


def test_a_transparent_colour_shows_the_background__img_047(check: Check) -> None:
    data = make.saved(Image.new("RGB", (40, 30), (9, 9, 9)), "PNG", transparency=(9, 9, 9))
    assert min(rgb_at(opened(check(data).thumbnail), 0.5, 0.5)) > 245


def test_black_and_white_gets_a_thumbnail__img_049(check: Check) -> None:
    picture = check(make.saved(make.photo(800, 600, "1"), "TIFF", compression="group4"))
    assert picture.mode == "1"
    assert len(np.unique(np.asarray(opened(picture.thumbnail)))) > 20  # averaged, not picked


def test_a_wide_gamut_picture_comes_out_in_srgb__img_055(check: Check) -> None:
    color = np.array((200, 100, 50))
    data = make.saved(Image.new("RGB", (300, 200), tuple(color)), "PNG", icc_profile=make.icc_profile(make.DISPLAY_P3))
    srgb = np.array([(0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)]).T
    linear = np.linalg.solve(srgb, np.array(make.DISPLAY_P3).T @ (color / 255) ** 2.2)
    expected = 255 * np.where(linear > 0.0031308, 1.055 * np.abs(linear) ** (1 / 2.4) - 0.055, 12.92 * linear)
    mean = np.asarray(opened(check(data).thumbnail)).mean(axis=(0, 1))
    assert np.abs(mean - expected).max() < 5
    assert np.abs(expected - color).max() > 8


def test_a_broken_colour_profile_is_passed_over(check: Check) -> None:
    picture = check(make.png(icc_profile=b"not a profile at all" * 20))
    assert picture.width == 320


def test_a_colour_profile_for_other_pixels_is_passed_over(check: Check) -> None:
    data = make.saved(make.photo(mode="L"), "PNG", icc_profile=make.icc_profile(make.DISPLAY_P3))
    assert check(data).mode == "L"


def test_progressive_and_baseline_are_the_same_picture__img_057(check: Check) -> None:
    photo = make.photo(1200, 900)
    plain, progressive = (check(make.saved(photo, "JPEG", progressive=p)) for p in (False, True))
    assert (plain.width, plain.height) == (progressive.width, progressive.height)
    one, other = (np.asarray(opened(p.thumbnail), dtype=int) for p in (plain, progressive))
    assert np.abs(one - other).max() <= 2
    assert plain.dhash == progressive.dhash


def test_a_stereo_photo_counts_as_jpeg__img_059(check: Check) -> None:
    data = make.saved(make.photo(), "MPO", save_all=True, append_images=[make.photo().rotate(180)])
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "MPO"
    picture = check(data)
    assert picture.media_type == "image/jpeg"
    assert (picture.width, picture.height) == (320, 240)


def test_a_gif_that_is_a_script_too_is_a_gif__img_061(check: Check) -> None:
    picture = check(make.gif_that_is_javascript(), "evil.js")
    assert picture.media_type == "image/gif"
    assert b"alert" not in picture.thumbnail


def test_a_photo_with_a_film_behind_it_is_a_photo(check: Check) -> None:
    assert check(make.jpeg() + make.mp4()).media_type == "image/jpeg"


def test_a_very_thin_picture_keeps_one_pixel__img_069(check: Check) -> None:
    picture = check(make.saved(Image.new("L", (1, 20_000)), "PNG"))
    assert (picture.width, picture.height) == (1, 20_000)
    assert opened(picture.thumbnail).size == (1, 256)


@pytest.mark.parametrize("name, frames", [("gif-animated", 3), ("png-animated", 2)])
def test_the_first_frame_of_an_animation_is_shown(check: Check, name: str, frames: int) -> None:
    picture = check(GOOD[name])
    assert picture.metadata["frames"] == frames
    thumbnail = opened(picture.thumbnail)
    assert np.mean(rgb_at(thumbnail, 0.05, 0.05)) > np.mean(rgb_at(thumbnail, 0.95, 0.95))


def test_the_first_page_of_a_tiff_is_shown(check: Check) -> None:
    pages = [make.photo(64, 48), make.photo(10, 10)]
    picture = check(make.saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert (picture.width, picture.height, picture.metadata["frames"]) == (64, 48, 2)


def test_nearly_the_same_picture_has_nearly_the_same_hash(check: Check) -> None:
    generator = np.random.default_rng(0)

    def scene() -> Image.Image:
        coarse = Image.fromarray(generator.integers(0, 255, (9, 12, 3), dtype=np.uint8))
        return coarse.resize((600, 450), Image.Resampling.BICUBIC)

    one, other = scene(), scene()
    saved = check(make.saved(one, "PNG")).dhash
    again = check(make.saved(one.resize((400, 300)), "JPEG", quality=60)).dhash
    different = check(make.saved(other, "PNG")).dhash
    assert (saved ^ again).bit_count() <= 3
    assert (saved ^ different).bit_count() >= 15


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "LAB"])
def test_the_rarer_colour_spaces_of_tiff_are_shown(check: Check, mode: str) -> None:
    if mode == "LAB":
        image = Image.merge("LAB", [Image.new("L", (30, 20), value) for value in (136, 208, 195)])
    else:
        image = Image.new("RGB", (30, 20), (250, 5, 5)).convert(mode)
    picture = check(make.saved(image, "TIFF"))
    red, green, blue = rgb_at(opened(picture.thumbnail), 0.5, 0.5)
    assert picture.mode == mode
    assert red > 200
    assert max(green, blue) < 60


def test_an_old_kind_of_bmp_is_read_or_named(check: Check) -> None:
    for mode in ("1", "L", "P", "RGB"):
        assert check(make.saved(make.photo(33, 21, mode), "BMP")).width == 33
    with pytest.raises(UnsupportedImage):
        check(make.saved(make.photo(33, 21), "TGA"))


def test_a_tiff_with_strips_of_unknown_tags_is_read__img_035(check: Check) -> None:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    for number in range(65_000, 65_100):
        info[number] = "x"
        info.tagtype[number] = 2
    assert check(make.saved(make.photo(), "TIFF", tiffinfo=info)).width == 320


def test_heic_with_its_extra_is_upright__img_063(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    data = io.BytesIO()
    pillow_heif.register_heif_opener()
    make.photo(600, 400).save(data, "HEIF", exif=make.exif_with_orientation(6).tobytes())
    path = tmp_path / "phone.heic"
    path.write_bytes(data.getvalue())
    with DecodePool(Settings(), children=1) as pool:
        picture = pool.check(path, "phone.heic")
    assert (picture.media_type, picture.width, picture.height) == ("image/heic", 400, 600)
    upright = make.photo(600, 400).transpose(Image.Transpose.ROTATE_270)
    assert np.abs(np.subtract(rgb_at(opened(picture.thumbnail), 0.98, 0.02), rgb_at(upright, 0.98, 0.02))).max() < 25
