"""A polygon out of the database is as good as the one that was saved."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from jupyter_roboflow.domain.errors import StorageCorrupt
from jupyter_roboflow.domain.shapes import Part, Polygon
from jupyter_roboflow.domain.shapes.stored_polygon import StoredPolygon
from jupyter_roboflow.storage.geometry import read_geometry, read_measured, write_geometry

SQUARE = (0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 0.0, 10.0)
HOLE = (2.0, 2.0, 4.0, 2.0, 4.0, 4.5)
FAR = (20.0, 20.0, 30.0, 20.0, 30.0, 30.25)

SHAPES = [
    Polygon(SQUARE),
    Polygon(SQUARE, [HOLE]),
    Polygon.of_parts((Part(SQUARE), Part(FAR))),
    Polygon.of_parts((Part(SQUARE, (HOLE,)), Part(FAR))),
]


def stored(shape: Polygon) -> StoredPolygon:
    found = read_measured("polygon", write_geometry(shape), shape.bounds(), shape.area())
    assert isinstance(found, StoredPolygon)
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_it_equals_the_polygon_that_was_saved(shape: Polygon) -> None:
    found = stored(shape)
    assert found == shape and shape == found and hash(found) == hash(shape) and repr(found) == repr(shape)
    assert found.bounds() == shape.bounds() and found.area() == shape.area()
    assert found.geometry() == shape.geometry() and found.clip((5, 5)) == shape.clip((5, 5))
    assert found != Polygon(FAR) and found != "polygon"


@pytest.mark.parametrize("shape", SHAPES)
def test_copies_are_polygons(shape: Polygon) -> None:
    for twin in (pickle.loads(pickle.dumps(stored(shape))), copy.deepcopy(stored(shape))):
        assert twin == shape


def test_only_outlines_without_holes_are_passed_on_as_text() -> None:
    found = [stored(shape).outlines_json for shape in SHAPES]
    assert [rings and [tuple(json.loads(ring)) for ring in rings] for rings in found] == [
        [SQUARE],
        None,
        [SQUARE, FAR],
        None,
    ]


def test_a_damaged_one_says_so_when_its_points_are_needed() -> None:
    damaged = read_measured("polygon", '{"points": "none"}', (0, 0, 1, 1), 1.0)
    assert damaged.bounds() == (0, 0, 1, 1)
    with pytest.raises(StorageCorrupt, match="check"):
        damaged.geometry()


def test_other_kinds_are_read_at_once() -> None:
    box = read_measured("bbox", '{"bbox": [1, 2, 3, 4], "coords_unit": "px"}', (1, 2, 4, 6), 12.0)
    assert box == read_geometry("bbox", '{"bbox": [1, 2, 3, 4], "coords_unit": "px"}')


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if not any(part.holes for part in shape.parts)])
def test_one_made_of_rings_is_the_text_that_a_save_writes(shape: Polygon) -> None:
    rings = [",".join(map(json.dumps, part.points)) for part in shape.parts]
    made = StoredPolygon.of_rings(rings, shape.bounds(), shape.area())
    assert made.text == write_geometry(shape)
    assert made == shape
