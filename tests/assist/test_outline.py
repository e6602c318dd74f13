"""A box or a stroke, and the outline of what it points at."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import as_file, files

import numpy as np
import pytest
import shapely
from PIL import Image as Pillow

from jupyter_roboflow.assist import ASSISTANTS, Assistant, OpenCV, Prompt
from jupyter_roboflow.domain.errors import Invalid, InvalidShape
from jupyter_roboflow.domain.shapes import BBox, Part

from .pictures import PALE, PINK, ellipse, loose_box, overlap, photo_of

NAN = float("nan")
PLACES = {
    "a disc": (200, 150, (100.3, 74.6, 40, 40)),
    "an ellipse": (640, 480, (300, 200, 150, 80, 30)),
    "one at the edge": (300, 200, (20, 100, 60, 60)),
    "a large one": (1600, 1200, (800, 600, 400, 300, 70)),
    "a small one in a large picture": (2000, 1500, (500, 400, 40, 50)),
}


@pytest.fixture(params=list(ASSISTANTS))
def assistant(request: pytest.FixtureRequest) -> Assistant:
    return ASSISTANTS[request.param]


@pytest.mark.parametrize("colour", [PINK, PALE], ids=["pink", "pale"])
@pytest.mark.parametrize("place", PLACES)
def test_a_loose_box_finds_what_is_in_it(assistant: Assistant, place: str, colour: tuple[int, int, int]) -> None:
    width, height, numbers = PLACES[place]
    area = ellipse(*numbers)
    found = assistant.outline(photo_of(area, width, height, colour), Prompt(loose_box(area, width, height)))
    truth = area.intersection(shapely.box(0, 0, width, height))
    assert overlap(found, truth) >= 0.95
    assert len(found[0].parts[0].points) // 2 < 2_500


@pytest.mark.parametrize("scale", [1, 4])
def test_a_stroke_on_it_is_enough(assistant: Assistant, scale: int) -> None:
    area = ellipse(150 * scale, 100 * scale, 60 * scale, 40 * scale, 20)
    picture = photo_of(area, 300 * scale, 220 * scale)
    stroke = [(120 * scale, 95 * scale), (150 * scale, 100 * scale), (180 * scale, 110 * scale)]
    assert overlap(assistant.outline(picture, Prompt(include=(stroke,), brush=8 * scale)), area) >= 0.95


def test_strokes_beside_it_cut_something_away(assistant: Assistant) -> None:
    both = ellipse(100, 100, 40, 40).union(ellipse(170, 100, 40, 40))
    picture, box = photo_of(both, 280, 200), loose_box(both, 280, 200)
    whole = assistant.outline(picture, Prompt(box))
    cut = assistant.outline(picture, Prompt(box, exclude=([(190, 75), (165, 100), (190, 125)],), brush=25))
    assert overlap(whole, both) >= 0.95
    assert cut[0].area() < 0.92 * whole[0].area()
    assert not cut[0].to_shapely().intersects(shapely.Point(180, 100))


def test_a_ring_has_a_hole(assistant: Assistant) -> None:
    ring = ellipse(150, 150, 90, 90).difference(ellipse(150, 150, 45, 45))
    found = assistant.outline(photo_of(ring, 300, 300), Prompt(loose_box(ring, 300, 300)))
    assert overlap(found, ring) >= 0.95
    assert len(found[0].parts[0].holes) == 1


def test_the_same_prompt_gets_the_same_answer(assistant: Assistant) -> None:
    area = ellipse(150, 100, 60, 40)
    picture, prompt = photo_of(area, 300, 200), Prompt(loose_box(area, 300, 200))
    assert assistant.outline(picture, prompt) == assistant.outline(picture, prompt)


def test_without_time_the_answer_is_only_coarser() -> None:
    area = ellipse(800, 600, 400, 300, 70)
    picture, prompt = photo_of(area, 1600, 1200), Prompt(loose_box(area, 1600, 1200))
    hurried, normal = OpenCV(seconds=0).outline(picture, prompt), OpenCV().outline(picture, prompt)
    assert overlap(hurried, area) >= 0.9
    assert overlap(normal, area) > overlap(hurried, area)


WHITE_CELLS = {
    "00016": ((151, 118, 329, 279), (172, 128, 306, 264)),
    "00053": ((106, 12, 242, 143), (118, 21, 232, 132)),
    "00055": ((153, 134, 275, 258), (168, 149, 259, 236)),
    "00062": ((91, 261, 249, 399), (103, 266, 234, 392)),
    "00069": ((341, 260, 482, 385), (351, 262, 477, 381)),
    "00073": ((211, 49, 353, 177), (226, 51, 338, 167)),
}
"""The dataset's own boxes, which leave room, and how far the cells reach, measured on the pictures by hand."""


@pytest.mark.parametrize("number", WHITE_CELLS)
def test_a_loose_box_finds_a_white_blood_cell(assistant: Assistant, number: str) -> None:
    loose, tight = WHITE_CELLS[number]
    folder = files("jupyter_roboflow.demo") / "data" / "blood-cells" / "JPEGImages"
    with as_file(folder / f"BloodImage_{number}.jpg") as path, Pillow.open(path) as opened:
        picture = np.asarray(opened.convert("RGB"))
    found = assistant.outline(picture, Prompt(BBox.from_bounds(loose)))
    area, truth = shapely.box(*found[0].bounds()), shapely.box(*tight)
    assert area.intersection(truth).area / area.union(truth).area >= 0.8


def test_every_outline_lies_within_the_picture_and_can_be_drawn(assistant: Assistant) -> None:
    rng = np.random.default_rng(5)
    for _ in range(25):
        width, height = (int(n) for n in rng.integers(1, 90, 2))
        picture = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        x, y = rng.uniform(0, width - 0.5), rng.uniform(0, height - 0.5)
        prompt = Prompt(BBox(x, y, rng.uniform(0.3, 99), rng.uniform(0.3, 99)))
        for polygon in assistant.outline(picture, prompt):
            x0, y0, x1, y1 = polygon.bounds()
            assert x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height
            assert all(Part(part.points, part.holes) == part for part in polygon.parts)


@pytest.mark.parametrize(
    "picture, prompt",
    [
        (np.zeros((1, 1, 3), np.uint8), Prompt(BBox(0, 0, 1, 1))),
        (np.zeros((1, 50, 3), np.uint8), Prompt(BBox(10, 0, 20, 1))),
        (np.zeros((50, 50, 3), np.uint8), Prompt(BBox(10, 10, 20, 20), exclude=([(10, 20), (30, 20)],), brush=60)),
    ],
    ids=["one pixel", "one row", "all of it excluded"],
)
def test_where_there_is_nothing_the_answer_is_empty(assistant: Assistant, picture: np.ndarray, prompt: Prompt) -> None:
    assert assistant.outline(picture, prompt) == []


@pytest.mark.parametrize(
    "prompt, code",
    [
        (lambda: Prompt(), "empty_prompt"),
        (lambda: Prompt(include=([],)), "empty_prompt"),
        (lambda: Prompt(exclude=([(1, 1)],)), "empty_prompt"),
        (lambda: Prompt(BBox(1, 1, 0, 5)), "geometry_zero_area"),
        (lambda: Prompt(BBox(NAN, 1, 5, 5)), "geometry_not_finite"),
        (lambda: Prompt(include=([(1, 1), (NAN, 2)],)), "geometry_not_finite"),
        (lambda: Prompt(include=([1, 2, 3],)), "wrong_length"),
        (lambda: Prompt(include=([1.0] * 50_000,)), "too_many_points"),
        (lambda: Prompt(BBox(1, 1, 5, 5), brush=0), "bad_brush"),
        (lambda: Prompt(BBox(1, 1, 5, 5), brush=NAN), "bad_brush"),
    ],
)
def test_a_prompt_that_cannot_be_is_refused(prompt: Callable[[], Prompt], code: str) -> None:
    with pytest.raises(Invalid) as raised:
        prompt()
    assert raised.value.code == code


@pytest.mark.parametrize("prompt", [Prompt(BBox(60, 1, 5, 5)), Prompt(include=([(70, 80)],))], ids=["box", "stroke"])
def test_a_prompt_beside_the_picture_is_refused(assistant: Assistant, prompt: Prompt) -> None:
    with pytest.raises(InvalidShape) as raised:
        assistant.outline(np.zeros((50, 50, 3), np.uint8), prompt)
    assert raised.value.code == "geometry_out_of_bounds"
