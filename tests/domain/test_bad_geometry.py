"""Geometry that cannot be, as it arrives from outside: the rows GEO-… of the list of bad inputs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_roboflow.domain.errors import InvalidShape
from jupyter_roboflow.domain.shapes import BBox, Point, Polygon, check_within, shape_from
from jupyter_roboflow.domain.shapes.polygon import POINTS_LIMIT

SQUARE = [0, 0, 10, 0, 10, 10, 0, 10]


def _nested(levels: int) -> Any:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def _ring(count: int) -> list[float]:
    """A comb of `count` points that does not cross itself."""
    top = [v for i in range(count - 2) for v in (float(i), float(i % 2))]
    return [*top, float(count), 50.0, 0.0, 50.0]


CASES: dict[str, tuple[str, Any, str]] = {
    "GEO-002 Infinity": ("bbox", json.loads('{"bbox": [0, 0, Infinity, 1]}'), "geometry_not_finite"),
    "GEO-002 -Infinity": ("point", json.loads('{"point": [-Infinity, 1]}'), "geometry_not_finite"),
    "GEO-002 1e400": ("polygon", json.loads('{"points": [0, 0, 1e400, 0, 5, 5]}'), "geometry_not_finite"),
    "GEO-002 NaN": ("bbox", json.loads('{"bbox": [NaN, 0, 1, 1]}'), "geometry_not_finite"),
    "GEO-004 width": ("bbox", {"bbox": [1, 1, 0, 5]}, "geometry_zero_area"),
    "GEO-004 height": ("bbox", {"bbox": [1, 1, 5, 0.0]}, "geometry_zero_area"),
    "GEO-004 negative": ("bbox", {"bbox": [1, 1, -5, 5]}, "geometry_zero_area"),
    "GEO-008 bbox": ("bbox", {"bbox": ["12", 1, 5, 5]}, "wrong_type"),
    "GEO-008 polygon": ("polygon", {"points": [0, 0, 10, "0", 10, 10]}, "wrong_type"),
    "GEO-010 null": ("bbox", {"bbox": [None, 1, 5, 5]}, "wrong_type"),
    "GEO-010 all null": ("point", {"point": None}, "wrong_type"),
    "GEO-010 missing": ("polygon", {}, "wrong_type"),
    "GEO-010 boolean": ("point", {"point": [True, 1]}, "wrong_type"),
    "GEO-012 object": ("bbox", {"bbox": {"x": 1, "y": 1, "w": 5, "h": 5}}, "wrong_type"),
    "GEO-012 geometry is a list": ("bbox", [1, 1, 5, 5], "wrong_type"),
    "GEO-014 collinear": ("polygon", {"points": [0, 0, 5, 5, 10, 10]}, "geometry_zero_area"),
    "GEO-014 collinear hole": ("polygon", {"points": SQUARE, "holes": [[1, 1, 2, 2, 3, 3]]}, "geometry_zero_area"),
    "GEO-016 two distinct points": ("polygon", {"points": [0, 0, 0, 0, 5, 5, 5, 5, 0, 0]}, "geometry_zero_area"),
    "GEO-018 over the limit": ("polygon", {"points": _ring(POINTS_LIMIT + 1)}, "too_many_points"),
    "GEO-024 1,000 levels": ("polygon", {"points": _nested(1000)}, "wrong_type"),
    "GEO-024 100,000 levels": ("polygon", {"points": [_nested(100_000)]}, "wrong_type"),
    "GEO-024 deep unit": ("bbox", {"bbox": [0, 0, 1, 1], "coords_unit": _nested(100_000)}, "bad_unit"),
    "GEO-024 deep hole": ("polygon", {"points": SQUARE, "holes": [_nested(100_000)]}, "wrong_type"),
    "GEO-024 deep type": (_nested(100_000), {"points": SQUARE}, "unknown_shape_type"),
    "GEO-026 1e308": ("bbox", {"bbox": [1e308, 0, 1e308, 5]}, "geometry_out_of_bounds"),
    "GEO-026 polygon 1e308": ("polygon", {"points": [0, 0, 1e308, 0, 1e308, 1e308]}, "geometry_out_of_bounds"),
    "GEO-026 huge integer": ("point", {"point": [10**5000, 1]}, "geometry_out_of_bounds"),
    "GEO-026 1e-320": ("bbox", {"bbox": [0, 0, 1e-320, 5]}, "geometry_zero_area"),
    "GEO-026 polygon 1e-320": ("polygon", {"points": [0, 0, 1e-320, 0, 0, 1e-320]}, "geometry_zero_area"),
    "GEO-030 unknown key": ("bbox", {"bbox": [0, 0, 1, 1], "score": 0.5}, "unknown_field"),
    "GEO-030 key of another kind": ("point", {"point": [0, 0], "points": SQUARE}, "unknown_field"),
    "GEO-030 unknown key in a part": ("polygon", {"parts": [{"points": SQUARE, "id": 1}]}, "unknown_field"),
    "three numbers": ("bbox", {"bbox": [0, 0, 1]}, "wrong_length"),
    "odd count": ("polygon", {"points": [0, 0, 1, 0, 1]}, "wrong_length"),
    "percent": ("bbox", {"bbox": [0, 0, 1, 1], "coords_unit": "%"}, "bad_unit"),
    "both forms": ("polygon", {"points": SQUARE, "parts": [{"points": SQUARE}]}, "wrong_type"),
    "parts no list": ("polygon", {"parts": {"points": SQUARE}}, "wrong_type"),
    "no part": ("polygon", {"parts": []}, "geometry_zero_area"),
    "unknown kind": ("cuboid", {"bbox": [0, 0, 1, 1]}, "unknown_shape_type"),
}


@pytest.mark.parametrize("kind, geometry, code", CASES.values(), ids=list(CASES))
def test_a_geometry_that_cannot_be_is_refused_with_its_code(kind: Any, geometry: Any, code: str) -> None:
    with pytest.raises(InvalidShape) as refused:
        shape_from(kind, geometry)
    assert refused.value.code == code and len(refused.value.message) < 300


@pytest.mark.parametrize("bad", ["12", None, True, b"1", [1], 10**400], ids=repr)
def test_constructors_take_numbers_only(bad: Any) -> None:
    for make in (lambda: BBox(bad, 0, 1, 1), lambda: Point(0, bad), lambda: Polygon([0, 0, 10, bad, 10, 10])):
        with pytest.raises(InvalidShape):
            make()


OUTSIDE = {
    "GEO-006 right of it": BBox(100, 10, 5, 5),
    "GEO-006 above it": BBox(10, -20, 5, 5),
    "GEO-006 polygon": Polygon([200, 200, 210, 200, 210, 210]),
    "GEO-022 point": Point(100.5, 10),
}


@pytest.mark.parametrize("shape", OUTSIDE.values(), ids=list(OUTSIDE))
def test_what_lies_outside_the_picture_is_refused(shape: Any) -> None:
    with pytest.raises(InvalidShape) as refused:
        check_within(shape, (100, 80))
    assert refused.value.code == "geometry_out_of_bounds" and "100 × 80" in refused.value.message


@pytest.mark.parametrize("shape", [BBox(-5, -5, 10, 10), BBox(0, 0, 100, 80), Point(100, 80), Point(0, 0)], ids=repr)
def test_what_is_partly_inside_or_on_the_edge_is_taken(shape: Any) -> None:
    check_within(shape, (100, 80))


def test_repeated_neighbours_are_dropped_and_three_points_stay_geo_016() -> None:
    polygon = shape_from("polygon", {"points": [0, 0, 0, 0, 10, 0, 10, 0, 10, 0, 10, 10, 0, 0, 0, 0]})
    assert polygon.geometry()["points"] == [0, 0, 10, 0, 10, 10]


def test_a_point_met_twice_on_the_way_is_kept() -> None:
    touching = [0, 0, 10, 10, 20, 0, 20, 20, 10, 10, 0, 20]
    assert Polygon(touching).geometry()["points"] == touching


def test_ten_thousand_points_are_taken_geo_018() -> None:
    polygon = shape_from("polygon", {"points": _ring(POINTS_LIMIT)})
    assert len(polygon.geometry()["points"]) == 2 * POINTS_LIMIT and polygon.area() > 0
    assert polygon.clip((5000, 40))
