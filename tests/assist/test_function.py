"""A function in the place of GrabCut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from jupyter_roboflow.assist import OpenCV, Prompt, assistant_of
from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.domain.shapes import BBox, Polygon

from .pictures import ellipse, overlap, photo_of

PHOTO = np.zeros((100, 200, 3), np.uint8)
TRIANGLE = [20.0, 20.0, 80.0, 20.0, 50.0, 70.0]
BOX = Prompt(BBox(10, 10, 100, 80))


def mask(kind: type[Any] = np.bool_) -> Any:
    made = np.zeros((100, 200), kind)
    made[30:60, 40:90] = 1
    return made


@pytest.mark.parametrize(
    "given, area",
    [
        (Polygon(TRIANGLE), 1500),
        ([Polygon(TRIANGLE)], 1500),
        (np.array(TRIANGLE).reshape(-1, 2), 1500),
        ([(20, 20), (80, 20), (50, 70)], 1500),
        (mask(), 1500),
        (mask(np.uint8), 1500),
    ],
    ids=["a polygon", "polygons", "points", "pairs", "a mask", "a mask of numbers"],
)
def test_a_function_gives_what_it_has(given: Any, area: float) -> None:
    asked: list[tuple[tuple[int, ...], BBox]] = []

    def model(image: Any, box: BBox) -> Any:
        asked.append((image.shape, box))
        return given

    found = assistant_of(model).outline(PHOTO, BOX)
    assert found[0].area() == pytest.approx(area, rel=0.02)
    assert asked == [((100, 200, 3), BBox(10, 10, 100, 80))]


@pytest.mark.parametrize("nothing", [None, [], mask() & False])
def test_a_function_may_find_nothing(nothing: Any) -> None:
    assert assistant_of(lambda image, box: nothing).outline(PHOTO, BOX) == []


@pytest.mark.parametrize("given", ["a polygon", 7, np.zeros((3, 3)), np.zeros((100, 200)), {"points": []}])
def test_what_is_no_outline_is_named(given: Any) -> None:
    with pytest.raises(Invalid) as refused:
        assistant_of(lambda image, box: given).outline(PHOTO, BOX)
    assert refused.value.code == "bad_outline" and type(given).__name__ in str(refused.value)


def test_strokes_are_added_to_it_and_taken_away() -> None:
    square = Polygon([20, 20, 60, 20, 60, 60, 20, 60])
    assistant = assistant_of(lambda image, box: square)
    more = assistant.outline(PHOTO, Prompt(BOX.box, include=([50, 40, 90, 40],), brush=10))[0].to_shapely()
    assert more.contains(shapely.Point(85, 40)) and more.contains(square.to_shapely())
    less = assistant.outline(PHOTO, Prompt(BOX.box, exclude=([20, 40, 60, 40],), brush=10))[0].to_shapely()
    assert not less.intersects(shapely.Point(40, 40)) and less.area == pytest.approx(1600 - 400, rel=0.02)


def test_a_stroke_alone_asks_for_what_is_around_it_within_the_picture() -> None:
    asked: list[BBox] = []
    assistant_of(lambda image, box: asked.append(box)).outline(PHOTO, Prompt(include=([2, 50, 30, 50],), brush=10))
    assert asked == [BBox(0, 45, 35, 10)]


def test_edges_are_followed_as_without_it() -> None:
    picture = photo_of(ellipse(100, 60, 60, 40), 200, 120)
    ends = ((40.0, 60.0), (160.0, 60.0))
    mine = assistant_of(lambda image, box: None).wire(picture, *ends).path_to(ends[1])
    assert np.array_equal(mine, OpenCV().wire(picture, *ends).path_to(ends[1]))


def test_an_assistant_stays_what_it_is_and_anything_else_is_refused() -> None:
    mine = OpenCV()
    assert assistant_of(mine) is mine
    with pytest.raises(Invalid, match="function"):
        assistant_of("sam")  # type: ignore[arg-type]


def test_it_is_as_good_as_what_it_is_made_of() -> None:
    area = ellipse(100, 60, 60, 40)
    picture = photo_of(area, 200, 120)
    grab_cut = OpenCV()
    found = assistant_of(lambda image, box: grab_cut.outline(image, Prompt(box))).outline(
        picture, Prompt(BBox(30, 10, 140, 100))
    )
    assert overlap(found, area) > 0.95
