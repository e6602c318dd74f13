"""What every step promises, tested over the list of all steps."""

from __future__ import annotations

import json

import numpy as np
import pytest

from jupyter_roboflow.augment import STEPS, Recipe, apply
from jupyter_roboflow.domain.shapes import BBox, Point
from jupyter_roboflow.settings import Settings

from .scenes import HEIGHT, STRONG, WIDTH, mixed, names, noise, recipe_of, run

every_step = pytest.mark.parametrize("name", STEPS)


@every_step
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    first, second = run(recipe_of(name)), run(recipe_of(name))
    assert [one.digest() for one in first] == [one.digest() for one in second] != []


@every_step
def test_what_goes_in_is_left_as_it_was(name: str) -> None:
    image, shapes = noise(), mixed(0)
    before = image.copy()
    apply(recipe_of(name), image, shapes, names(shapes), split="train", key="key", copy=1)
    assert np.array_equal(image, before)


@every_step
@pytest.mark.parametrize("seed", range(6))
def test_shapes_stay_inside_their_picture(name: str, seed: int) -> None:
    for one in run(recipe_of(name), seed):
        height, width = one.pixels.shape[:2]
        assert one.pixels.dtype == np.uint8 and one.pixels.shape[2] == 3 and one.pixels.flags["C_CONTIGUOUS"]
        for moved in one.shapes:
            x0, y0, x1, y1 = moved.shape.bounds()
            assert x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height
            assert moved.shape.clip((width, height)) == (moved.shape,)


@every_step
@pytest.mark.parametrize("seed", range(3))
def test_every_shape_comes_through_or_is_reported(name: str, seed: int) -> None:
    made = run(recipe_of(name), seed)
    known = {(m.picture, m.source) for one in made for m in one.shapes}
    known |= {(d.picture, d.source) for one in made for d in one.dropped}
    skipped = Point if name == "isolate_objects" else ()
    assert {(0, i) for i, shape in enumerate(mixed(seed)) if not isinstance(shape, skipped)} <= known


@every_step
def test_kinds_and_labels_stay_with_their_source(name: str) -> None:
    given = mixed(0)
    for one in run(recipe_of(name)):
        for moved in one.shapes:
            if moved.picture == 0:
                assert moved.shape.kind == given[moved.source].kind
                assert moved.label == f"label {moved.source}"


@every_step
def test_survives_json_and_yaml(name: str) -> None:
    recipe = recipe_of(name, seed=7)
    told = recipe.to_json(), recipe.to_yaml()
    for again in (Recipe.from_json(told[0]), Recipe.from_yaml(told[1]), Recipe.from_dict(recipe.as_dict())):
        assert again == recipe
        assert again.to_json() == recipe.to_json() and again.hash == recipe.hash


@every_step
def test_describes_itself_for_sliders(name: str) -> None:
    described = STEPS[name].describe()
    assert json.loads(json.dumps(described)) == described
    assert described["title"] and described["help"].endswith((".", ")")) and 0 <= described["probability"] <= 1
    for parameter in described["parameters"]:
        assert parameter["help"] and parameter["type"]
        if parameter["type"] == "number":
            assert parameter["low"] <= parameter["default"] <= parameter["high"] and parameter["step"] > 0
        if parameter["type"] == "choice":
            assert parameter["default"] in parameter["choices"]
    assert STEPS[name].check({}, "here") == {p.name: p.check(p.default) for p in STEPS[name].parameters}


@every_step
def test_a_picture_of_one_pixel_is_no_trouble(name: str) -> None:
    small = Recipe([{"step": "resize", "width": 20, "height": 21, "mode": "fit_reflect"}], augment=["flip"])
    recipe = small if name == "resize" else recipe_of(name)
    made = apply(recipe, noise(0, 1, 1), [BBox(0, 0, 1, 1)], ["a"], split="train", key="dot", copy=1)
    assert len(made) == 1 and made[0].pixels.size >= 3


@every_step
def test_an_empty_picture_is_no_trouble(name: str) -> None:
    made = run(recipe_of(name), shapes=[])
    assert len(made) == {"filter_empty": 0, "isolate_objects": 0, "tile": 4}.get(name, 1)


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.stage == "augment"])
def test_with_probability_zero_nothing_happens(name: str) -> None:
    (one,) = run(recipe_of(name, probability=0.0))
    assert np.array_equal(one.pixels, noise()) and one.steps == ()
    inside = {i for i, shape in enumerate(mixed(0)) if shape.clip((WIDTH, HEIGHT)) == (shape,)}
    assert all(m.shape is mixed(0)[m.source] or m.shape == mixed(0)[m.source] for m in one.shapes if m.source in inside)


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.stage == "augment"])
def test_the_original_and_other_splits_are_not_augmented(name: str) -> None:
    for split in ("train", "valid", "test", None):
        (one,) = run(recipe_of(name), split=split, copy=0)
        assert np.array_equal(one.pixels, noise()) and one.copy == 0


def test_strong_settings_name_real_steps() -> None:
    assert set(STRONG) <= set(STEPS)


def test_the_cap_is_that_of_the_settings() -> None:
    from jupyter_roboflow.augment.applying import MAX_PIXELS

    assert Settings().max_pixels == MAX_PIXELS
