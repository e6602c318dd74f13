"""Uploading: what is added, known, refused; nothing half-written whatever happens."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

import jupyter_roboflow as rf

from .conftest import picture, write_pictures


def test_every_kind_of_source_gives_images(ds: rf.Dataset, tmp_path: Path) -> None:
    paths = write_pictures(tmp_path / "in" / "deep", 4)
    stream = io.BytesIO()
    picture(10).save(stream, "PNG")
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("a/one.png", stream.getvalue())
    reports = [
        ds.upload(paths[0]),
        ds.upload(str(tmp_path / "in" / "**" / "*-001.png")),
        ds.upload(tmp_path / "in"),
        ds.upload(tmp_path / "some.zip"),
        ds.upload(np.zeros((20, 30, 3), np.uint8)),
        ds.upload([picture(11), picture(12)]),
        ds.upload(io.BytesIO(paths[0].read_bytes())),
    ]
    assert [(len(r.added), len(r.known), len(r.refused)) for r in reports] == [
        (1, 0, 0),
        (1, 0, 0),
        (2, 2, 0),
        (1, 0, 0),
        (1, 0, 0),
        (2, 0, 0),
        (0, 1, 0),
    ]
    assert len(ds) == 8


def test_one_bad_file_never_stops_the_rest(ds: rf.Dataset, tmp_path: Path) -> None:
    paths = write_pictures(tmp_path, 3)
    paths[1].write_bytes(paths[1].read_bytes()[:-20])
    (tmp_path / "text.png").write_text("no picture")
    report = ds.upload([*paths, tmp_path / "text.png"])
    assert len(report.added) == 2
    assert {entry.code for entry in report.refused} == {"image_truncated", "image_undecodable"}
    assert len(ds) == 2


def test_one_name_for_two_pictures_keeps_both_and_exports_both(ds: rf.Dataset, tmp_path: Path) -> None:
    for seed in (1, 2):
        path = tmp_path / str(seed) / "same.png"
        path.parent.mkdir()
        picture(seed).save(path)
        ds.upload(path)
    assert [image.filename for image in ds] == ["same.png", "same.png"]
    with zipfile.ZipFile(ds.export("yolo", tmp_path / "out.zip", include_unlabeled=True).path) as archive:
        assert sum(name.endswith(".png") for name in archive.namelist()) == 2


def test_the_same_bytes_in_two_datasets_are_one_blob_and_outlive_either(ws: rf.Workspace, tmp_path: Path) -> None:
    one, two = ws.create_dataset("one"), ws.create_dataset("two")
    paths = write_pictures(tmp_path, 1)
    assert len(one.upload(paths).added) == len(two.upload(paths).added) == 1
    one.delete()
    assert next(iter(two)).bytes() == paths[0].read_bytes()


def test_the_original_bytes_stay_untouched_and_pixels_are_upright(ds: rf.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    exif = picture(1).getexif()
    exif[0x0112] = 6
    picture(1, 64, 48).save(path, exif=exif)
    ds.upload(path)
    image = ds["turned.jpg"]
    assert (image.width, image.height) == (48, 64) and image.array().shape == (64, 48, 3)
    assert image.bytes() == path.read_bytes()


def test_a_source_that_matches_nothing_says_so(ds: rf.Dataset, tmp_path: Path) -> None:
    with pytest.raises(rf.RoboflowError, match="nothing-here"):
        ds.upload(str(tmp_path / "nothing-here-*.jpg"))


def test_uploads_can_come_with_a_split_and_tags(ds: rf.Dataset, tmp_path: Path) -> None:
    ds.upload(write_pictures(tmp_path, 2), split="valid", tags=["night"])
    assert len(ds.images(split="valid", tag="night")) == 2 and len(ds.images(split="train")) == 0


def test_an_image_is_downloaded_whole_under_its_own_name_or_another(ds: rf.Dataset, tmp_path: Path) -> None:
    (path,) = write_pictures(tmp_path, 1)
    ds.upload(path)
    (tmp_path / "out").mkdir()
    image = next(iter(ds))
    assert image.download(tmp_path / "out") == tmp_path / "out" / path.name
    assert image.download(tmp_path / "out" / "b.png").read_bytes() == path.read_bytes()
    with pytest.raises(rf.Invalid, match="folder"):
        image.download(tmp_path / "none" / "c.png")
    assert len(list((tmp_path / "out").iterdir())) == 2
