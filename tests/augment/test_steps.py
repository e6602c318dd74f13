"""What single steps do, as people know it from Roboflow."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from jupyter_roboflow.augment import Augmented, Recipe, Source, apply, apply_all, choose_companions, copies, to_array
from jupyter_roboflow.domain.errors import Invalid, TooLarge
from jupyter_roboflow.domain.manifest import Losses
from jupyter_roboflow.domain.shapes import BBox, Point, Polygon, Shape
from tests.checkout import ROOT

from .scenes import HEIGHT, WIDTH, companions, mixed, names, noise, run


def prepared(
    step: str, shapes: list[Shape] | None = None, size: tuple[int, int] = (WIDTH, HEIGHT), **settings: Any
) -> Any:
    """The pictures that one preprocessing step makes."""
    given: list[Shape] = [BBox(0, 0, 60, 45)] if shapes is None else shapes
    image = noise(0, *size)
    return apply(Recipe([{"step": step, **settings}]), image, given, names(given), split="valid", key="k")


@pytest.mark.parametrize(
    "mode, upscale, size, box",
    [
        ("stretch", False, (120, 120), (0, 0, 30, 30)),
        ("fill", False, (120, 120), (0, 0, 20, 30)),
        ("fit", False, (120, 90), (0, 0, 30, 22.5)),
        ("fit_black", False, (120, 120), (0, 15, 30, 22.5)),
        ("fit_white", True, (120, 120), (0, 15, 30, 22.5)),
    ],
)
def test_resize(mode: str, upscale: bool, size: tuple[int, int], box: tuple[float, ...]) -> None:
    (one,) = prepared("resize", width=120, height=120, mode=mode, upscale=upscale)
    assert one.pixels.shape[1::-1] == size
    (moved,) = one.shapes
    assert (moved.shape.x, moved.shape.y, moved.shape.width, moved.shape.height) == pytest.approx(box)


@pytest.mark.parametrize("mode, size", [("stretch", (240, 180)), ("fill", (240, 180)), ("fit", (240, 180))])
def test_pictures_are_not_enlarged_unless_asked(mode: str, size: tuple[int, int]) -> None:
    (one,) = prepared("resize", width=480, height=480, mode=mode)
    assert one.pixels.shape[1::-1] == size
    (larger,) = prepared("resize", width=480, height=480, mode=mode, upscale=True)
    assert max(larger.pixels.shape) == 480


def test_reflected_edges_bring_reflected_shapes() -> None:
    (one,) = prepared("resize", [BBox(20, 10, 60, 40), Point(5.5, 3.5)], width=240, height=240, mode="fit_reflect")
    assert one.pixels.shape == (240, 240, 3)
    boxes = sorted(m.shape.bounds() for m in one.shapes if m.source == 0)
    assert boxes == [(20, 0, 80, 20), (20, 40, 80, 80)]
    assert sorted((m.shape.x, m.shape.y) for m in one.shapes if m.source == 1) == [(5.5, 26.5), (5.5, 33.5)]
    assert np.array_equal(one.pixels[26, 5], one.pixels[33, 5])


def test_a_dot_is_not_reflected_a_hundred_thousand_times() -> None:
    with pytest.raises(TooLarge, match=r"a picture of 1 × 1 pixels until it shows more than 5,000 shapes"):
        prepared("resize", [BBox(0, 0, 1, 1)], (1, 1), width=640, height=640, mode="fit_reflect")
    (one,) = prepared("resize", [], (1, 1), width=640, height=640, mode="fit_reflect")
    assert one.pixels.shape == (640, 640, 3)


@pytest.mark.parametrize("mode", ["black", "grey", "white"])
def test_edges_have_the_colour_asked_for(mode: str) -> None:
    (one,) = prepared("resize", width=100, height=100, mode=f"fit_{mode}")
    assert (one.pixels[0] == {"black": 0, "grey": 114, "white": 255}[mode]).all()


def test_tiles_cover_the_picture_and_share_its_shapes() -> None:
    tiles = prepared("tile", [BBox(100, 70, 40, 40), Point(239.5, 179.5)], (241, 181), rows=2, columns=3)
    assert [tile.piece for tile in tiles] == ["r0c0", "r0c1", "r0c2", "r1c0", "r1c1", "r1c2"]
    assert sum(tile.pixels.size for tile in tiles) == 241 * 181 * 3
    assert sum(m.shape.area() for tile in tiles for m in tile.shapes) == pytest.approx(1600)
    assert not any(tile.dropped for tile in tiles)


def test_each_object_by_itself() -> None:
    alone = prepared("isolate_objects", [BBox(10.5, 20, 30, 40), Point(1, 1), Polygon([100, 100, 150, 100, 120, 140])])
    assert [(one.piece, one.pixels.shape[1::-1], len(one.shapes)) for one in alone] == [
        ("object0", (31, 40), 1),
        ("object1", (50, 40), 1),
    ]


def test_labels_are_renamed_merged_and_dropped() -> None:
    shapes: list[Shape] = [BBox(0, 0, 9, 9)] * 4
    recipe = Recipe([{"step": "modify_classes", "rename": {"car": "vehicle", "bus": "vehicle"}, "drop": ["tree"]}])
    losses = Losses()
    (one,) = apply(recipe, noise(), shapes, ["car", "bus", "tree", "dog"], split=None, key="k", losses=losses)
    assert [(m.label, m.source) for m in one.shapes] == [("vehicle", 0), ("vehicle", 1), ("dog", 3)]
    assert losses.total("dropped") == 1 and one.dropped[0].why == "label left out of this version"


def test_images_are_filtered_by_tag_and_emptiness_and_that_is_reported() -> None:
    losses = Losses()
    recipe = Recipe([{"step": "filter_by_tag", "require": ["day"], "exclude": ["blurred"]}, "filter_empty"])

    def kept(shapes: list[Shape], *tags: str) -> int:
        given: dict[str, Any] = {"split": "train", "key": "k", "tags": tags, "losses": losses}
        return len(apply(recipe, noise(), shapes, names(shapes), **given))

    box: list[Shape] = [BBox(0, 0, 9, 9)]
    assert [kept(box, "day"), kept(box), kept(box, "day", "blurred"), kept([], "day")] == [1, 0, 0, 0]
    assert {item["why"] for item in losses.as_list()} == {
        "without the tag day",
        "with the tag blurred",
        "no annotations",
    }


def test_some_empty_images_may_stay() -> None:
    recipe = Recipe([{"step": "filter_empty", "keep": 30}])
    kept = sum(len(apply(recipe, noise(0, 4, 4), [], [], split="train", key=str(i))) for i in range(300))
    assert 60 < kept < 120


def test_greys_weigh_the_channels_as_roboflow_does() -> None:
    (one,) = prepared("grayscale")
    expected = noise() @ np.array([0.2125, 0.7154, 0.0721])
    assert np.abs(one.pixels - expected[..., None]).max() < 1


@pytest.mark.parametrize("kind", ["stretch", "equalize", "adaptive"])
def test_contrast_grows(kind: str) -> None:
    dull = (100 + noise() // 8).astype(np.uint8)
    recipe = Recipe([{"step": "contrast", "type": kind}])
    (one,) = apply(recipe, dull, [], [], split=None, key="k")
    assert one.pixels.std() > 1.5 * dull.std()


def test_normalize_makes_arrays_and_leaves_files_alone() -> None:
    recipe = Recipe([{"step": "normalize", "type": "mean_std"}])
    (one,) = apply(recipe, noise(), [], [], split=None, key="k")
    assert np.array_equal(one.pixels, noise())
    values = to_array(recipe, one.pixels)
    assert values.dtype == np.float32
    assert values[0, 0, 0] == pytest.approx((noise()[0, 0, 0] / 255 - 0.485) / 0.229, rel=1e-5)
    assert to_array(Recipe(), one.pixels) is one.pixels


def test_a_mosaic_says_which_shape_is_from_which_picture() -> None:
    recipe = Recipe(augment=[{"step": "mosaic", "probability": 1}], seed=1)
    assert recipe.companions == 3
    (one,) = run(recipe)
    assert one.pixels.shape == noise().shape
    assert {m.picture for m in one.shapes} == {0, 1, 2, 3}
    (alone,) = run(recipe, companions=())
    assert np.array_equal(alone.pixels, noise()) and alone.steps[0]["mosaic"] == "no other pictures"


def test_companions_do_not_depend_on_the_order_in_which_images_are_listed() -> None:
    recipe = Recipe(["mosaic"])
    keys = [f"image {i}" for i in range(20)]
    chosen = choose_companions(recipe, keys, "image 3", 1)
    assert chosen == choose_companions(recipe, keys[::-1], "image 3", 1)
    assert len(set(chosen)) == 3 and "image 3" not in chosen
    assert chosen != choose_companions(recipe, keys, "image 3", 2)


def test_what_a_cutout_covers_goes() -> None:
    recipe = Recipe(augment=[{"step": "cutout", "percent": 100, "count": 1}])
    (one,) = run(recipe)
    assert not one.pixels.any() and one.shapes == ()
    assert {drop.why for drop in one.dropped} == {"covered"}


@pytest.mark.parametrize("step", ["box_flip", "box_rotate", "box_brightness", "box_noise"])
def test_box_level_steps_change_nothing_outside_the_boxes(step: str) -> None:
    image = noise()
    box = BBox(50, 40, 60, 70)
    (one,) = apply(
        Recipe(augment=[{"step": step, "probability": 1}]), image, [box], ["a"], split="train", key="k", copy=1
    )
    changed = (one.pixels != image).any(axis=2)
    assert changed[40:110, 50:110].any()
    changed[40:110, 50:110] = False
    assert not changed.any() and one.shapes[0].shape == box


def test_exact_duplicates_are_removed() -> None:
    shapes = mixed(0)
    flips = Recipe(augment=[{"step": "flip", "probability": 0.5}], multiplier=20)
    made = apply_all(flips, Source(noise(), shapes, names(shapes), "k"), split="train")
    assert [one.copy == 0 for one in made] == [True, False]
    turns = Recipe(augment=[{"step": "rotate", "probability": 1}], multiplier=5)
    assert len(apply_all(turns, Source(noise(), shapes, names(shapes), "k"), split="train")) == 5
    assert len(apply_all(turns, Source(noise(), shapes, names(shapes), "k"), split="valid")) == 1
    assert copies(turns, "train") == range(5) and copies(turns, None) == range(1)


def test_tiles_that_look_alike_all_stay() -> None:
    blank = Source(np.zeros((40, 40, 3), np.uint8), [], [], "blank")
    assert len(apply_all(Recipe(["tile", "flip"], multiplier=3), blank, split="train")) == 4


def test_albumentations_is_loaded_only_by_recipes_that_name_it() -> None:
    code = """
import sys
from jupyter_roboflow.augment import Recipe
recipe = Recipe(["resize", "flip", "rotate", "hue", "noise"])
early = [name for name in ("cv2", "albumentations") if name in sys.modules]
from tests.augment.scenes import run
run(recipe)
print(early, "cv2" in sys.modules, "albumentations" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "[] True False"


EVERYTHING = Recipe(
    ["tile", "resize", "flip", "rotate", "noise", "camera_gain", "mosaic", "box_rotate", {"step": "albumentations"}],
    multiplier=3,
    seed=11,
)


def digests(order: list[int]) -> dict[str, str]:
    """What becomes of three images, done in some order."""
    found: dict[str, str] = {}
    for i in order:
        shapes = mixed(i)
        source = Source(noise(i), shapes, names(shapes), f"image {i}")
        made: list[Augmented] = apply_all(EVERYTHING, source, split="train", companions=lambda copy: companions())
        found |= {f"{i} {one.copy} {one.piece}": one.digest() for one in made}
    return found


def test_order_and_process_make_no_difference() -> None:
    here = digests([0, 1, 2])
    assert len(here) == 36 and here == digests([2, 0, 1])
    code = "import json; from tests.augment.test_steps import digests; print(json.dumps(digests([1])))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    import json

    assert json.loads(done.stdout) == {key: value for key, value in here.items() if key.startswith("1 ")}


def test_a_picture_over_the_cap_is_refused_before_it_is_made() -> None:
    recipe = Recipe([{"step": "resize", "width": 20_000, "height": 20_000, "upscale": True}])
    with pytest.raises(TooLarge, match=r"preprocess\[0\] resize would make a picture of 20,000 × 20,000"):
        apply(recipe, noise(), [], [], split=None, key="k")
    with pytest.raises(TooLarge):
        apply(Recipe(), noise(), [], [], split=None, key="k", max_pixels=WIDTH * HEIGHT - 1)


def test_a_very_long_picture_is_refused_where_opencv_would_fail_and_resized_where_it_can_be() -> None:
    long = np.zeros((2, 40_000, 3), dtype=np.uint8)
    with pytest.raises(TooLarge, match="resize or tile it first"):
        apply(Recipe(["rotate"]), long, [], [], split="train", key="k", copy=1)
    (one,) = apply(
        Recipe([{"step": "resize", "mode": "fit"}]), long, [BBox(0, 0, 20_000, 2)], ["a"], split=None, key="k"
    )
    assert one.pixels.shape == (1, 640, 3) and one.shapes[0].shape == BBox(0, 0, 320, 1)


@pytest.mark.parametrize(
    "bad", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((0, 4, 3), np.uint8)]
)
def test_pixels_of_another_kind_are_refused(bad: Any) -> None:
    with pytest.raises(Invalid, match="RGB"):
        apply(Recipe(), bad, [], [], split=None, key="k")


def test_only_training_images_have_copies_and_each_shape_one_label() -> None:
    with pytest.raises(Invalid, match="train"):
        apply(Recipe(["flip"]), noise(), [], [], split="valid", key="k", copy=1)
    with pytest.raises(Invalid, match="1 shapes and 0 labels"):
        apply(Recipe(), noise(), [BBox(0, 0, 1, 1)], [], split=None, key="k")
