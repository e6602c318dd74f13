"""COCO masks: run lengths against pycocotools, outlines that paint the same mask again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from jupyter_roboflow.domain.shapes import Part, Polygon
from jupyter_roboflow.formats.coco.masks import is_on_pixel_edges, paint, trace
from jupyter_roboflow.formats.coco.rle import decode_crop, decode_string, encode_mask, encode_string
from tests.formats.coco_files import pycoco

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:pycocotools")
"""pycocotools 2.0.11 and numpy 2."""

Mask = NDArray[np.bool_]


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    """Noise of any density, coarse or fine, thin or square: holes, islands in holes and corners that touch."""
    height, width = draw(st.integers(1, 24)), draw(st.integers(1, 24))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    mask = random.random((height, width)) < draw(st.floats(0, 1))
    return np.kron(mask, np.ones((draw(st.integers(1, 3)), draw(st.integers(1, 3))), dtype=bool))


def painted(polygon: Polygon, mask: Mask) -> Mask:
    counts = paint(polygon, (mask.shape[1], mask.shape[0]))
    assert counts is not None
    return decoded(encode_string(counts), mask.shape)


def encoded(mask: Mask) -> str:
    return pycoco.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"].decode()


def decoded(text: str, size: tuple[int, ...]) -> Mask:
    return pycoco.decode({"size": list(size), "counts": text.encode()}).astype(bool)


@given(masks())
def test_run_lengths_are_those_of_pycocotools(mask: Mask) -> None:
    theirs = encoded(mask)
    counts = encode_mask(mask)
    assert encode_string(counts) == theirs
    assert decode_string(theirs).tolist() == counts.tolist()


@given(st.lists(st.integers(0, 2**40), max_size=40))
def test_any_run_lengths_survive_the_string(counts: list[int]) -> None:
    assert decode_string(encode_string(counts)).tolist() == counts


@given(masks())
def test_a_mask_becomes_an_outline_that_paints_the_same_mask(mask: Mask) -> None:
    crop = decode_crop(encode_mask(mask), (mask.shape[0], mask.shape[1]))
    if crop is None:
        assert not mask.any()
        return
    found = trace(*crop)
    assert found is not None
    polygon, step = found
    assert step == 1
    assert (painted(polygon, mask) == mask).all()
    assert polygon.area() == mask.sum() == polygon.to_shapely().area
    assert is_on_pixel_edges(polygon)
    assert Polygon.of_parts(tuple(Part(part.points, part.holes) for part in polygon.parts)) == polygon


def test_pixels_that_touch_at_a_corner_are_two_parts_and_holes_that_do_are_one() -> None:
    corner = trace(np.array([[1, 0], [0, 1]], dtype=bool))
    assert corner is not None and len(corner[0].parts) == 2
    ring = np.ones((4, 4), dtype=bool)
    ring[1, 1] = ring[2, 2] = False
    holes = trace(ring)
    assert holes is not None and len(holes[0].parts) == 1 and len(holes[0].parts[0].holes) == 1


def test_an_island_in_a_hole_is_a_part_of_its_own() -> None:
    mask = np.ones((7, 7), dtype=bool)
    mask[1:6, 1:6] = False
    mask[3, 3] = True
    found = trace(mask)
    assert found is not None
    assert [(len(part.points), len(part.holes)) for part in found[0].parts] == [(8, 1), (8, 0)]


def test_a_noisy_mask_is_traced_in_larger_steps_and_says_so() -> None:
    mask = np.random.default_rng(0).random((400, 400)) < 0.1
    found = trace(mask)
    assert found is not None
    polygon, step = found
    assert step in (2, 4, 8, 16)
    assert sum(len(ring) // 2 for ring in polygon.rings()) <= 10_000
    assert (painted(polygon, mask) | ~mask).all()


def test_a_polygon_with_a_hole_covers_the_pixels_whose_centre_it_covers() -> None:
    polygon = Polygon([0.4, 0.4, 5.6, 0.4, 5.6, 5.6, 0.4, 5.6], holes=[[2.2, 2.2, 3.8, 2.2, 3.8, 3.8, 2.2, 3.8]])
    expected = np.zeros((8, 8), dtype=bool)
    expected[0:6, 0:6] = True
    expected[2:4, 2:4] = False
    assert (painted(polygon, expected) == expected).all()
    assert not is_on_pixel_edges(polygon)
    assert paint(Polygon([0.6, 0.6, 0.9, 0.6, 0.9, 0.9]), (8, 8)) is None
    assert paint(Polygon([20, 20, 30, 20, 30, 30]), (8, 8)) is None


def test_plain_polygons_are_painted_nearly_as_pycocotools_does() -> None:
    random = np.random.default_rng(3)
    for _ in range(50):
        angles = np.sort(random.random(25)) * 2 * np.pi
        radius = 60 + 20 * random.random(25)
        points = np.stack((100 + radius * np.cos(angles), 100 + radius * np.sin(angles)), axis=1)
        ours = painted(Polygon(points), np.zeros((200, 200), dtype=bool))
        theirs = decoded(pycoco.frPyObjects([points.ravel().tolist()], 200, 200)[0]["counts"].decode(), (200, 200))
        assert (ours & theirs).sum() / (ours | theirs).sum() > 0.97


@pytest.mark.parametrize("text", ["é", "0\n", "p", "0" + "o" * 20, "~"])
def test_what_is_no_run_length_string_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="counts"):
        decode_string(text)


def test_run_lengths_that_do_not_fill_the_picture_are_refused() -> None:
    for counts in ([0, 5], [3, -1, 7], [100]):
        with pytest.raises(ValueError, match="add up"):
            decode_crop(np.array(counts), (3, 3))
    with pytest.raises(ValueError, match="pixels"):
        decode_crop(np.array([0, 10**12]), (10**6, 10**6))
