"""Suggested outlines and paths, of stored pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from PIL import Image as Pillow

from jupyter_roboflow.assist import Prompt
from jupyter_roboflow.backend import Backend
from jupyter_roboflow.domain.dataset import Image
from jupyter_roboflow.domain.errors import InvalidShape, NotFound
from jupyter_roboflow.domain.shapes import BBox, Polygon
from tests.assist.pictures import ellipse, loose_box, overlap, photo_of

AREA = ellipse(200, 100, 60, 40)


@pytest.fixture
def image(backend: Backend, dataset: int, tmp_path: Path) -> Image:
    """A JPEG that is stored lying on its side and turned upright by its EXIF orientation, 320 × 200."""
    upright = Pillow.fromarray(photo_of(AREA, 320, 200))
    exif = Pillow.Exif()
    exif[0x0112] = 6
    upright.transpose(Pillow.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", quality=92, exif=exif)
    backend.upload(dataset, tmp_path / "turned.jpg")
    found = backend.images(dataset).items[0]
    assert (found.width, found.height) == (320, 200)
    return found


def test_an_outline_is_in_pixels_of_the_upright_image(backend: Backend, image: Image) -> None:
    prompt = Prompt(loose_box(AREA, 320, 200))
    found = backend.suggest_outline(image.id, prompt)
    polygons = [shape for shape in found if isinstance(shape, Polygon)]
    assert overlap(polygons, AREA) >= 0.95
    assert backend.suggest_outline(image.id, prompt) == found
    assert backend.annotations(image.id).revision == 0


def test_strokes_are_understood(backend: Backend, image: Image) -> None:
    prompt = Prompt(include=([(170, 100), (230, 100)],), exclude=([(120, 40), (280, 40)],), brush=10)
    polygons = [shape for shape in backend.suggest_outline(image.id, prompt) if isinstance(shape, Polygon)]
    assert overlap(polygons, AREA) >= 0.95


def test_a_path_follows_the_edge(backend: Backend, image: Image) -> None:
    start, end = (200.0, 60.0), (260.0, 100.0)
    path = backend.suggest_path(image.id, start, end)
    assert path[0] == start and path[-1] == end
    walked = shapely.points(shapely.get_coordinates(shapely.segmentize(shapely.LineString(path), 1.0)))
    assert shapely.distance(walked, AREA.boundary).max() <= 2.0


def test_what_lies_beside_the_image_is_refused(backend: Backend, image: Image) -> None:
    for call in (
        lambda: backend.suggest_outline(image.id, Prompt(BBox(400, 10, 20, 20))),
        lambda: backend.suggest_path(image.id, (10.0, 10.0), (400.0, 10.0)),
        lambda: backend.suggest_path(image.id, (-1.0, 10.0), (40.0, 10.0)),
    ):
        with pytest.raises(InvalidShape) as raised:
            call()
        assert raised.value.code == "geometry_out_of_bounds"


def test_a_point_that_is_no_number_is_refused(backend: Backend, image: Image) -> None:
    with pytest.raises(InvalidShape) as raised:
        backend.suggest_path(image.id, (float("nan"), 10.0), (40.0, 10.0))
    assert raised.value.code == "geometry_not_finite"


def test_an_image_that_is_not_there_is_not_found(backend: Backend, image: Image) -> None:
    with pytest.raises(NotFound):
        backend.suggest_outline(2_000_000_000, Prompt(BBox(1, 1, 5, 5)))
