"""Health: every number by hand on a small dataset, the same whatever the chunks, look-alikes against brute force."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_roboflow.domain.dataset import Label
from jupyter_roboflow.domain.health import AnnotationColumns, Health, ImageColumns, compute_health, near_duplicates
from jupyter_roboflow.domain.health.near_duplicates import find_near_duplicates

CAT, DOG, BIRD = Label("cat", "#112233", 0), Label("<b>dog</b>", "#445566", 3), Label("bird", "#778899", 5)
LABELS = (CAT, DOG, BIRD)
BBOX, POLYGON, POINT = 0, 1, 2
NONE, TRAIN, VALID, TEST = range(4)
UNLABELED, EMPTY, LABELED, REVIEWED = range(4)

# id, width, height, split, state, dhash, file name
IMAGES = [
    (7, 100, 200, TRAIN, LABELED, 0xFF00, "seven.jpg"),
    (2, 400, 200, TRAIN, REVIEWED, 0x1234_5678_9ABC_DEF0, "two.jpg"),
    (9, 400, 200, VALID, LABELED, 0x1234_5678_9ABC_DEF7, "nine.jpg"),
    (4, 100, 100, NONE, UNLABELED, 0, "four.jpg"),
    (5, 100, 100, TEST, EMPTY, 0, "five.jpg"),
]
# image, label index, kind, x0, y0, x1, y1, area
ANNOTATIONS = [
    (2, 0, BBOX, 100, 50, 200, 150, 10_000),
    (2, 0, BBOX, 101, 50, 200, 150, 9_900),  # repeats the first: IoU 0.99
    (2, 3, BBOX, 100, 50, 200, 150, 10_000),  # the same place, another label
    (2, 0, POLYGON, 100, 50, 200, 150, 3_000),  # the same box around another outline
    (2, 0, POINT, 30, 30, 30, 30, 0),
    (2, 0, POINT, 30, 30, 30, 30, 0),  # repeats the point
    (7, 0, BBOX, 0, 0, 100, 200, 20_000),  # fills its image, touches the border
    (7, 3, BBOX, 10, 10, 17, 17, 49),  # tiny
    (9, 3, BBOX, -5, 20, 40, 60, 1_800),  # beyond the left edge
    (9, 3, BBOX, 360, 160, 400, 200, 1_600),  # at the corner
]


def _images(rows: list[Any]) -> ImageColumns:
    return ImageColumns(*(list(column) for column in zip(*rows, strict=True))) if rows else ImageColumns(*[[]] * 7)


def _annotations(rows: list[Any]) -> AnnotationColumns:
    return AnnotationColumns(*(list(c) for c in zip(*rows, strict=True))) if rows else AnnotationColumns(*[[]] * 8)


def _health(images: list[Any] = IMAGES, annotations: list[Any] = ANNOTATIONS, chunk: int = 100) -> Health:
    parts = [images[i : i + chunk] for i in range(0, len(images), chunk)]
    rows = [annotations[i : i + chunk] for i in range(0, len(annotations), chunk)]
    return compute_health(LABELS, map(_images, parts), map(_annotations, rows))


def test_images_are_counted_by_split_and_state_unlabeled_apart_from_empty() -> None:
    health = _health()
    assert health.images == 5 and health.annotations == 10
    assert health.images_by_split == {"none": 1, "train": 2, "valid": 1, "test": 1}
    assert health.images_by_state == {"unlabeled": 1, "empty": 1, "labeled": 2, "reviewed": 1}
    assert health.images_by_split_and_state["train"] == {"unlabeled": 0, "empty": 0, "labeled": 1, "reviewed": 1}
    assert health.annotations_by_split == {"none": 0, "train": 8, "valid": 2, "test": 0}
    assert health.kinds == {"bbox": 7, "polygon": 1, "point": 2}


def test_labels_are_counted_by_split_and_by_image() -> None:
    cat, dog, bird = _health().labels
    assert (cat.annotations, cat.images, cat.by_split["train"], cat.by_split["valid"]) == (6, 2, 6, 0)
    assert (dog.annotations, dog.images, dog.by_split["train"], dog.by_split["valid"]) == (4, 3, 2, 2)
    assert (bird.annotations, bird.images, bird.heat_map, bird.index) == (0, 0, (), 5)


def test_the_heat_map_counts_box_centres_row_by_row() -> None:
    cat, dog, _ = _health().labels
    assert len(cat.heat_map) == len(cat.heat_map[0]) == 32
    assert sum(map(sum, cat.heat_map)) == 6 and sum(map(sum, dog.heat_map)) == 4
    assert dog.heat_map[31 - 1][31 - 1] >= 0
    assert (
        dog.heat_map[int(180 / 200 * 32)][int(380 / 400 * 32)] == 1
    )  # the box at the corner: row from y, column from x
    assert dog.heat_map[int(40 / 200 * 32)][int(17.5 / 400 * 32)] == 1


def test_sizes_ratios_and_objects_per_image() -> None:
    health = _health()
    assert (health.width.min, health.width.median, health.width.max) == (100, 100, 400)
    assert (health.height.min, health.height.median, health.height.max) == (100, 200, 200)
    assert (health.aspect_ratio.min, health.aspect_ratio.max) == (0.5, 2.0)
    assert sum(map(sum, health.sizes.counts)) == 5 and sum(health.aspect_ratios.counts) == 5
    assert health.sizes.counts[-1][-1] == 2 and health.sizes.counts[0][0] == 2  # two of 400 × 200, two of 100 × 100
    assert (health.objects.min, health.objects.median, health.objects.max) == (0, 2, 6)
    assert health.objects_per_image.counts == (2, 0, 2, 0, 0, 0, 1)
    assert sum(health.box_sizes.counts) == 8 and sum(health.box_scale.values()) == 8  # points have no size
    assert health.box_scale == {"small": 1, "medium": 3, "large": 4}


def test_odd_boxes_are_found_with_their_images() -> None:
    health = _health()
    assert (health.tiny_boxes.count, health.tiny_boxes.examples) == (1, ({"image_id": 7, "filename": "seven.jpg"},))
    assert (health.huge_boxes.count, health.huge_boxes.examples[0]["filename"]) == (1, "seven.jpg")
    assert (health.duplicate_boxes.count, health.duplicate_boxes.examples[0]["filename"]) == (2, "two.jpg")
    assert (health.boxes_outside.count, health.boxes_outside.examples[0]["filename"]) == (1, "nine.jpg")
    assert health.boxes_at_border == 2


@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_chunks_of_any_size_give_the_same_health(chunk: int) -> None:
    assert _health(chunk=chunk) == _health()


def test_look_alikes_across_splits_are_leakage() -> None:
    pairs = _health().near_duplicates
    assert (pairs.across_splits, pairs.within_split, pairs.complete) == (1, 0, True)
    assert pairs.examples == (
        {"image_id": 2, "other_id": 9, "distance": 3, "filename": "two.jpg", "other_filename": "nine.jpg"},
    )


def _by_brute_force(splits: list[int], hashes: list[int]) -> tuple[int, int]:
    across = within = 0
    for i, (split, value) in enumerate(zip(splits, hashes, strict=True)):
        for other_split, other in zip(splits[:i], hashes[:i], strict=True):
            if value and other and (value ^ other).bit_count() <= 3:
                within += split == other_split
                across += split != other_split and NONE not in (split, other_split)
    return across, within


base_hashes = st.sampled_from([0, 1, 0xFFFF_FFFF_FFFF_FFFF, 0x0123_4567_89AB_CDEF, 0x8000_0000_0000_0000])
bits = st.lists(st.integers(0, 63), max_size=4)


def _flipped(value: int, positions: list[int]) -> int:
    for position in positions:
        value ^= 1 << position
    return value


hashes_ = st.builds(_flipped, base_hashes, bits)


def _check_look_alikes(rows: list[tuple[int, int]]) -> None:
    splits, hashes = [split for split, _ in rows], [value for _, value in rows]
    ids = np.arange(100, 100 + len(rows))
    found = find_near_duplicates(ids, np.array(splits, dtype=np.int64), np.array(hashes, dtype=np.uint64))
    assert (found.across_splits, found.within_split) == _by_brute_force(splits, hashes)
    assert bool(found.examples) == bool(found.across_splits) and len(found.examples) <= 20
    for pair in found.examples:
        one, other = int(pair["image_id"]) - 100, int(pair["other_id"]) - 100
        assert splits[one] != splits[other] and (hashes[one] ^ hashes[other]).bit_count() == pair["distance"] <= 3


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), hashes_), max_size=40))
def test_look_alikes_are_those_that_comparing_all_pairs_finds(rows: list[tuple[int, int]]) -> None:
    _check_look_alikes(rows)


def test_a_search_with_one_band_too_few_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(TRAIN, 0x0123_4567_89AB_CDEF), (VALID, _flipped(0x0123_4567_89AB_CDEF, [0, 16, 32]))]
    _check_look_alikes(rows)
    monkeypatch.setattr(near_duplicates, "_BANDS", near_duplicates._BANDS[:3])
    with pytest.raises(AssertionError):
        _check_look_alikes(rows)


def test_too_many_look_alikes_are_said_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_duplicates, "COMPARISONS_LIMIT", 10)
    images = [(i, 10, 10, TRAIN, LABELED, 0xFF0000 + i, f"{i}.jpg") for i in range(50)]
    health = _health(images, [])
    assert not health.near_duplicates.complete and any("Too many look-alike" in w for w in health.warnings)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(18, 22), st.integers(18, 22)), max_size=30))
def test_repeated_boxes_are_those_that_comparing_all_pairs_finds(rows: list[tuple[int, int, int, int]]) -> None:
    boxes = [(2, 0, BBOX, x, y, x + w, y + h, w * h) for x, y, w, h in rows]

    def iou(a: Any, b: Any) -> float:
        wide, high = min(a[5], b[5]) - max(a[3], b[3]), min(a[6], b[6]) - max(a[4], b[4])
        overlap = max(wide, 0) * max(high, 0)
        return overlap / (a[7] + b[7] - overlap)

    health = _health(annotations=boxes)
    repeated = {i for i, a in enumerate(boxes) for j, b in enumerate(boxes) if i != j and iou(a, b) > 0.95}
    if not repeated:
        assert health.duplicate_boxes.count == 0
    else:  # of every cluster one may stay
        assert 1 <= health.duplicate_boxes.count < len(repeated)


def test_warnings_say_what_to_do() -> None:
    warnings = "\n".join(_health().warnings)
    for part in (
        "1 pair of look-alike images across splits (first: two.jpg and nine.jpg)",
        "1 image not annotated yet",
        "1 image without a split",
        "Nothing is annotated as bird: annotate examples, or delete the label.",
        "No annotation of cat in valid",
        "1 annotation reaches beyond its image (first on nine.jpg): clip or redraw them.",
        "2 annotations repeat another (first on two.jpg): delete the doubles.",
        "1 annotation fills its image",
    ):
        assert part in warnings, part
    many = [(2, 0, BBOX, i % 300, i % 100, i % 300 + 50, i % 100 + 50, 2500) for i in range(200)]
    assert any("out of balance: cat has 200" in w for w in _health(annotations=[*many, ANNOTATIONS[-1]]).warnings)


def test_an_empty_dataset_is_healthy_enough_to_be_shown() -> None:
    health = compute_health([], [], [])
    assert health.images == 0 and health.warnings == ("The dataset has no images: upload some, or import a dataset.",)
    assert "0 images" in str(health) and json.dumps(health.to_dict(), allow_nan=False)


def test_health_as_json_text_and_html() -> None:
    health = _health()
    data = json.loads(json.dumps(health.to_dict(), allow_nan=False))
    assert data["images"] == 5 and data["labels"][0]["name"] == "cat" and len(data["labels"][0]["heat_map"]) == 32
    assert data["near_duplicates"]["across_splits"] == 1 and data["warnings"] == list(health.warnings)
    html = health._repr_html_()
    assert "&lt;b&gt;dog&lt;/b&gt;" in html and "<b>dog" not in html and "#112233" in html
    text = str(health)
    assert "5 images, 10 annotations, 3 labels" in text and "<b>dog</b>" in text and "Worth a look" in text
    assert repr(health).startswith("<Health: 5 images")


@pytest.mark.parametrize(
    "rows, why",
    [
        ([ANNOTATIONS[-1], ANNOTATIONS[0]], "ordered by image id"),
        ([(3, *ANNOTATIONS[0][1:])], "none of the dataset's images"),
        ([(2, 1, *ANNOTATIONS[0][2:])], "none of the dataset's labels"),
        ([(2, 99, *ANNOTATIONS[0][2:])], "none of the dataset's labels"),
    ],
)
def test_columns_that_do_not_fit_together_are_refused(rows: list[Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _health(annotations=rows)
