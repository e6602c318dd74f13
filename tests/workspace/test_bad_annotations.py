"""Annotations that cannot be saved: refused whole, and the image is as it was."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import jupyter_roboflow as rf

from .conftest import write_pictures
from .datasets_on_disk import write_folder, yolo_files
from .invariants import assert_sound, local, nothing_changes

BOX = rf.BBox(2, 3, 20, 10)
GOOD = rf.Annotation(BOX, "cat")


@pytest.fixture
def image(ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path) -> Iterator[rf.Image]:
    """A picture of 64 × 48 with one box."""
    ds.upload(write_pictures(tmp_path / "before", 1))
    ds.add_label("cat")
    yield ds["picture-000.png"].save([GOOD])
    assert_sound(ws)


def _nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


SHAPES: dict[str, tuple[Callable[[], rf.Shape], str]] = {
    "GEO-002": (lambda: rf.BBox(0, 0, math.inf, 5), "geometry_not_finite"),
    "GEO-002-nan": (lambda: rf.Point(math.nan, 5), "geometry_not_finite"),
    "GEO-004": (lambda: rf.BBox(5, 5, 0, 10), "geometry_zero_area"),
    "GEO-006": (lambda: rf.BBox(64, 0, 10, 10), "geometry_out_of_bounds"),
    "GEO-006-polygon": (lambda: rf.Polygon([70.0, 0, 80, 0, 80, 10]), "geometry_out_of_bounds"),
    "GEO-008": (lambda: rf.BBox("12", 0, 5, 5), "wrong_type"),  # pyright: ignore[reportArgumentType]
    "GEO-010": (lambda: rf.BBox(None, 0, 5, 5), "wrong_type"),  # pyright: ignore[reportArgumentType]
    "GEO-014": (lambda: rf.Polygon([0.0, 0, 5, 5, 10, 10]), "geometry_zero_area"),
    "GEO-022": (lambda: rf.Point(64.5, 10), "geometry_out_of_bounds"),
    "GEO-026": (lambda: rf.BBox(1e308, 0, 1e308, 5), "geometry_out_of_bounds"),
    "GEO-026-tiny": (lambda: rf.BBox(0, 0, 1e-320, 5), "geometry_zero_area"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_one_bad_shape_among_good_ones_saves_none(ws: rf.Workspace, image: rf.Image, name: str) -> None:
    make, code = SHAPES[name]
    with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
        image.save([GOOD, rf.Annotation(make(), "cat"), GOOD])
    assert refused.value.code == code


ATTRIBUTES: dict[str, dict[Any, Any]] = {
    "an object": {"a": object()},
    "not a number": {"a": math.nan},
    "infinity": {"deep": [{"a": math.inf}]},
    "a lone surrogate": {"a": "\ud800"},
    "a lone surrogate as a key": {"\udfff": 1},
    "100,000 levels": {"a": _nested(100_000)},
    "a key that is no text": {1: "a"},
    "a megabyte": {"a": "x" * 1_000_001},
    "bytes": {"a": b"x"},
}


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes_that_are_no_json_are_refused(ws: rf.Workspace, image: rf.Image, name: str) -> None:
    with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
        image.save([GOOD, rf.Annotation(BOX, "cat", ATTRIBUTES[name])])
    assert refused.value.code == "bad_attributes"


def test_attributes_of_json_come_back_as_they_were(image: rf.Image) -> None:
    given = {
        "nul": "a\0b",
        "quote": "\"'</script>",
        "n": 10**30,
        "f": 0.1,
        "none": None,
        "list": [1, [True, {}]],
        "": 1,
    }
    image.save([rf.Annotation(BOX, "cat", given)])
    assert dict(image.reload().annotations[0].attributes) == given


def test_five_thousand_annotations_are_saved_and_one_more_saves_nothing_geo_032(
    ws: rf.Workspace, ds: rf.Dataset, image: rf.Image
) -> None:
    many = [rf.Annotation(rf.BBox(n % 50, n % 40, 5 + n / 1_000, 5), "cat") for n in range(5_001)]
    with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
        image.save(many)
    assert refused.value.code == "too_many_annotations" and "5,001" in refused.value.message
    assert len(image.save(many[:-1]).annotations) == 5_000 == ds.info.annotation_count


@pytest.mark.parametrize("existing", ["merge", "replace", "skip"])
def test_an_import_never_brings_an_image_over_the_limit_geo_032(
    ws: rf.Workspace, tmp_path: Path, existing: str
) -> None:
    other = ws.create_dataset("other")
    row = b"0 0.5 0.5 0.25 0.%d\n"
    source = write_folder(tmp_path / "one", yolo_files(b"".join(row % (1_000 + n) for n in range(4_000))))
    other.import_(source)
    again = write_folder(tmp_path / "two", yolo_files(b"".join(row % (5_001 + n) for n in range(3_999))))
    if existing == "merge":
        with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
            other.import_(again)
        assert refused.value.code == "too_many_annotations" and "b.png" in refused.value.message
    else:
        other.import_(again, existing=existing)
        assert len(other["b.png"].annotations) == (3_999 if existing == "replace" else 4_000)
    assert_sound(ws)


def test_ten_thousand_points_come_back_exactly_geo_018_geo_028(image: rf.Image) -> None:
    circle = [v for n in range(10_000) for v in (_turn(math.cos, n, 32), _turn(math.sin, n, 24))]
    image.save([rf.Annotation(rf.Polygon(circle), "cat")])
    shape = image.reload().annotations[0].shape
    assert isinstance(shape, rf.Polygon) and list(shape.parts[0].points) == circle


def _turn(wave: Callable[[float], float], n: int, centre: int) -> float:
    return centre + 20 * wave(n / 10_000 * math.tau)


def test_seventeen_digits_survive_saving_and_a_coco_export_geo_028(
    ws: rf.Workspace, ds: rf.Dataset, image: rf.Image, tmp_path: Path
) -> None:
    box = rf.BBox(1.2345678901234567, 0.1 + 0.2, 10 / 3, math.pi)
    image.save([rf.Annotation(box, "cat")])
    assert image.reload().annotations[0].shape == box
    back = ws.create_dataset("back")
    back.import_(ds.export("coco", tmp_path / "out.zip").path)
    assert next(iter(back)).annotations[0].shape.bounds() == pytest.approx(box.bounds(), abs=1e-6)


def test_an_image_of_another_dataset_is_not_reached_through_this_one_geo_034(
    ws: rf.Workspace, ds: rf.Dataset, image: rf.Image, tmp_path: Path
) -> None:
    other = ws.create_dataset("other")
    other.add_label("dog")
    with nothing_changes(ws):
        with pytest.raises(rf.NotFound):
            other[image.id]
        with pytest.raises(rf.NotFound):
            local(ws).delete_images(other.id, [image.id])
        with pytest.raises(rf.NotFound):
            local(ws).save_annotations(10**9, [GOOD], 0)
        with pytest.raises(rf.Invalid, match="dog"):
            image.save([GOOD, rf.Annotation(BOX, "dog")])


def test_the_id_of_another_images_annotation_is_not_taken_over_geo_034(
    ws: rf.Workspace, ds: rf.Dataset, image: rf.Image, tmp_path: Path
) -> None:
    other = ws.create_dataset("other")
    other.upload(write_pictures(tmp_path / "other", 2)[1])
    other.add_label("cat")
    theirs = image.annotations[0]
    stolen = other["picture-001.png"].save([replace(theirs, shape=rf.BBox(0, 0, 5, 5))])
    assert stolen.annotations[0].id != theirs.id
    assert image.reload().annotations == (theirs,)


@pytest.mark.parametrize("key", ["x" * 32, "A" * 32, "../..", "0" * 31, "\0" * 32, "'; DROP TABLE images"])
def test_an_id_that_is_none_gets_replaced(image: rf.Image, key: str) -> None:
    saved = image.save([replace(GOOD, id=key)]).annotations[0]
    assert len(saved.id) == 32 and saved.id != key


def test_one_id_twice_saves_nothing(ws: rf.Workspace, image: rf.Image) -> None:
    mine = image.annotations[0]
    with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
        image.save([mine, replace(mine, shape=rf.BBox(0, 0, 5, 5))])
    assert refused.value.code == "same_id"


@pytest.mark.parametrize("state", ["unlabeled", "empty"])
def test_a_state_that_contradicts_the_annotations_saves_nothing(ws: rf.Workspace, image: rf.Image, state: str) -> None:
    with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
        image.save([GOOD, GOOD], state=state)
    assert refused.value.code == "bad_state"
