"""Shapes: clipping, mapping, areas and JSON, for any shape that can be drawn."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_roboflow.domain.errors import InvalidShape
from jupyter_roboflow.domain.shapes import BBox, Part, Point, Polygon, Shape, shape_from

from .shapes import SIZE, boxes, coordinates, shapes, stars

SQUARE = [10.0, 10.0, 50.0, 10.0, 50.0, 50.0, 10.0, 50.0]
HOLE = [20.0, 20.0, 20.0, 30.0, 30.0, 30.0, 30.0, 20.0]


def _clip_is_idempotent(shape: Shape) -> None:
    for piece in shape.clip(SIZE):
        assert piece.clip(SIZE) == (piece,)
        x0, y0, x1, y1 = piece.bounds()
        assert x0 >= 0 and y0 >= 0 and x1 <= SIZE[0] and y1 <= SIZE[1]


def _inside(ring: tuple[float, ...], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which points a ring surrounds: a ray to the right crosses it an odd number of times."""
    corners = np.array(ring).reshape(-1, 2)
    odd = np.zeros(len(x), dtype=bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 != y1:
            odd ^= ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return odd


def _clip_keeps_the_visible_area(part: Part) -> None:
    """The same area by another way: count the cells of a fine grid that are in the outline and in no hole."""
    steps = np.arange(0.25, 100, 0.5)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps[steps < SIZE[1]]))
    covered = _inside(part.points, x, y)
    for hole in part.holes:
        covered &= ~_inside(hole, x, y)
    pieces = Polygon.of_parts((part,)).clip(SIZE)
    assert sum(piece.area() for piece in pieces) == pytest.approx(0.25 * np.count_nonzero(covered), abs=60, rel=0.05)


@given(shapes)
def test_clipping_a_clipped_shape_changes_nothing(shape: Shape) -> None:
    _clip_is_idempotent(shape)


@settings(max_examples=25, deadline=None)
@given(stars(holes=True))
def test_clipping_keeps_what_is_visible_and_holes_stay_holes(part: Part) -> None:
    _clip_keeps_the_visible_area(part)


def test_a_clip_that_fills_holes_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = Part((-10, 5, 90, 5, 90, 75, -10, 75), ((5, 10, 85, 10, 85, 70, 5, 70),))
    _clip_keeps_the_visible_area(frame)
    monkeypatch.setattr(Part, "to_shapely", lambda part: shapely.Polygon(np.array(part.points).reshape(-1, 2)))
    with pytest.raises(AssertionError):
        _clip_keeps_the_visible_area(frame)


@given(shapes)
def test_mapping_every_point_to_itself_gives_the_same_shape_to_the_last_digit(shape: Shape) -> None:
    same = shape.map_points(lambda points: points.copy())
    assert same == shape and same.geometry() == shape.geometry()


_ISOMETRIES = {
    "mirrored left to right": lambda p: np.stack([SIZE[0] - p[:, 0], p[:, 1]], axis=1),
    "mirrored top to bottom": lambda p: np.stack([p[:, 0], SIZE[1] - p[:, 1]], axis=1),
    "turned by 90 degrees": lambda p: np.stack([SIZE[1] - p[:, 1], p[:, 0]], axis=1),
    "turned by 180 degrees": lambda p: np.stack([SIZE[0] - p[:, 0], SIZE[1] - p[:, 1]], axis=1),
    "turned by 270 degrees": lambda p: np.stack([p[:, 1], SIZE[0] - p[:, 0]], axis=1),
}


@pytest.mark.parametrize("f", _ISOMETRIES.values(), ids=list(_ISOMETRIES))
@given(shape=shapes)
def test_the_area_stays_when_a_shape_is(f: object, shape: Shape) -> None:
    assert shape.map_points(f).area() == pytest.approx(shape.area(), rel=1e-6, abs=1e-6)  # pyright: ignore[reportArgumentType]


@given(shapes)
def test_a_shape_comes_back_from_json_exactly(shape: Shape) -> None:
    assert shape_from(shape.kind, json.loads(json.dumps(shape.geometry()))) == shape


def test_seventeen_digits_are_kept_geo_028() -> None:
    values = [0.1 + 0.2, 1 / 3, math.pi * 10, math.e * 7]
    assert (
        shape_from("bbox", json.loads(json.dumps({"bbox": values, "coords_unit": "px"}))).geometry()["bbox"] == values
    )


@given(boxes)
def test_a_box_is_as_large_as_the_polygon_of_its_corners(box: BBox) -> None:
    x0, y0, x1, y1 = box.bounds()
    assert Polygon([x0, y0, x1, y0, x1, y1, x0, y1]).area() == pytest.approx(box.area(), rel=1e-6)


def test_areas_and_bounds_of_known_shapes() -> None:
    two = Polygon.of_parts((Part(tuple(SQUARE), (tuple(HOLE),)), Part((60.0, 10.0, 70.0, 10.0, 70.0, 20.0))))
    assert Polygon(SQUARE).area() == 1600 and Polygon(SQUARE, [HOLE]).area() == 1500
    assert two.area() == 1550 and two.bounds() == (10, 10, 70, 50)
    assert BBox(1, 2, 3, 4).bounds() == (1, 2, 4, 6) and BBox(1, 2, 3, 4).area() == 12
    assert Point(3, 4).bounds() == (3, 4, 3, 4) and Point(3, 4).area() == 0
    assert Polygon([0, 0, 10, 10, 10, 0, 0, 10]).area() == pytest.approx(50)  # a bow tie: two triangles of 25


def test_a_far_away_polygon_keeps_its_area() -> None:
    far = Polygon([v + 9e6 for v in SQUARE])
    assert far.area() == pytest.approx(1600, rel=1e-9)


def test_a_u_shape_cut_in_two_gives_two_shapes_and_an_object_in_parts_stays_one() -> None:
    u = (-20.0, 10.0, 30.0, 10.0, 30.0, 20.0, -10.0, 20.0, -10.0, 40.0, 30.0, 40.0, 30.0, 50.0, -20.0, 50.0)
    assert sorted(piece.area() for piece in Polygon(u).clip(SIZE)) == [300, 300]
    both = Polygon.of_parts((Part(u), Part((60.0, 10.0, 70.0, 10.0, 70.0, 20.0))))
    (one,) = both.clip(SIZE)
    assert len(one.parts) == 3 and one.area() == 650


def test_what_overlapping_parts_share_counts_once() -> None:
    shifted = tuple(v + 20 for v in SQUARE)
    assert Polygon.of_parts((Part(tuple(SQUARE)), Part(shifted))).area() == 2 * 1600 - 20 * 20


def test_the_geometry_json_is_the_fixed_form() -> None:
    part = Part(tuple(SQUARE), (tuple(HOLE),))
    assert BBox(1, 2, 3, 4).geometry() == {"bbox": [1, 2, 3, 4], "coords_unit": "px"}
    assert Point(1, 2).geometry() == {"point": [1, 2], "coords_unit": "px"}
    assert Polygon(SQUARE).geometry() == {"points": SQUARE, "coords_unit": "px"}
    assert Polygon(SQUARE, [HOLE]).geometry() == {"points": SQUARE, "holes": [HOLE], "coords_unit": "px"}
    assert Polygon.of_parts((part, Part(tuple(SQUARE)))).geometry() == {
        "parts": [{"points": SQUARE, "holes": [HOLE]}, {"points": SQUARE}],
        "coords_unit": "px",
    }


@given(coordinates, coordinates, st.integers(3, 9))
def test_a_short_first_edge_is_no_reason_to_refuse_a_polygon(x: float, y: float, sides: int) -> None:
    ring = [x, y, x + 1e-12, y]
    for i in range(1, sides):
        ring += [x + 10 * math.cos(i), y + 10 * math.sin(i)]
    assert Polygon(ring).bounds()[2] >= x


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e5])
def test_points_on_one_slanted_line_are_no_polygon(scale: float) -> None:
    with pytest.raises(InvalidShape, match="on one line"):
        Polygon([scale * v for v in (0, 0, 1, 2, 2, 4, 5, 10)])
