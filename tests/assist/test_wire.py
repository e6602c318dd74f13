"""Paths that keep to an edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from jupyter_roboflow.assist import ASSISTANTS, Assistant
from jupyter_roboflow.domain.shapes import Points

from .pictures import ellipse, photo_of


@pytest.fixture(params=list(ASSISTANTS))
def assistant(request: pytest.FixtureRequest) -> Assistant:
    return ASSISTANTS[request.param]


def _farthest(path: Points, area: BaseGeometry) -> float:
    walked = shapely.get_coordinates(shapely.segmentize(shapely.LineString(path), 1.0))
    return float(shapely.distance(shapely.points(walked), area.boundary).max())


@pytest.mark.parametrize("scale", [1, 4])
def test_a_path_keeps_to_the_edge(assistant: Assistant, scale: int) -> None:
    area = ellipse(160 * scale, 120 * scale, 100 * scale, 70 * scale, 20)
    picture = photo_of(area, 320 * scale, 240 * scale)
    corners = shapely.get_coordinates(area.boundary)
    for first in range(0, 360, 60):
        start, end = (tuple(corners[at % 360].tolist()) for at in (first, first + 45))
        path = assistant.wire(picture, start, end).path_to(end)
        assert tuple(path[0]) == start and tuple(path[-1]) == end
        assert _farthest(path, area) <= 2.0


def test_one_wire_serves_a_moving_pointer(assistant: Assistant) -> None:
    area = ellipse(160, 120, 100, 70)
    picture = photo_of(area, 320, 240)
    wire = assistant.wire(picture, (60, 120), (160, 50))
    for end in ((60.0, 120.0), (61.0, 112.0), (80.0, 78.0), (120.0, 56.0), (160.0, 50.0)):
        assert wire.reaches(end)
        assert tuple(wire.path_to(end)[-1]) == end
    assert not wire.reaches((319.0, 239.0))
    assert wire.size < 20_000_000


def test_a_path_exists_in_the_smallest_picture_and_at_its_edges(assistant: Assistant) -> None:
    for width, height in ((1, 1), (1, 30), (30, 2)):
        picture = np.zeros((height, width, 3), np.uint8)
        path = assistant.wire(picture, (0, 0), (width, height)).path_to((width, height))
        assert tuple(path[-1]) == (width, height)
        assert (path >= 0).all() and (path <= (width, height)).all()
