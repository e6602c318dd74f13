"""A recipe is plain data, and says what is wrong with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from jupyter_roboflow.augment import STEPS, Recipe, from_albumentations, to_albumentations
from jupyter_roboflow.augment.albumentations_library import load
from jupyter_roboflow.domain.errors import Invalid

from .scenes import noise


def test_one_list_is_sorted_into_preprocessing_and_augmentation() -> None:
    recipe = Recipe(["rotate", {"step": "resize", "width": 320}, "flip"])
    assert [step.name for step in recipe.preprocess] == ["resize"]
    assert [step.name for step in recipe.augment] == ["rotate", "flip"]
    assert recipe.multiplier == 3 and Recipe(["resize"]).multiplier == 1


def test_defaults_are_written_out_so_that_later_ones_change_nothing() -> None:
    assert Recipe(["rotate"]).as_dict()["augment"] == [
        {"step": "rotate", "degrees": 15.0, "fill": "black", "probability": 1.0}
    ]


def test_the_hash_depends_on_what_is_done_alone() -> None:
    first = Recipe.from_json('{"augment": [{"step": "rotate", "degrees": 15}], "seed": 3}')
    second = Recipe.from_yaml("seed: 3\naugment:\n- {degrees: 15.0, probability: 1, step: rotate}\n")
    assert first.hash == second.hash and len(first.hash) == 64
    assert Recipe(["rotate"], seed=4).hash != first.hash
    assert Recipe(["flip", "rotate"]).hash != Recipe(["rotate", "flip"]).hash


BAD: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "unknown step": ({"augment": ["flip", "wobble"]}, "unknown_step", ("augment[1]", "wobble", "rotate")),
    "unknown parameter": ({"augment": [{"step": "rotate", "angle": 3}]}, "unknown_parameter", ("angle", "degrees")),
    "too large": (
        {"augment": [{"step": "rotate", "degrees": 181}]},
        "bad_parameter",
        ("augment[0] rotate", "0 to 180"),
    ),
    "not a number": ({"augment": [{"step": "rotate", "degrees": "15"}]}, "bad_parameter", ("degrees", "'15'")),
    "NaN": ({"augment": [{"step": "rotate", "degrees": float("nan")}]}, "bad_parameter", ("degrees",)),
    "a flag": ({"augment": [{"step": "rotate", "degrees": True}]}, "bad_parameter", ("degrees",)),
    "not whole": ({"preprocess": [{"step": "tile", "rows": 1.5}]}, "bad_parameter", ("preprocess[0] tile", "rows")),
    "not a choice": ({"preprocess": [{"step": "resize", "mode": "squash"}]}, "bad_parameter", ("stretch", "squash")),
    "min over max": ({"augment": [{"step": "crop", "min": 30, "max": 20}]}, "bad_parameter", ("min", "20")),
    "no flip at all": ({"augment": [{"step": "flip", "horizontal": False}]}, "bad_parameter", ("horizontal",)),
    "empty crop": ({"preprocess": [{"step": "static_crop", "x_min": 75}]}, "bad_parameter", ("x_min", "x_max")),
    "probability": (
        {"augment": [{"step": "flip", "probability": 1.01}]},
        "bad_probability",
        ("augment[0] flip", "0 to 1"),
    ),
    "negative probability": ({"augment": [{"step": "flip", "probability": -0.1}]}, "bad_probability", ("0 to 1",)),
    "sometimes resized": ({"preprocess": [{"step": "resize", "probability": 0.5}]}, "bad_probability", ("resize",)),
    "multiplier 0": ({"multiplier": 0}, "bad_multiplier", ("1 to 50", "0")),
    "multiplier 1000": ({"multiplier": 1000}, "bad_multiplier", ("1 to 50", "1000")),
    "multiplier 2.5": ({"multiplier": 2.5}, "bad_multiplier", ("1 to 50",)),
    "seed": ({"seed": -1}, "bad_seed", ("seed",)),
    "min_visible": ({"min_visible": 2}, "bad_min_visible", ("min_visible", "0 to 1")),
    "boxes": ({"boxes": "round"}, "bad_parameter", ("corners, ellipse",)),
    "wrong stage": ({"augment": ["resize"]}, "wrong_stage", ("augment[0]", "preprocess")),
    "unknown field": ({"augmentation": []}, "unknown_field", ("augmentation", "augment")),
    "a step of no form": ({"augment": [5]}, "bad_step", ("augment[0]",)),
    "steps that are text": ({"augment": "flip"}, "bad_recipe", ("augment",)),
    "a list": ([], "bad_recipe", ("object",)),
    "one label twice": ({"mirror_labels": [["a", "b"], ["b", "c"]]}, "bad_parameter", ("mirror_labels",)),
    "half a pair": ({"mirror_labels": [["a"]]}, "bad_parameter", ("mirror_labels",)),
    "101 steps": ({"augment": ["flip"] * 101}, "too_many_steps", ("100",)),
    "a label of nothing": (
        {"preprocess": [{"step": "modify_classes", "rename": {"a": ""}}]},
        "bad_parameter",
        ("rename", "preprocess[0] modify_classes"),
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_is_named(what: str) -> None:
    data, code, said = BAD[what]
    with pytest.raises(Invalid) as caught:
        Recipe.from_dict(data)
    assert caught.value.code == code
    assert all(text in caught.value.message for text in said), caught.value.message


@pytest.mark.parametrize("text", ["", "{", "[1", "null", "5", '"flip"', "[" * 100_000, "x" * 1_000_001])
def test_text_that_is_no_recipe(text: str) -> None:
    for read in (Recipe.from_json, Recipe.from_yaml):
        with pytest.raises(Invalid) as caught:
            read(text)
        assert caught.value.code == "bad_recipe"


def test_yaml_runs_no_code() -> None:
    with pytest.raises(Invalid):
        Recipe.from_yaml("!!python/object/apply:os.system ['echo']")


REFUSED = (
    "ThinPlateSpline",
    "PiecewiseAffine",
    "Morphological",
    "RandomGridShuffle",
    "Lambda",
    "MaskDropout",
    "Nonsense",
)


@pytest.mark.parametrize("name", [*REFUSED, "BasicTransform", "DualTransform", "Compose", "os"])
def test_a_transform_that_polygons_cannot_follow_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(Invalid, match=rf"augment\[0\] albumentations: {name} cannot be used: \w+") as caught:
        Recipe(augment=[{"step": "albumentations", "transform": name}])
    assert caught.value.code == "bad_transform"


@pytest.mark.parametrize(
    "arguments, said", [({"wrong": 1}, "wrong"), ({"p": 0.2}, "probability"), ({"limit": "x"}, "limit")]
)
def test_wrong_arguments_of_a_transform_are_named(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        Recipe(augment=[{"step": "albumentations", "transform": "Rotate", "arguments": arguments}])


def test_every_transform_of_the_library_is_taken_or_refused_for_a_reason() -> None:
    from jupyter_roboflow.augment.albumentations_library import REFUSED as REASONS
    from jupyter_roboflow.augment.albumentations_library import why_not

    library = load()
    bases = {"BasicTransform", "DualTransform", "ImageOnlyTransform", "NoOp"}
    kinds = {n: k for n, k in vars(library).items() if isinstance(k, type) and issubclass(k, library.BasicTransform)}
    unknown = [n for n in kinds if n not in bases and why_not(n) is not None and n not in REASONS]
    assert len(kinds) > 100 and unknown == []
    assert set(REASONS) <= set(kinds)


def test_there_and_back_through_the_dictionaries_of_albumentations() -> None:
    library = load()
    turn, light = library.Rotate((-15, 15), p=0.3), library.RandomBrightnessContrast(p=0.4)
    theirs = library.to_dict(library.Compose([library.HorizontalFlip(p=0.5), turn, light]))
    recipe = from_albumentations(theirs, seed=5)
    assert [(s.name, s.probability) for s in recipe.augment] == [
        ("flip", 0.5),
        ("rotate", 0.3),
        ("albumentations", 0.4),
    ]
    again = library.from_dict(to_albumentations(recipe))
    assert from_albumentations(library.to_dict(again), seed=5) == recipe


@pytest.mark.parametrize(
    ("step", "fits"),
    [
        (
            {"step": "flip", "vertical": True},
            lambda before, after: any(np.array_equal(after, f) for f in flips(before)),
        ),
        ({"step": "rotate", "degrees": 45, "fill": "grey"}, lambda before, after: (after[0, 0] == 114).all()),
        ({"step": "blur", "pixels": 9}, lambda before, after: after.std() < before.std()),
        ({"step": "cutout", "count": 1, "percent": 50}, lambda before, after: abs((after == 0).mean() - 0.25) < 0.02),
    ],
    ids=["flip", "rotate", "blur", "cutout"],
)
def test_its_counterpart_does_what_a_step_does(step: dict[str, Any], fits: Any) -> None:
    pipeline = load().from_dict(to_albumentations(Recipe(augment=[{**step, "probability": 1}], seed=2)))
    before = noise(1)
    assert fits(before, pipeline(image=before)["image"])


def flips(image: Any) -> list[Any]:
    return [image[:, ::-1], image[::-1], image[::-1, ::-1]]


def test_a_colour_that_has_no_name_stays_a_transform_of_albumentations() -> None:
    library = load()
    theirs = library.to_dict(
        library.Compose([library.Rotate((-9, 9), fill=v, border_mode=0) for v in (114, 7, [1, 2, 3])])
    )
    first, *others = from_albumentations(theirs).augment
    assert (first.name, first.settings["fill"]) == ("rotate", "grey")
    assert [step.name for step in others] == ["albumentations"] * 2


def test_what_albumentations_does_not_have_is_named() -> None:
    with pytest.raises(Invalid, match=r"augment\[1\] box_blur has no counterpart"):
        to_albumentations(Recipe(augment=["flip", "box_blur"]))
    with pytest.raises(Invalid, match="no transform of albumentations"):
        from_albumentations({"transform": {"transforms": []}})


def test_no_step_takes_the_names_that_recipes_use_themselves() -> None:
    assert not {p.name for step in STEPS.values() for p in step.parameters} & {"step", "probability"}
