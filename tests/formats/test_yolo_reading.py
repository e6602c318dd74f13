"""Reading YOLO datasets of other programs, good and broken."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jupyter_roboflow.archive import open_files
from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.domain.errors import Invalid, UnreadableDataset
from jupyter_roboflow.domain.manifest import Manifest
from jupyter_roboflow.domain.shapes import BBox, Polygon
from jupyter_roboflow.formats import detect
from jupyter_roboflow.formats.yolo import Yolo
from tests.formats.manifests import picture, read

PNG = picture(100, 50).data
YAML = "names: [cat, dog]\n"


def make(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder of these files; a picture of 100 × 50 where the text is None-like (an image's name)."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def load(folder: Path, files: Mapping[str, str | bytes], **options: Any) -> Manifest:
    make(folder, files)
    with open_files(folder) as opened:
        assert detect(opened).name == "yolo"
    return read(Yolo(), folder, options)


def rows(folder: Path, text: str | bytes, yaml: str = YAML, **options: Any) -> Manifest:
    """The dataset of one picture with this label file."""
    return load(folder, {"data.yaml": yaml, "images/train/a.png": PNG, "labels/train/a.txt": text}, **options)


def refusal(folder: Path, text: str | bytes, yaml: str = YAML, **options: Any) -> UnreadableDataset:
    with pytest.raises(UnreadableDataset) as caught:
        rows(folder, text, yaml, **options)
    return caught.value


def shapes(found: Manifest) -> list[Any]:
    return [a.shape for e in found.examples for a in e.annotations]


def splits(found: Manifest) -> dict[str, Split | None]:
    return {e.filename: e.split for e in found.examples}


# ---- layouts


def test_the_layout_of_ultralytics(tmp_path: Path) -> None:
    yaml = "path: /home/me/datasets/coco8\ntrain: images/train\nval: images/val\ntest:\nnames:\n  0: cat\n  1: dog\n"
    files = {"data.yaml": yaml, "images/train/a.png": PNG, "labels/train/a.txt": "1 0.5 0.5 0.2 0.4\n",
             "images/val/b.png": PNG, "labels/val/b.txt": ""}  # fmt: skip
    found = load(tmp_path, files)
    assert splits(found) == {"a.png": Split.TRAIN, "b.png": Split.VALID}
    assert [(label.name, label.index) for label in found.labels] == [("cat", 0), ("dog", 1)]
    assert shapes(found) == [BBox(40, 15, 20, 20)]
    assert found.losses.as_list() == []


def test_the_layout_of_roboflow(tmp_path: Path) -> None:
    yaml = "train: ../train/images\nval: ../valid/images\ntest: ../test/images\n\nnc: 2\nnames: ['cat', 'dog']\n"
    files = {"data.yaml": yaml, "README.roboflow.txt": "about", "README.dataset.txt": "about"}
    for split in ("train", "valid", "test"):
        files |= {
            f"{split}/images/{split}_jpg.rf.0a.png": PNG,
            f"{split}/labels/{split}_jpg.rf.0a.txt": "0 .5 .5 .2 .4",
        }
    found = load(tmp_path, files)
    assert list(splits(found).values()) == [Split.TEST, Split.TRAIN, Split.VALID]
    assert len(shapes(found)) == 3 and found.losses.as_list() == []


def test_the_layout_of_darknet(tmp_path: Path) -> None:
    files = {
        "obj.names": "cat\ndog\n\n",
        "obj.data": "classes = 2\ntrain = data/train.txt\nvalid = data/valid.txt\nnames = data/obj.names\n",
        "train.txt": "data/obj_train_data/a b.png\n",
        "valid.txt": "data/obj_train_data/c.png\n",
        "obj_train_data/a b.png": PNG,
        "obj_train_data/a b.txt": "1 0.5 0.5 0.2 0.4",
        "obj_train_data/c.png": PNG,
        "obj_train_data/c.txt": "0 0.5 0.5 0.2 0.4",
    }
    found = load(tmp_path, files)
    assert splits(found) == {"a b.png": Split.TRAIN, "c.png": Split.VALID}
    assert [a.label for e in found.examples for a in e.annotations] == ["dog", "cat"]


def test_roboflow_s_darknet_keeps_names_in_every_split(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {}
    for split in ("train", "valid"):
        files |= {
            f"{split}/_darknet.labels": "cat\ndog",
            f"{split}/{split}.png": PNG,
            f"{split}/{split}.txt": "1 .5 .5 1 1",
        }
    found = load(tmp_path, files)
    assert splits(found) == {"train.png": Split.TRAIN, "valid.png": Split.VALID}


def test_a_flat_folder_with_classes(tmp_path: Path) -> None:
    files = {"classes.txt": "cat\ndog\n", "a.png": PNG, "a.txt": "1 0.5 0.5 0.2 0.4", "b.png": PNG}
    found = load(tmp_path, files)
    assert splits(found) == {"a.png": None, "b.png": None}
    assert [e.state for e in found.examples] == [ImageState.LABELED, ImageState.UNLABELED]


def test_images_and_labels_folders_with_classes(tmp_path: Path) -> None:
    files = {"classes.txt": "cat\n", "images/a.png": PNG, "labels/a.txt": "0 0.5 0.5 0.2 0.4", "notes.json": "{}"}
    assert len(shapes(load(tmp_path, files))) == 1


def test_lists_of_pictures_name_the_splits(tmp_path: Path) -> None:
    yaml = "path: ../coco\ntrain: train2017.txt\nval: [val2017.txt, extra]\nnames: {0: cat}\n"
    files = {"coco.yaml": yaml, "train2017.txt": "./images/a.png\n/gone/images/missing.png\n",
             "val2017.txt": "./images/b.png\n", "images/a.png": PNG, "images/b.png": PNG, "extra/c.png": PNG,
             "labels/a.txt": "0 .5 .5 .5 .5"}  # fmt: skip
    found = load(tmp_path, files)
    assert splits(found) == {"a.png": Split.TRAIN, "b.png": Split.VALID, "c.png": Split.VALID}
    assert ("noted", "train2017.txt:2") in [(loss.what, loss.where) for loss in found.losses]


def test_split_folders_are_whole_names(tmp_path: Path) -> None:
    names = {"latest/images/latest_001.png": None, "contrain/a.png": None, "testing/b.png": Split.TEST,
             "train/validation/c.png": Split.VALID, "x/val/y/d.png": Split.VALID, "test_set/e.png": None}  # fmt: skip
    found = load(tmp_path, {"classes.txt": "cat", "contrain/a.txt": "0 .5 .5 1 1", **dict.fromkeys(names, PNG)})
    assert splits(found) == {name.rpartition("/")[2]: split for name, split in names.items()}


def test_a_folder_used_for_two_splits_is_noted(tmp_path: Path) -> None:
    yaml = "train: images\nval: images\nnames: [cat]\n"
    found = load(tmp_path, {"data.yaml": yaml, "images/a.png": PNG, "labels/a.txt": "0 .5 .5 1 1"})
    assert splits(found) == {"a.png": Split.TRAIN}
    assert "for train and for valid" in next(iter(found.losses)).why


# ---- class names


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            "names: [yes, no, on, 1, 2.5, null, ~, 2026-01-01]",
            ["yes", "no", "on", "1", "2.5", "null", "~", "2026-01-01"],
        ),
        ("names: {2: c, 0: a, 10: b}", ["a", "c", "b"]),
        ("names:\n  '0': a\n  '1': b", ["a", "b"]),
        ('names: ["a: b", "#c", " trimmed "]', ["a: b", "#c", "trimmed"]),
        ("nc: 2", ["class_0", "class_1"]),
        ("\ufeffnames: ['ä', '🙂']", ["ä", "🙂"]),
    ],
)
def test_names_keep_their_order_and_spelling(text: str, expected: list[str], tmp_path: Path) -> None:
    found = load(tmp_path, {"data.yaml": text, "a.png": PNG, "a.txt": ""})
    assert [label.name for label in found.labels] == expected


@pytest.mark.parametrize(
    "text, code",
    [
        ('names: !!python/object/apply:os.system ["touch pwned"]', "bad_yaml"),
        ("names: !!python/name:os.system", "bad_yaml"),
        ("names: [a, b", "bad_yaml"),
        ("names: cat", "bad_yaml"),
        ("names: {x: a}", "bad_yaml"),
        ("names: {-1: a}", "bad_yaml"),
        ("names: [a, a]", "duplicate_label"),
        ("names: {0: a, '0': b}", "bad_yaml"),
        ("names: [a, '']", "label_empty"),
        ("names: [[a], b]", "wrong_type"),
        ('names: ["a\\0b"]', "bad_unicode"),
    ],
)
def test_a_bad_yaml_is_refused_and_runs_nothing(
    text: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "in", {"data.yaml": text, "a.png": PNG, "a.txt": ""})
    with pytest.raises(UnreadableDataset, match=r"data\.yaml") as caught:
        read(Yolo(), tmp_path / "in")
    assert caught.value.code == code
    assert not (tmp_path / "pwned").exists()


def test_no_names_at_all_is_not_guessed(tmp_path: Path) -> None:
    make(tmp_path, {"images/a.png": PNG, "labels/a.txt": "0 .5 .5 .5 .5"})
    with pytest.raises(UnreadableDataset, match=r"classes\.txt"):
        read(Yolo(), tmp_path)


def test_a_gap_filler_without_rows_leaves_a_gap(tmp_path: Path) -> None:
    yaml = "names: [cat, unused-1, dog, unused-3, unused-9]"
    found = rows(tmp_path, "2 .5 .5 .5 .5\n3 .5 .5 .5 .5", yaml)
    assert [(label.name, label.index) for label in found.labels] == [
        ("cat", 0), ("dog", 2), ("unused-3", 3), ("unused-9", 4),
    ]  # fmt: skip


# ---- rows


def test_bom_line_ends_tabs_and_blank_lines_are_fine(tmp_path: Path) -> None:
    found = rows(tmp_path, b"\xef\xbb\xbf0\t0.5 0.5  0.2 0.4 \r\n\r\n1 0.5 0.5 0.2 0.4\r\n\n")
    assert [a.label for e in found.examples for a in e.annotations] == ["cat", "dog"]
    assert found.losses.as_list() == []


@pytest.mark.parametrize(
    "text, line, code",
    [
        ("0 .5 .5 .5 .5\n99 .5 .5 .5 .5", 2, "unknown_class"),
        ("-1 .5 .5 .5 .5", 1, "unknown_class"),
        ("1.0 .5 .5 .5 .5", 1, "unknown_class"),
        ("1.5 .5 .5 .5 .5", 1, "unknown_class"),
        ("cat .5 .5 .5 .5", 1, "unknown_class"),
        ("² .5 .5 .5 .5", 1, "unknown_class"),
        ("0 0,5 0,5 0,2 0,4", 1, "bad_number"),
        ("\n\n0 a b c d", 3, "bad_number"),
        ("0 nan .5 .5 .5", 1, "geometry_not_finite"),
        ("0 .5 .5 inf .5", 1, "geometry_not_finite"),
        ("0 .5 .5 .5", 1, "bad_row"),
        ("0", 1, "bad_row"),
        ("0 .1 .1 .2 .2 .3 .3 .4", 1, "bad_row"),
        ("0 .5 .5 -.5 .5", 1, "bad_row"),
        ("0 320 240 50 50", 1, "not_normalised"),
        ("0 1 2 30 40 50 60", 1, "not_normalised"),
        (b"0 .5 .5 .5 .5\n\xff\xfe0", 2, "not_utf8"),
        ("0 1e400 .5 .5 .5", 1, "geometry_not_finite"),
    ],
)
def test_a_broken_row_names_file_and_line(text: str | bytes, line: int, code: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, text)
    assert error.message.startswith(f"labels/train/a.txt:{line}:")
    assert error.code == code


def test_boxes_over_the_border_are_clipped_and_counted(tmp_path: Path) -> None:
    found = rows(tmp_path, "0 0 0.5 0.2 0.4\n0 1.2 0.5 0.1 0.1\n0 0.5 0.5 0 0.4\n0 0.9500001 0.5 0.1 0.4")
    assert [s.bounds() for s in shapes(found)] == [(0, 15, 10, 35), pytest.approx((90.00001, 15, 100, 35))]
    assert shapes(found)[1].bounds()[2] <= 100
    assert [(loss.what, loss.where.rpartition(":")[2]) for loss in found.losses] == [
        ("clipped", "1"), ("dropped", "2"), ("dropped", "3"),
    ]  # fmt: skip


def test_outlines_over_the_border_are_clipped_split_or_dropped(tmp_path: Path) -> None:
    two_legs = "0 .1 -.2 .9 -.2 .9 .8 .7 .8 .7 -.1 .3 -.1 .3 .8 .1 .8"
    found = rows(tmp_path, f"0 -.1 .1 .5 .1 .5 .5\n{two_legs}\n0 1.1 .1 1.5 .1 1.5 .5\n0 .1 .1 .2 .2 .3 .3\n")
    assert len(shapes(found)) == 3
    assert all(min(s.bounds()) >= 0 and s.bounds()[2] <= 100 and s.bounds()[3] <= 50 for s in shapes(found))
    assert [loss.what for loss in found.losses] == ["clipped", "split", "dropped", "dropped"]


def test_a_row_of_nine_values_is_never_guessed(tmp_path: Path) -> None:
    nine = "0 .1 .1 .5 .1 .5 .5 .1 .5"
    error = refusal(tmp_path / "auto", f"0 .5 .5 .1 .1\n{nine}")
    assert error.code == "ambiguous_rows" and error.message.startswith("labels/train/a.txt:2:")
    assert "task=segment" in error.message
    polygon = Polygon([10, 5, 50, 5, 50, 25, 10, 25])
    assert shapes(rows(tmp_path / "segment", nine, task="segment")) == [polygon]
    assert shapes(rows(tmp_path / "yaml", nine, YAML + "task: segment\n")) == [polygon]
    assert shapes(rows(tmp_path / "others", f"{nine}\n0 .1 .1 .2 .2 .3 .1")) == [
        polygon,
        Polygon([10, 5, 20, 10, 30, 5]),
    ]
    boxes = rows(tmp_path / "detect", nine, task="detect")
    assert shapes(boxes) == [BBox(10, 5, 40, 20)] and boxes.losses.total("changed") == 1
    rotated = rows(tmp_path / "obb", nine, YAML + "task: obb\n")
    assert shapes(rotated) == [polygon] and rotated.losses.total("changed") == 1


def test_boxes_and_outlines_mixed_are_read_row_by_row(tmp_path: Path) -> None:
    found = rows(tmp_path, "0 .5 .5 .2 .4\n1 .1 .1 .5 .1 .5 .5")
    assert [s.kind for s in shapes(found)] == ["bbox", "polygon"]
    assert found.losses.as_list() == []


def test_keypoints_and_confidences_are_left_out_and_said_so(tmp_path: Path) -> None:
    pose = rows(tmp_path / "pose", "0 .5 .5 .2 .4 .1 .1 2 .2 .2 1", YAML + "kpt_shape: [2, 3]\n")
    assert shapes(pose) == [BBox(40, 15, 20, 20)] and pose.losses.total("dropped") == 1
    scored = rows(tmp_path / "scored", "0 .5 .5 .2 .4 0.93")
    assert shapes(scored) == [BBox(40, 15, 20, 20)] and scored.losses.total("noted") == 1


# ---- files


def test_empty_and_missing_label_files_are_different(tmp_path: Path) -> None:
    files = {"data.yaml": YAML, "images/a.png": PNG, "labels/a.txt": " \n", "images/b.png": PNG}
    found = load(tmp_path, files)
    assert {e.filename: e.state for e in found.examples} == {
        "a.png": ImageState.EMPTY, "b.png": ImageState.UNLABELED,
    }  # fmt: skip
    assert [(loss.what, loss.where) for loss in found.losses] == [("noted", "images/b.png")]


def test_labels_without_a_picture_and_broken_pictures_are_counted(tmp_path: Path) -> None:
    files = {"data.yaml": YAML, "images/a.png": PNG, "labels/a.txt": "", "labels/gone.txt": "0 .5 .5 .5 .5",
             "images/broken.png": b"no picture", "labels/broken.txt": ""}  # fmt: skip
    found = load(tmp_path, files)
    assert [e.filename for e in found.examples] == ["a.png"]
    assert {(loss.what, loss.where) for loss in found.losses} == {
        ("dropped", "images/broken.png"), ("dropped", "labels/gone.txt"),
    }  # fmt: skip


def test_unknown_option_values_are_refused(tmp_path: Path) -> None:
    make(tmp_path, {"data.yaml": YAML, "a.png": PNG})
    with pytest.raises(Invalid, match="detect, segment"):
        read(Yolo(), tmp_path, {"task": "guess"})
