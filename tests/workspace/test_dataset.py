"""A dataset in a notebook: labels, splits, saving, exporting, showing."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import yaml

import jupyter_roboflow as rf

from .conftest import BOTH_WAYS, write_pictures

BOX = rf.BBox(2, 3, 20, 10)


@pytest.fixture
def six(ds: rf.Dataset, tmp_path: Path) -> rf.Dataset:
    """Six images: four with boxes, one empty, one that nobody looked at."""
    ds.upload(write_pictures(tmp_path / "six", 6))
    for name in ("cat", "dog", "bird"):
        ds.add_label(name)
    images = list(ds)
    for number, image in enumerate(images[:4]):
        image.save([rf.Annotation(BOX, ("cat", "dog")[number % 2])])
    images[4].save([], state="empty")
    return ds


def test_a_saved_box_is_there_after_opening_the_workspace_again(six: rf.Dataset, tmp_path: Path) -> None:
    with rf.connect(data_dir=tmp_path / "home", progress=False) as later:
        image = later.dataset("cells")["picture-000.png"]
        assert [(a.shape, a.label) for a in image.annotations] == [(BOX, "cat")] and image.state == "labeled"


@BOTH_WAYS
def test_a_stale_save_overwrites_nothing_and_shows_what_is_there(six: rf.Dataset) -> None:
    mine, theirs = six["picture-000.png"], six["picture-000.png"]
    assert len(mine.annotations) == len(theirs.annotations) == 1
    theirs.save([*theirs.annotations, rf.Annotation(rf.Point(5, 5), "bird")])
    with pytest.raises(rf.Conflict) as refused:
        mine.save([])
    assert refused.value.code == "stale_revision"
    assert len(six["picture-000.png"].annotations) == 2
    assert len(mine.reload().save([]).annotations) == 0


@BOTH_WAYS
def test_saving_a_shape_with_an_unknown_label_names_the_known_ones(six: rf.Dataset) -> None:
    with pytest.raises(rf.Invalid, match="cat"):
        six["picture-000.png"].save([rf.Annotation(BOX, "elephant")])
    assert len(six["picture-000.png"].annotations) == 1


@BOTH_WAYS
def test_images_are_found_by_label_state_split_tag_name_and_count(six: rf.Dataset) -> None:
    six.images(name="00", max_objects=0).tag("later")
    assert len(six.images(label="cat")) == 2
    assert len(six.images(state="labeled")) == 4 and len(six.images(state="empty")) == 1
    assert len(six.images(state="unlabeled")) == 1 and len(six.images(tag="later")) == 2
    assert [i.filename for i in six.images(sort="-filename")][:2] == ["picture-005.png", "picture-004.png"]
    with pytest.raises(rf.Invalid, match="stat"):
        six.images(stat="labeled")  # pyright: ignore[reportCallIssue]
    with pytest.raises(rf.Invalid, match="labeled"):
        six.images(state="done")


@BOTH_WAYS
def test_images_are_found_by_lists_left_out_and_changed_together(six: rf.Dataset) -> None:
    first, second, *rest = six.images()
    first.tag("bad", "old")
    second.tag("bad")
    assert [image.id for image in six.images(tag=["bad", "old"])] == [first.id]
    assert [image.id for image in six.images(tag="bad", exclude_tag=["old", "none such"])] == [second.id]
    six.images(exclude_tag="bad").set_split("test")
    assert len(six.images(split=["test", "valid"])) == len(rest) == 4
    assert len(six.images(exclude_split="test")) == len(six.images(exclude_split=["test", "valid"])) == 2
    assert len(six.images(split=["none", "test"])) == 6 and len(six.images(exclude_split="none")) == 4
    assert len(six.images(exclude_objects=0)) == 4 and len(six.images(exclude_objects=["2..", "1..1"])) == 2
    assert len(six.images(exclude_width="65..")) == 6 and len(six.images(exclude_width=[1, first.width])) == 0
    size = f"{first.width}x{first.height}"
    assert len(six.images(exclude_height=f"..{first.height}")) == len(six.images(exclude_size=[size, "1x1"])) == 0
    assert [image.id for image in six.images(ids=[second.id, first.id], exclude_ids=first.id)] == [second.id]
    assert len(six.images(ids=first.id)) == 1 and len(six.images(ids=[])) == 0 and len(six.images(exclude_ids=[])) == 6
    wrongs = [
        {"split": ["train", "x"]},
        {"exclude_state": ""},
        {"exclude_depth": 3},
        {"exclude_width": "3-5"},
        {"exclude_objects": -1},
        {"exclude_height": ""},
        {"exclude_size": 640},
        {"box": "big"},
        {"at": "12"},
        {"at": "32,0"},
        {"ids": "7"},
    ]
    for wrong in wrongs:
        with pytest.raises(rf.Invalid):
            six.images(**wrong)  # pyright: ignore[reportArgumentType]
    assert len(six.images(label="")) == 0 and six.images(exclude_tag="bad").delete() == 4


@BOTH_WAYS
def test_splits_are_repeatable_and_groups_stay_together(six: rf.Dataset) -> None:
    counts = six.split(train=0.5, valid=0.5, test=0.0, seed=3)
    first = {image.id: image.split for image in six}
    assert sum(counts.values()) == 6 and counts["test"] == 0
    assert six.split(train=0.5, valid=0.5, test=0.0, seed=3) == counts
    assert {image.id: image.split for image in six} == first
    six.split(train=0.5, valid=0.5, test=0.0, group=r"picture-00([0-9])\.png".replace("[0-9]", "."))
    six.split(train=0.5, valid=0.5, test=0.0, group=lambda image: str(image.id % 2))
    for parity in (0, 1):
        assert len({image.split for image in six if image.id % 2 == parity}) == 1
    with pytest.raises(rf.Invalid, match="group"):
        six.split(group="no-group-here")


@BOTH_WAYS
def test_renaming_recolouring_and_reordering_keep_export_numbers(six: rf.Dataset, tmp_path: Path) -> None:
    before = {label.id: label.index for label in six.labels}
    six.rename_label("cat", "lion")
    six.recolor_label("dog", "#00FF00")
    six.reorder_labels(["bird", "dog", "lion"])
    assert [label.name for label in six.labels] == ["bird", "dog", "lion"]
    assert {label.id: label.index for label in six.labels} == before
    assert _yolo_names(six, tmp_path) == {0: "lion", 1: "dog", 2: "bird"}


@BOTH_WAYS
def test_merging_a_label_leaves_its_number_unused_and_moves_its_boxes(six: rf.Dataset, tmp_path: Path) -> None:
    assert six.merge_labels("cat", into="dog") == 2
    assert Counter(six.to_dataframe()["label"]) == {"dog": 4}
    assert _yolo_names(six, tmp_path) == {0: "unused-0", 1: "dog", 2: "bird"}
    six.add_label("fish")
    assert _yolo_names(six, tmp_path)[3] == "fish"


@BOTH_WAYS
def test_a_label_in_use_is_not_deleted_silently(six: rf.Dataset) -> None:
    with pytest.raises(rf.Conflict, match="cat"):
        six.delete_label("cat")
    six.delete_label("cat", reassign_to="bird")
    assert Counter(six.to_dataframe()["label"]) == {"dog": 2, "bird": 2}


def _yolo_names(ds: rf.Dataset, tmp_path: Path) -> dict[int, str]:
    with zipfile.ZipFile(ds.export("yolo", tmp_path / "names.zip").path) as archive:
        names = yaml.safe_load(archive.read("data.yaml"))["names"]
    return dict(enumerate(names)) if isinstance(names, list) else names


@BOTH_WAYS
def test_exports_leave_out_what_nobody_looked_at_and_keep_the_empty_ones(six: rf.Dataset, tmp_path: Path) -> None:
    report = six.export("voc", tmp_path)
    assert report.counts["images"] == 5 and report.path.parent == tmp_path
    assert six.export("voc", tmp_path, include_unlabeled=True).counts["images"] == 6


@BOTH_WAYS
def test_an_unknown_format_or_option_names_the_known_ones(six: rf.Dataset) -> None:
    with pytest.raises(rf.Invalid, match="coco"):
        six.export("kitti")
    with pytest.raises(rf.Invalid, match="task"):
        six.export("yolo", tsk="segment")
    assert not [job for job in six._backend.jobs(six.id).items if job.state != "succeeded"]


@BOTH_WAYS
def test_a_failed_import_changes_nothing(six: rf.Dataset, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    (bad / "images" / "train").mkdir(parents=True)
    (bad / "labels" / "train").mkdir(parents=True)
    (bad / "data.yaml").write_text("path: .\ntrain: images/train\nnames: [cat, new]\n")
    for number, text in enumerate(("1 0.5 0.5 0.1 0.1\n", "7 0.5 0.5 0.1 0.1\n")):
        write_pictures(bad / "images" / "train", number + 1)
        (bad / "labels" / "train" / f"picture-00{number}.txt").write_text(text)
    before = (six.info, six.labels)
    with pytest.raises(rf.UnreadableDataset, match=r"picture-001\.txt:1"):
        six.import_(bad)
    assert (six.info, six.labels) == before


@BOTH_WAYS
def test_the_dataframe_has_a_row_an_annotation(six: rf.Dataset) -> None:
    frame = six.to_dataframe(label="cat")
    assert list(frame[["x0", "y0", "x1", "y1"]].iloc[0]) == [2.0, 3.0, 22.0, 13.0] and len(frame) == 2
    assert next(csv.reader(io.StringIO(frame.to_csv())))


@BOTH_WAYS
def test_everything_shows_itself_in_a_notebook_without_trusting_names(ws: rf.Workspace, six: rf.Dataset) -> None:
    six.rename_label("cat", "<script>alert(1)</script>")
    six.rename("<b>bold</b>")
    shown = six._repr_html_() + six.images()._repr_html_() + next(iter(six))._repr_html_() + ws._repr_html_()
    assert "<script>alert" not in shown and "<b>bold" not in shown and shown.count("<img") >= 6
    assert "6 images" in repr(six)


@BOTH_WAYS
def test_a_taken_name_is_refused_or_opened(ws: rf.Workspace, ds: rf.Dataset) -> None:
    with pytest.raises(rf.Conflict, match="cells"):
        ws.create_dataset("Cells ")
    assert ws.create_dataset("cells", exist_ok=True).id == ds.id
    assert [d.name for d in ws.datasets()] == ["cells"]
    with pytest.raises(rf.NotFound, match="horses"):
        ws.dataset("horses")


@BOTH_WAYS
def test_deleted_images_are_gone_and_the_audit_log_knows(six: rf.Dataset) -> None:
    assert six.images(label="cat").delete() == 2
    assert len(six) == 4 and six.info.annotation_count == 2
    actions = [row["action"] for row in six._backend.audit(six.id).items]
    assert "delete_images" in actions


def test_a_wrong_word_is_answered_with_the_words_there_are(six: rf.Dataset) -> None:
    with pytest.raises(rf.Invalid, match="split='vaild': one of train, valid, test"):
        six.images().set_split("vaild")
    with pytest.raises(rf.Invalid, match="split='vaild'"):
        next(iter(six)).split = "vaild"
    with pytest.raises(rf.Invalid, match="split='vaild'"):
        six.upload(b"", split="vaild")
    with pytest.raises(rf.Invalid, match="state='done': one of unlabeled, empty, labeled, reviewed"):
        next(iter(six)).save([], state="done")
    with pytest.raises(rf.Invalid, match=r"role='boss': one of .*annotator"):
        six.share("somebody", "boss")
    with pytest.raises(rf.Invalid, match="no regular expression"):
        six.split(group="(")
