"""Previews of recipes, the same on every Backend."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

import jupyter_roboflow as rf
from jupyter_roboflow.backend import Backend
from jupyter_roboflow.domain.dataset import Image
from jupyter_roboflow.domain.errors import Invalid, NotFound
from jupyter_roboflow.domain.preview import PreviewPicture

FLIP = {"steps": [{"step": "flip", "probability": 1.0}]}
L_SHAPE = rf.Polygon((20, 20, 120, 20, 120, 60, 60, 60, 60, 160, 20, 160))


@pytest.fixture
def photos(backend: Backend, dataset: int, tmp_path: Path) -> list[Image]:
    """Eight JPEGs of 400 × 300, each darker than the one before on its left; all but the last with an L and a box."""
    backend.add_label(dataset, "cat")
    for number in range(8):
        pixels = np.full((300, 400, 3), 250, np.uint8)
        pixels[:, :200] = 25 * number
        Pillow.fromarray(pixels).save(tmp_path / f"{number}.jpg")
    backend.upload(dataset, [tmp_path / f"{number}.jpg" for number in range(8)])
    found = list(backend.images(dataset).items)
    drawn = [rf.Annotation(L_SHAPE, "cat"), rf.Annotation(rf.BBox(200, 100, 100, 50), "cat")]
    for image in found[:7]:
        backend.save_annotations(image.id, drawn, 0)
    return found


def opened(picture: PreviewPicture) -> Any:
    with Pillow.open(io.BytesIO(picture.data)) as file:
        assert file.size == (picture.width, picture.height) and file.get_format_mimetype() == picture.media_type
        return np.asarray(file)


def test_images_come_beside_their_copies_with_pixels_and_shapes_moved_alike(
    backend: Backend, dataset: int, photos: list[Image]
) -> None:
    [item] = backend.preview_recipe(dataset, FLIP, image_ids=[photos[0].id], side=200)
    assert (item.image_id, item.filename, item.problem, item.more) == (photos[0].id, "0.jpg", None, 0)
    assert item.original is not None
    [copy] = item.pictures
    assert (copy.width, copy.height, copy.copy) == (200, 150, 1)
    assert opened(item.original)[75, 20, 0] < 50 and opened(copy)[75, 180, 0] < 50
    assert item.original.shapes[1].shape.bounds() == (100, 50, 150, 75)
    assert copy.shapes[1].shape.bounds() == pytest.approx((50, 50, 100, 75), abs=1e-6)
    assert [shape.label for shape in copy.shapes] == ["cat", "cat"]
    assert copy.iou is not None and copy.iou >= 0.97 and copy.shapes[1].iou is None


def test_without_ids_they_are_spread_over_what_is_annotated(
    backend: Backend, dataset: int, photos: list[Image]
) -> None:
    found = backend.preview_recipe(dataset, FLIP, count=3, copies=2, side=64)
    assert [item.image_id for item in found] == [photos[i].id for i in (0, 2, 4)]
    assert [[picture.copy for picture in item.pictures] for item in found] == [[1, 2]] * 3
    assert len(backend.preview_recipe(dataset, FLIP, count=12, side=64)) == 7


def test_a_preview_shows_the_very_copy_that_the_version_will_have(
    backend: Backend, dataset: int, photos: list[Image]
) -> None:
    recipe = {"steps": [{"step": "rotate", "degrees": 40, "probability": 1.0}], "seed": 11, "multiplier": 2}
    [item] = backend.preview_recipe(dataset, recipe, image_ids=[photos[3].id], side=400)
    job = backend.wait(backend.create_version(dataset, recipe).id)
    examples = list(backend.version_examples((job.result or {})["version_id"]))
    [drawn] = [drawn for image, drawn in examples if image.source_image_id == photos[3].id and image.copy == 1]
    for shown, made in zip(item.pictures[0].shapes, drawn, strict=True):
        assert shown.shape.bounds() == pytest.approx(made.shape.bounds(), abs=1e-6)


def test_what_is_cut_off_is_said_with_its_step(backend: Backend, dataset: int, photos: list[Image]) -> None:
    crop = {"steps": [{"step": "static_crop", "x_min": 0, "x_max": 40, "y_min": 0, "y_max": 100}]}
    [item] = backend.preview_recipe(dataset, crop, image_ids=[photos[0].id])
    [picture] = item.pictures
    assert picture.copy == 0 and len(picture.shapes) == 1
    assert [(drop.source, "static_crop" in drop.step) for drop in picture.dropped] == [(1, True)]


def test_pieces_are_shown_up_to_a_dozen_and_the_others_counted(
    backend: Backend, dataset: int, photos: list[Image]
) -> None:
    tiled = {"steps": [{"step": "tile", "rows": 4, "columns": 5}]}
    [item] = backend.preview_recipe(dataset, tiled, image_ids=[photos[0].id])
    assert (len(item.pictures), item.more) == (12, 8)


def test_a_recipe_that_leaves_nothing_and_one_that_is_too_large_say_so(
    backend: Backend, dataset: int, photos: list[Image]
) -> None:
    none = {"steps": [{"step": "filter_by_tag", "require": ["night"]}]}
    assert backend.preview_recipe(dataset, none, image_ids=[photos[0].id])[0].pictures == ()
    large = {"steps": [{"step": "resize", "width": 8000, "height": 8000, "upscale": True}]}
    [item] = backend.preview_recipe(dataset, large, image_ids=[photos[0].id])
    assert item.pictures == () and item.problem is not None and "8000" in item.problem.replace(",", "")


@pytest.mark.parametrize(
    "recipe, code",
    [
        ({"steps": ["fly"]}, "unknown_step"),
        ({"steps": [{"step": "rotate", "degrees": 900}]}, "parameter_out_of_range"),
        ({"multiplier": 0}, "bad_multiplier"),
        ({"what": 1}, "unknown_field"),
    ],
)
def test_a_bad_recipe_is_refused_in_the_recipes_own_words(
    backend: Backend, dataset: int, photos: list[Image], recipe: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as own:
        rf.Recipe.from_dict(recipe)
    with pytest.raises(Invalid) as raised:
        backend.preview_recipe(dataset, recipe)
    assert (raised.value.code, raised.value.message) == (own.value.code, own.value.message)


def test_what_is_asked_for_is_bounded(backend: Backend, dataset: int, photos: list[Image]) -> None:
    wrong: list[dict[str, Any]] = [{"count": 13}, {"count": 0}, {"copies": 5}, {"side": 20_000}]
    for more in [*wrong, {"image_ids": [photos[0].id] * 13}]:
        with pytest.raises(Invalid):
            backend.preview_recipe(dataset, FLIP, **more)
    with pytest.raises(NotFound):
        backend.preview_recipe(dataset, FLIP, image_ids=[2_000_000_000])


def test_a_changed_annotation_is_seen_at_once(backend: Backend, dataset: int, photos: list[Image]) -> None:
    wanted = [photos[0].id]
    first = backend.preview_recipe(dataset, FLIP, image_ids=wanted)
    assert backend.preview_recipe(dataset, FLIP, image_ids=wanted) == first
    backend.save_annotations(wanted[0], [], 1, state=rf.ImageState.EMPTY)
    assert backend.preview_recipe(dataset, FLIP, image_ids=wanted)[0].pictures[0].shapes == ()


def test_a_dataset_without_images_has_an_empty_preview(backend: Backend, dataset: int) -> None:
    assert backend.preview_recipe(dataset, FLIP) == []
