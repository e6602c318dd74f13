"""Shapes move as the pixels under them do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from jupyter_roboflow.augment import STEPS, Augmented, Moved, Recipe, Source, agreement, apply
from jupyter_roboflow.augment.albumentations_library import BENDS, BENDS_KEYPOINTS, STRAIGHT
from jupyter_roboflow.augment.field import Field
from jupyter_roboflow.augment.move import Rules, Run, move
from jupyter_roboflow.augment.outlines import shape_of
from jupyter_roboflow.augment.picture import Picture, mark_of
from jupyter_roboflow.augment.warp import Crop, Flip, Pad, Projection, QuarterTurns, Scale, Warp, about_centre
from jupyter_roboflow.domain.shapes import BBox, Part, Point, Polygon, Shape

from .scenes import HEIGHT, SIZED, WIDTH, blob, blobs, names, noise, recipe_of, run

Mask = NDArray[np.bool_]

AFFINE = (
    "flip", "ninety", "crop", "rotate", "shear", "scale_translate", "resize", "static_crop", "tile", "isolate_objects",
)  # fmt: skip
BOXED = ("box_flip", "box_ninety", "box_crop", "box_rotate", "box_shear")
OTHERS = ("perspective", "mosaic", "albumentations", *BOXED)
LARGE = 1_200.0
"""Square pixels: below, the steps of the mask's own outline weigh more than any mistake would."""


def raster(polygons: Sequence[Shape], size_wh: tuple[int, int]) -> Mask:
    """(H, W) bool: pixels whose centre lies in one of the polygons."""
    columns, rows = np.meshgrid(np.arange(size_wh[0]) + 0.5, np.arange(size_wh[1]) + 0.5)
    inside = np.zeros(columns.shape, dtype=bool)
    for polygon in polygons:
        assert isinstance(polygon, Polygon)
        area = shapely.make_valid(polygon.to_shapely())
        shapely.prepare(area)
        inside |= shapely.contains_xy(area, columns, rows)
    return inside


def worst(recipe: Recipe, seed: int, polygons: Sequence[Polygon]) -> float:
    """The smallest IoU of a large moved polygon with its mask: up to three masks go through the recipe as the picture,
    each in a channel of its own.
    """
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for channel, polygon in enumerate(polygons):
        picture[..., channel] = raster([polygon], (WIDTH, HEIGHT)) * np.uint8(255)
    black = [Source(np.zeros_like(picture), [], [], f"other{i}") for i in range(3)]
    arguments: dict[str, Any] = {"split": "train", "key": f"key{seed}", "copy": 1, "companions": black}
    return min(
        (iou for one in apply(recipe, picture, polygons, names(polygons), **arguments) for iou in ious(one)),
        default=1.0,
    )


def ious(one: Augmented) -> Iterator[float]:
    """The IoU of each large object of a picture whose channels are their masks."""
    size_wh = (one.pixels.shape[1], one.pixels.shape[0])
    for source in {moved.source for moved in one.shapes}:
        pieces = [moved.shape for moved in one.shapes if moved.source == source]
        if sum(piece.area() for piece in pieces) >= LARGE:
            mask, drawn = one.pixels[..., source] > 127, raster(pieces, size_wh)
            yield float((mask & drawn).sum() / (mask | drawn).sum())


every_seed = given(seed=st.integers(0, 2**32))
some = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
few = settings(some, max_examples=6)


def test_every_step_that_moves_shapes_is_held_against_its_masks() -> None:
    assert {name for name, step in STEPS.items() if step.moves} == {*AFFINE, *OTHERS}


@pytest.mark.parametrize("name", AFFINE)
@some
@every_seed
def test_a_moved_polygon_covers_its_warped_mask(name: str, seed: int) -> None:
    assert worst(recipe_of(name, min_visible=0.0), seed, blobs(seed)) >= 0.97


@pytest.mark.parametrize("name", OTHERS)
@some
@every_seed
def test_so_it_does_where_the_map_is_not_affine_or_only_inside_boxes(name: str, seed: int) -> None:
    shapes = blobs(seed)[:1] if name in BOXED else blobs(seed)  # a box changes what lies over it, too
    assert worst(recipe_of(name, min_visible=0.0), seed, shapes) >= 0.95


@pytest.mark.parametrize("transform", sorted(STRAIGHT | BENDS | BENDS_KEYPOINTS))
@few
@every_seed
def test_so_it_does_with_every_transform_of_albumentations_that_is_taken(transform: str, seed: int) -> None:
    step = {"step": "albumentations", "transform": transform, "arguments": SIZED.get(transform, {})}
    assert worst(Recipe(augment=[step], min_visible=0.0), seed, blobs(seed)) >= 0.95


@pytest.mark.parametrize("by, agrees", [(0.0, True), (1.5, False)])
def test_the_measure_sees_a_polygon_that_is_off_by_a_pixel_and_a_half(by: float, agrees: bool) -> None:
    polygon = Polygon(blob(np.random.default_rng(0), 100, 90, 40))
    mask = np.repeat(raster([polygon], (WIDTH, HEIGHT))[..., None] * np.uint8(255), 3, axis=2)
    [iou] = ious(Augmented(mask, (Moved(polygon.map_points(lambda points: points + by), "a", 0),)))
    assert (iou >= 0.97) is agrees


def small(seed: int) -> list[Shape]:
    """Objects of three to eight pixels across, one of them with a hole."""
    random = np.random.default_rng(seed)
    places = random.uniform((30, 30), (WIDTH - 30, HEIGHT - 30), (4, 2)).tolist()
    plain: list[Shape] = [Polygon(blob(random, x, y, r)) for (x, y), r in zip(places, (1.5, 2.5, 4.0), strict=False)]
    x, y = places[3]
    return [*plain, Polygon.of_parts((Part(blob(random, x, y, 4), (blob(random, x, y, 1.2),)),))]


@pytest.mark.parametrize("name", [name for name in (*AFFINE, *OTHERS) if name != "albumentations"])
@some
@every_seed
def test_the_agreement_that_is_shown_is_near_one_however_small_an_object_is(name: str, seed: int) -> None:
    shapes = small(seed)[2:3] if name in BOXED else small(seed)
    least = 0.9 if name in BOXED else 0.95  # a box of whole pixels cuts through the last ones of its object
    for one in run(recipe_of(name, min_visible=0.0), seed, shapes, origins=True, companions=empty_companions()):
        whole = {moved.source for moved in one.shapes if moved.shape.area() >= 2}
        assert all(iou >= least for source, iou in agreement(one, shapes).items() if source in whole), agreement(
            one, shapes
        )


def empty_companions() -> list[Source]:
    return [Source(noise(100 + i), [], [], f"other{i}") for i in range(3)]


@pytest.mark.parametrize("by", [0.5, 1.0])
def test_the_agreement_sees_a_small_object_that_is_off_by_half_a_pixel(by: float) -> None:
    shapes = small(1)
    (one,) = run(Recipe(augment=["rotate"]), 0, shapes, origins=True)
    off = tuple(replace(m, shape=m.shape.map_points(lambda points: points + by)) for m in one.shapes)
    right, wrong = agreement(one, shapes), agreement(replace(one, shapes=off), shapes)
    assert min(right.values()) >= 0.97 and max(wrong.values()) < 0.9


def test_pixels_of_an_object_that_no_outline_covers_count_against_it() -> None:
    shapes: list[Shape] = [Polygon([20, 20, 60, 20, 60, 60, 20, 60])]
    (one,) = run(
        Recipe([{"step": "resize", "width": 240, "height": 240, "mode": "fit_reflect"}]),
        0,
        shapes,
        copy=0,
        origins=True,
    )
    assert agreement(one, shapes)[0] >= 0.97 and len(one.shapes) == 2
    assert 0.4 < agreement(replace(one, shapes=one.shapes[1:]), shapes)[0] < 0.9


def a_run(**rules: float) -> Run:
    return Run("test", np.random.default_rng(0), Rules(**rules))  # pyright: ignore[reportArgumentType]


TILT = np.array([[1, 0.1, -9], [0.05, 1.1, -3], [1e-4, 2e-4, 1]])
WARPS: dict[str, Warp] = {
    "flip": Flip((WIDTH, HEIGHT), True, False),
    "flip both": Flip((WIDTH, HEIGHT), True, True),
    "quarter": QuarterTurns((WIDTH, HEIGHT), 1),
    "three quarters": QuarterTurns((WIDTH, HEIGHT), 3),
    "crop": Crop(7, 11, 211, 163),
    "pad": Pad((WIDTH, HEIGHT), 5, 9, 3, 1),
    "half": Scale((WIDTH, HEIGHT), (WIDTH // 2, HEIGHT // 2)),
    "larger": Scale((WIDTH, HEIGHT), (WIDTH * 3, HEIGHT * 2)),
    "turned": Projection(about_centre(np.array([[0.8, -0.6], [0.6, 0.8]]), (WIDTH, HEIGHT)), (WIDTH, HEIGHT)),
    "shifted": Projection(np.array([[1, 0, 10.25], [0, 1, -7.5], [0, 0, 1]]), (WIDTH, HEIGHT)),
    "zoomed": Projection(about_centre(np.eye(2) * 1.7, (WIDTH, HEIGHT)), (WIDTH, HEIGHT)),
    "tilted": Projection(TILT, (WIDTH, HEIGHT)),
}


@pytest.mark.parametrize("name", WARPS)
def test_pixels_and_points_agree_to_a_tenth_of_a_pixel(name: str) -> None:
    """A half-pixel offset, the classic mistake with OpenCV, moves the centre of mass by half a pixel."""
    disc = Polygon([v for i in range(90) for v in (110 + 30 * math.cos(i * 0.0698), 88 + 30 * math.sin(i * 0.0698))])
    mark = mark_of(disc, "a", 0)
    light = raster([disc], (WIDTH, HEIGHT)) * np.uint8(255)
    picture = Picture(np.repeat(light[..., None], 3, axis=2), (mark,))
    moved = move(picture, WARPS[name], a_run())
    weight = moved.pixels[..., 0].astype(np.float64)
    rows, columns = np.indices(weight.shape)
    seen = ((columns + 0.5) * weight).sum() / weight.sum(), ((rows + 0.5) * weight).sum() / weight.sum()
    shape = shape_of(moved.marks[0], moved.size_wh)
    assert isinstance(shape, Polygon)
    centre = shape.to_shapely().centroid
    assert seen == pytest.approx((centre.x, centre.y), abs=0.1)


def test_a_quarter_turn_by_matrix_is_the_quarter_turn_by_moving_pixels() -> None:
    square = noise(3, 64, 64)
    exact = QuarterTurns((64, 64), 1).image(square)
    by_matrix = Projection(about_centre(np.array([[0.0, -1.0], [1.0, 0.0]]), (64, 64)), (64, 64)).image(square)
    assert np.array_equal(exact, by_matrix)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), degrees=st.floats(-180, 180))
def test_turning_there_and_back_gives_the_first_polygon(seed: int, degrees: float) -> None:
    polygon = Polygon(blob(np.random.default_rng(seed), WIDTH / 2, HEIGHT / 2, 60))
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    picture = Picture(noise(), (mark_of(polygon, "a", 0),))
    for matrix in (np.array([[c, -s], [s, c]]), np.array([[c, s], [-s, c]])):
        picture = move(picture, Projection(about_centre(matrix, (WIDTH, HEIGHT)), (WIDTH, HEIGHT)), a_run())
    back = shape_of(picture.marks[0], picture.size_wh)
    assert isinstance(back, Polygon) and len(back.parts) == 1
    assert back.parts[0].points == pytest.approx(polygon.parts[0].points, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_thirty_turns_do_not_grow_a_box(seed: int) -> None:
    """A box that is boxed again at each turn is larger than the picture after thirty."""
    outline = Polygon(blob(np.random.default_rng(seed), 120, 90, 30))
    box = BBox.from_bounds(outline.bounds())
    recipe = Recipe(augment=[{"step": "rotate", "degrees": 20}] * 30, min_visible=0.0, seed=seed)
    (one,) = run(recipe, seed, [outline, box])
    by_source = {moved.source: moved.shape for moved in one.shapes}
    total = sum(float(step["degrees"]) for step in one.steps)
    assert len(one.steps) == 30
    moved = by_source[0]
    assert isinstance(moved, Polygon)
    assert moved.area() == pytest.approx(outline.area(), rel=1e-6)
    turn = math.radians(total)
    wide = box.width * abs(math.cos(turn)) + box.height * abs(math.sin(turn))
    assert isinstance(by_source[1], BBox)
    assert by_source[1].width == pytest.approx(wide, rel=0.02), "the box around the box turned once by the whole angle"
    x0, y0, x1, y1 = by_source[1].bounds()
    inside = moved.bounds()
    assert x0 <= inside[0] + 1e-6 and y0 <= inside[1] + 1e-6 and x1 >= inside[2] - 1e-6 and y1 >= inside[3] - 1e-6


@pytest.mark.parametrize("name", [name for name in (*AFFINE, *OTHERS) if name not in ("mosaic", "isolate_objects")])
@pytest.mark.parametrize("seed", range(3))
def test_thirty_steps_do_not_grow_a_box_beyond_the_bounds_of_its_own_outline(name: str, seed: int) -> None:
    """What is drawn as a box and as a polygon of the same corners stays within the same bounds, to the end."""
    box = BBox(60, 50, 70, 60)
    x0, y0, x1, y1 = box.bounds()
    outline = Polygon([x0, y0, x1, y0, x1, y1, x0, y1])
    picture = Picture(noise(seed), (mark_of(box, "a", 0), mark_of(outline, "a", 1)))
    step, settings = STEPS[name], recipe_of(name)
    planned = (*settings.preprocess, *settings.augment)[0]
    for number in range(30):
        chance = np.random.default_rng((seed, number))
        pictures = step.apply(picture, planned.settings, Run("test", chance, Rules(min_visible=0.0)))
        picture = max(pictures, key=lambda one: len(one.marks))
    boxed, drawn = ([m for m in picture.marks if m.source == source] for source in (0, 1))
    if name in BOXED:
        assert [shape_of(mark, picture.size_wh) for mark in boxed] == [box]
        return
    assert bool(boxed) == bool(drawn)
    if boxed:
        bounds = np.array([mark.bounds_xyxy() for mark in drawn])
        whole = (*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0))
        grown = np.array(boxed[0].bounds_xyxy()) - whole
        assert np.abs(grown).max() <= 0.5, "bent outlines are thinned out; straight ones agree to rounding"


def sheared(by: float) -> Warp:
    return Projection(about_centre(np.array([[1.0, by], [0.0, 1.0]]), FRAME), FRAME)


FRAME = (WIDTH, HEIGHT)
THERE_AND_BACK: dict[str, tuple[Warp, Warp]] = {
    "mirrored": (Flip(FRAME, True, False), Flip(FRAME, True, False)),
    "upside down": (Flip(FRAME, True, True), QuarterTurns(FRAME, 2)),
    "a quarter": (QuarterTurns(FRAME, 1), QuarterTurns((HEIGHT, WIDTH), 3)),
    "padded and cropped": (Pad(FRAME, 7, 5, 3, 9), Crop(7, 5, 7 + WIDTH, 5 + HEIGHT)),
    "scaled": (Scale(FRAME, (77, 313)), Scale((77, 313), FRAME)),
    "sheared": (sheared(0.3), sheared(-0.3)),
    "tilted": (WARPS["tilted"], Projection(np.linalg.inv(TILT), FRAME)),
}


@pytest.mark.parametrize("name", THERE_AND_BACK)
@pytest.mark.parametrize("seed", range(4))
def test_every_map_and_its_opposite_give_the_first_polygon(name: str, seed: int) -> None:
    polygon = Polygon(blob(np.random.default_rng(seed), WIDTH / 2, HEIGHT / 2, 50))
    picture = Picture(noise(), (mark_of(polygon, "a", 0),))
    for warp in THERE_AND_BACK[name]:
        picture = move(picture, warp, a_run())
    back = shape_of(picture.marks[0], picture.size_wh)
    assert isinstance(back, Polygon) and len(picture.marks) == len(back.parts) == 1
    assert back.parts[0].points == pytest.approx(polygon.parts[0].points, abs=1e-9)


def test_an_ellipse_in_a_box_turns_into_a_tighter_box() -> None:
    areas = {}
    for boxes in ("corners", "ellipse"):
        recipe = Recipe(augment=[{"step": "rotate", "degrees": 45}], boxes=boxes, seed=4)
        (one,) = run(recipe, 0, [BBox(80, 70, 80, 30)])
        areas[boxes] = one.shapes[0].shape.area()
    assert areas["ellipse"] < 0.8 * areas["corners"]


def test_a_polygon_cut_by_the_border_falls_into_pieces_with_one_source() -> None:
    comb: Shape = Polygon([20, 20, 200, 20, 200, 150, 180, 150, 180, 60, 40, 60, 40, 150, 20, 150])
    recipe = Recipe([{"step": "static_crop", "x_min": 0, "x_max": 100, "y_min": 50, "y_max": 100}], min_visible=0.05)
    (one,) = run(recipe, 0, [comb], copy=0)
    assert [moved.source for moved in one.shapes] == [0, 0]
    assert {moved.shape.bounds() for moved in one.shapes} == {(20, 0, 40, 60), (180, 0, 200, 60)}


@pytest.mark.parametrize("least, stays", [(0.24, True), (0.26, False)])
def test_less_than_the_least_visible_share_goes_and_is_reported(least: float, stays: bool) -> None:
    recipe = Recipe([{"step": "static_crop", "x_min": 50, "x_max": 100, "y_min": 0, "y_max": 100}], min_visible=least)
    (one,) = run(recipe, 0, [BBox(90, 50, 40, 40)], copy=0)
    assert bool(one.shapes) is stays
    assert [drop.why for drop in one.dropped] == ([] if stays else ["less of it visible than min_visible"])


def test_what_is_left_counts_over_all_steps() -> None:
    half = {"step": "static_crop", "x_min": 0, "x_max": 50, "y_min": 0, "y_max": 100}
    recipe = Recipe([half, half], min_visible=0.3)
    (one,) = run(recipe, 0, [BBox(0, 0, WIDTH, HEIGHT)], copy=0)
    assert one.shapes == () and one.dropped[0].step == "preprocess[1] static_crop"


def test_points_outside_are_dropped() -> None:
    recipe = Recipe([{"step": "static_crop", "x_min": 50, "x_max": 100, "y_min": 0, "y_max": 100}])
    (one,) = run(recipe, 0, [Point(119, 20), Point(121, 20)], copy=0)
    assert [moved.shape for moved in one.shapes] == [Point(1, 20)] and one.dropped[0].source == 0


def test_a_polygon_that_crosses_itself_is_kept_as_drawn_until_it_is_cut() -> None:
    bow = Polygon([20, 20, 100, 100, 100, 20, 20, 100])
    (whole,) = run(Recipe(), 0, [bow], copy=0)
    assert whole.shapes[0].shape == bow
    recipe = Recipe([{"step": "static_crop", "x_min": 0, "x_max": 30, "y_min": 0, "y_max": 100}])
    (cut,) = run(recipe, 0, [bow], copy=0)
    assert all(isinstance(m.shape, Polygon) and shapely.is_valid(m.shape.to_shapely()) for m in cut.shapes)
    assert sum(m.shape.area() for m in cut.shapes) > 0


def test_shapes_beyond_the_border_are_cut_at_the_start_and_keep_what_is_left_of_them() -> None:
    given: list[Shape] = [BBox(-90, 10, 100, 20), BBox(300, 10, 5, 5), BBox(WIDTH - 10, 0, 10, HEIGHT), Point(-1, 5)]
    (one,) = run(Recipe(min_visible=0.5), 0, given, copy=0)
    assert {m.source: m.shape for m in one.shapes} == {0: BBox(0, 10, 10, 20), 2: BBox(WIDTH - 10, 0, 10, HEIGHT)}
    assert sorted(d.source for d in one.dropped) == [1, 3]


def test_left_and_right_swap_in_a_mirror_only() -> None:
    shapes: list[Shape] = [BBox(10, 10, 20, 20), BBox(100, 10, 20, 20), BBox(50, 50, 20, 20)]
    labels = ["left hand", "right hand", "head"]
    pairs = [["left hand", "right hand"]]

    def after(*steps: dict[str, object]) -> list[str]:
        recipe = Recipe(augment=[{"probability": 1.0, **step} for step in steps], mirror_labels=pairs)
        (one,) = apply(recipe, noise(), shapes, labels, split="train", key="k", copy=1)
        return [moved.label for moved in one.shapes]

    mirrored = ["right hand", "left hand", "head"]
    flip = {"step": "flip", "horizontal": True}
    assert after(flip) == after({"step": "flip", "horizontal": False, "vertical": True}) == mirrored
    assert after(flip, flip) == after({"step": "rotate"}) == after({"step": "ninety"}) == labels
    assert after({"step": "albumentations", "transform": "HorizontalFlip"}) == mirrored
    turn = {"step": "albumentations", "transform": "Rotate", "arguments": {"limit": [-5, 5]}}
    assert after(turn) == labels


def test_a_bent_map_is_turned_round_to_a_twentieth_of_a_pixel() -> None:
    rows, columns = np.indices((HEIGHT, WIDTH), dtype=np.float64)
    bend = 6 * np.sin((rows + 0.5) / 15)
    points = np.random.default_rng(0).uniform((20, 20), (WIDTH - 20, HEIGHT - 20), (200, 2))
    found = Field.of_maps(columns + bend, rows).points(points)
    assert np.abs(found[:, 0] + 6 * np.sin(found[:, 1] / 15) - points[:, 0]).max() < 0.05
    assert np.abs(found[:, 1] - points[:, 1]).max() < 0.05


@pytest.mark.parametrize("seed", range(4))
def test_long_edges_bend_with_the_picture(seed: int) -> None:
    arguments = {"alpha": 500, "sigma": 14}
    step = {"step": "albumentations", "transform": "ElasticTransform", "arguments": arguments}
    recipe = Recipe(augment=[step], min_visible=0.0)
    bars = [Polygon([20, y, WIDTH - 20, y, WIDTH - 20, y + 14, 20, y + 14]) for y in (40, 90, 140)]
    assert worst(recipe, seed, bars) >= 0.95
