"""Random shapes: whole boxes, points, star-shaped polygons with and without holes and parts."""

from __future__ import annotations

import math

from hypothesis import reject
from hypothesis import strategies as st

from jupyter_roboflow.domain.errors import InvalidShape
from jupyter_roboflow.domain.shapes import BBox, Part, Point, Polygon, Shape

SIZE = (100.0, 80.0)
coordinates = st.floats(-150, 250, allow_nan=False)
lengths = st.floats(0.01, 300)

boxes = st.builds(BBox, coordinates, coordinates, lengths, lengths)
points = st.builds(Point, coordinates, coordinates)


@st.composite
def stars(draw: st.DrawFn, holes: bool = False) -> Part:
    """An outline that does not cross itself, with a hole of half its size or without."""
    x, y = draw(st.floats(-20, 120)), draw(st.floats(-20, 100))
    radii = draw(st.lists(st.floats(1, 60), min_size=5, max_size=12))
    turns = [2 * math.pi * i / len(radii) for i in range(len(radii))]

    def ring(scale: float) -> tuple[float, ...]:
        pairs = ((x + scale * r * math.cos(t), y + scale * r * math.sin(t)) for r, t in zip(radii, turns, strict=True))
        return tuple(v for pair in pairs for v in pair)

    return Part(ring(1.0), (ring(0.5),) if holes and draw(st.booleans()) else ())


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    return Polygon.of_parts(tuple(draw(st.lists(stars(holes=True), min_size=1, max_size=2))))


@st.composite
def crossing(draw: st.DrawFn) -> Polygon:
    """Any outline that spans an area, crossing itself or not."""
    whole = st.integers(-50, 150)
    flat = draw(st.lists(whole, min_size=6, max_size=16).filter(lambda v: len(v) % 2 == 0))
    try:
        return Polygon([0, 0, 90, 3, *flat])
    except InvalidShape:  # all on one line
        reject()


shapes: st.SearchStrategy[Shape] = st.one_of(boxes, points, polygons(), crossing())
