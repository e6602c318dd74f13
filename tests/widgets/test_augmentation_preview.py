"""The preview of a recipe in the kernel: what its sliders and buttons do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.augment import STEPS
from jupyter_roboflow.widgets.augmentation_preview import AugmentationPreview
from jupyter_roboflow.workspace.recipes import recipe_code

START = [{"step": "grayscale"}, {"step": "flip", "probability": 1.0}, {"step": "rotate", "degrees": 20}]


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[rf.Dataset]:
    with rf.connect(data_dir=tmp_path / "data", progress=False) as workspace:
        dataset = workspace.create_dataset("pets")
        dataset.upload([np.full((60, 80, 3), shade, np.uint8) for shade in (10, 90, 200)])
        dataset.add_label("cat", "#aa0000")
        for image in dataset:
            shapes = [rf.Polygon((10, 10, 40, 10, 40, 40)), rf.BBox(50, 20, 20, 20), rf.Point(30, 50)]
            dataset._backend.save_annotations(image.id, [rf.Annotation(shape, "cat") for shape in shapes], 0)
        yield dataset


@pytest.fixture
def preview(dataset: rf.Dataset) -> AugmentationPreview:
    return rf.preview(dataset, START)


def names(preview: AugmentationPreview) -> list[str]:
    steps = [step.name for step in (*preview.recipe.preprocess, *preview.recipe.augment)]
    assert steps == [controls.name for controls in preview.steps]
    return steps


def slider(preview: AugmentationPreview, place: int, name: str) -> Any:
    [widget] = preview.steps[place].controls[name].widgets
    return widget


def made_by(code: str) -> rf.Recipe:
    names: dict[str, Any] = {"rf": rf}
    exec(code, names)
    return names["recipe"]


def test_images_are_shown_beside_their_copies(preview: AugmentationPreview) -> None:
    first = preview.items[0]
    assert [cell.caption.partition(" · ")[0] for cell in preview.sheet.cells[:2]] == [first.filename, "copy 1"]
    assert [cell.picture.copy for cell in preview.sheet.cells] == [0, 1, 0, 1, 0, 1]
    least = min(item.pictures[0].iou or 0 for item in preview.items)
    assert least >= 0.99 and f"IoU ≥ {least:.3f}" in preview.badge.value
    places = [(cell.x, cell.y) for cell in preview.sheet.cells]
    assert len(set(places)) == 6


def test_a_slider_changes_the_recipe_and_the_pictures(preview: AugmentationPreview) -> None:
    before = preview.items
    slider(preview, 2, "degrees").value = 45
    slider(preview, 2, "probability").value = 1.0
    assert preview.recipe.augment[1].settings["degrees"] == 45 and preview.recipe.augment[1].probability == 1.0
    assert [item.pictures[0].shapes for item in preview.items] != [item.pictures[0].shapes for item in before]


def test_every_parameter_of_every_step_has_a_control_with_its_default(dataset: rf.Dataset) -> None:
    preview = dataset.preview([])
    for name, step in STEPS.items():
        if name == "albumentations":
            continue
        preview.add(name)
        [controls] = [each for each in preview.steps if each.name == name]
        assert set(controls.controls) >= {parameter.name for parameter in step.parameters}
        [planned] = [each for each in (*preview.recipe.preprocess, *preview.recipe.augment) if each.name == name]
        assert controls.settings == planned.as_dict() == rf.Recipe([name]).as_dict()[step.stage][0]
        preview.remove(preview.steps.index(controls))
    assert preview.recipe.augment == ()


def test_steps_are_added_moved_and_removed_and_preprocessing_stays_first(preview: AugmentationPreview) -> None:
    preview.add("blur")
    preview.add("contrast")
    assert names(preview) == ["grayscale", "contrast", "flip", "rotate", "blur"]
    preview.steps[4].up.click()
    assert names(preview) == ["grayscale", "contrast", "flip", "blur", "rotate"]
    preview.steps[2].up.click()
    preview.steps[0].up.click()
    preview.steps[4].down.click()
    assert names(preview) == ["grayscale", "contrast", "flip", "blur", "rotate"]
    preview.steps[0].down.click()
    preview.steps[2].bin.click()
    assert names(preview) == ["contrast", "grayscale", "blur", "rotate"]


def test_a_new_seed_changes_nothing_but_the_seed(preview: AugmentationPreview) -> None:
    before = preview.recipe
    preview.new_seed()
    assert preview.recipe.seed != before.seed
    assert {**preview.recipe.as_dict(), "seed": 0} == {**before.as_dict(), "seed": 0}


def test_a_setting_that_cannot_be_is_said_and_the_last_good_recipe_stays(preview: AugmentationPreview) -> None:
    before, shown = preview.recipe, preview.items
    slider(preview, 1, "horizontal").value = False
    assert "horizontal" in preview.problem.value
    assert preview.recipe == before and preview.items == shown
    slider(preview, 1, "vertical").value = True
    assert preview.problem.value == "" and preview.recipe.augment[0].settings["vertical"] is True
    preview.add("modify_classes")
    slider(preview, 1, "rename").value = "{not JSON <b>"
    assert "rename" in preview.problem.value and "<b>" not in preview.problem.value


def test_more_copies_are_shown_when_asked_for(preview: AugmentationPreview) -> None:
    preview.copies.value = 3
    assert [picture.copy for picture in preview.items[0].pictures] == [1, 2, 3]
    assert preview.recipe == rf.Recipe(START), "how many are shown is not part of the recipe"


@pytest.mark.parametrize(
    "recipe",
    [
        rf.Recipe(),
        rf.Recipe(START),
        rf.Recipe(START, seed=7, multiplier=5, min_visible=0.3, boxes="ellipse", mirror_labels=[("l'eft", "right")]),
        rf.Recipe(list(set(STEPS) - {"albumentations"})),
        rf.Recipe([{"step": "albumentations", "transform": "GaussianBlur", "arguments": {"blur_limit": [3, 5]}}]),
        rf.Recipe([{"step": "modify_classes", "rename": {"a\n": "b", "c": 'd"'}, "drop": ["é"]}]),
    ],
    ids=["empty", "three", "everything", "all-steps", "albumentations", "names"],
)
def test_the_code_makes_the_same_recipe(recipe: rf.Recipe) -> None:
    assert made_by(recipe_code(recipe)) == recipe


def test_the_code_follows_the_sliders(preview: AugmentationPreview) -> None:
    slider(preview, 2, "degrees").value = 33
    assert made_by(preview.code) == preview.recipe
    assert "33" in preview.code and "fill" not in preview.code


def test_the_recipe_is_ready_for_a_version(dataset: rf.Dataset, preview: AugmentationPreview) -> None:
    preview.add("resize")
    assert dataset.generate(preview.recipe).recipe == preview.recipe


def test_a_dataset_without_images_or_annotations_is_no_trouble(tmp_path: Path) -> None:
    with rf.connect(data_dir=tmp_path / "data", progress=False) as workspace:
        empty = workspace.create_dataset("empty")
        assert rf.preview(empty, START).sheet.cells == ()
        empty.upload([np.zeros((9, 9, 3), np.uint8)])
        preview = rf.preview(empty, START)
        assert len(preview.sheet.cells) == 2 and preview.badge.value == ""
