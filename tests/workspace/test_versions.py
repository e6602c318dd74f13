"""Versions of real data: what they hold, what is made of them, and that they come out the same again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.cli import main
from jupyter_roboflow.domain.user import DatasetRole
from jupyter_roboflow.storage.files import blob_key
from tests.checkout import ROOT
from tests.workspace.conftest import BLOOD_CELLS, BOTH_WAYS, NUCLEI, picture
from tests.workspace.guest import Guest
from tests.workspace.invariants import assert_sound, local, nothing_changes

RECIPE = {"steps": ["flip", {"step": "rotate", "degrees": 12}], "seed": 11, "multiplier": 3}
SPLITS = {"train": 0.5, "valid": 0.25, "test": 0.25}


@pytest.fixture
def cells(ws: rf.Workspace) -> rf.Dataset:
    dataset = ws.create_dataset("blood cells")
    dataset.import_(BLOOD_CELLS)
    return dataset


@pytest.fixture
def version(cells: rf.Dataset) -> rf.Version:
    return cells.generate(RECIPE, splits=SPLITS, name="first", note="for <tests>")


def boxes_of(items: Any) -> dict[str, list[tuple[str, tuple[float, ...]]]]:
    """Labels and boxes by the stem of the file name."""
    return {Path(item.filename).stem: sorted((a.label, a.shape.bounds()) for a in item.annotations) for item in items}


# real data


@BOTH_WAYS
def test_only_training_images_are_augmented(version: rf.Version, cells: rf.Dataset) -> None:
    assert (version.number, version.name, version.note) == (1, "first", "for <tests>")
    assert dict(version.counts) == {
        "images": 96, "annotations": version.counts["annotations"], "train": 72, "valid": 12, "test": 12,
        "augmented": 48,
    }  # fmt: skip
    copies: Counter[tuple[str, int]] = Counter()
    originals = boxes_of(cells)
    for frame in version:
        assert frame.split is not None
        copies[frame.split, frame.info.copy] += 1
        if frame.info.copy == 0:
            assert boxes_of([frame]) == {Path(frame.filename).stem: originals[Path(frame.filename).stem]}
            assert frame.info.sha256 == cells[frame.filename]._info.sha256, "an unchanged image keeps its own file"
    assert copies == {("train", 0): 24, ("train", 1): 24, ("train", 2): 24, ("valid", 0): 12, ("test", 0): 12}
    assert {image.split for image in cells} == {image.split for image in cells.images()}, "the dataset is as it was"


@pytest.mark.parametrize("format", ["yolo", "coco", "voc"])
@BOTH_WAYS
def test_a_version_comes_through_every_format(
    ws: rf.Workspace, version: rf.Version, format: str, tmp_path: Path
) -> None:
    report = version.export(format, tmp_path)
    assert report.path.name == f"blood-cells-v1-{format}.zip" and report.counts["images"] == 96
    assert version.export(format, tmp_path / "again.zip").path.read_bytes() == report.path.read_bytes()
    back = ws.create_dataset("back")
    back.import_(report.path)
    assert Counter(image.split for image in back) == {"train": 72, "valid": 12, "test": 12}
    found, meant = boxes_of(back), boxes_of(version)
    assert set(found) == set(meant)
    for name, drawn in meant.items():
        assert [label for label, _ in found[name]] == [label for label, _ in drawn]
        left = [np.array(box) for _, box in found[name]]
        for _, box in drawn:
            distances = [np.abs(each - box).max() for each in left]
            nearest = int(np.argmin(distances))
            assert distances[nearest] <= 0.5, (format, name)
            left.pop(nearest)


def test_polygons_stay_polygons_and_within_their_picture(ws: rf.Workspace, tmp_path: Path) -> None:
    dataset = ws.create_dataset("nuclei")
    folder = tmp_path / "nuclei"
    folder.mkdir()
    for path in (NUCLEI / "images").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "instances.json").write_bytes((NUCLEI / "instances_polygons.json").read_bytes())
    dataset.import_(folder)
    version = dataset.generate([{"step": "rotate", "degrees": 30}, "flip"])
    kinds = Counter(a.shape.kind for frame in version for a in frame.annotations)
    assert set(kinds) == {"polygon"} and version.counts["augmented"] == 56
    assert {frame.info.media_type for frame in version} == {"image/png"}, "what came without loss stays so"
    assert_sound(ws)


# the same again


@BOTH_WAYS
def test_a_version_rebuilt_is_the_same(version: rf.Version) -> None:
    report = version.rebuild()
    assert report.same and report.images == 96 and bool(report)
    assert str(report) == "Rebuilt 96 images: byte for byte the same"


def test_a_version_rebuilt_in_another_process_is_the_same(ws: rf.Workspace, version: rf.Version) -> None:
    home = local(ws).installation.settings.data_dir
    code = f"""
import jupyter_roboflow as rf
with rf.connect(data_dir={str(home)!r}, progress=False) as ws:
    version = ws.dataset("blood cells").version(1)
    print(version.rebuild())
    print(ws.dataset("blood cells").generate(version.recipe, splits={SPLITS!r}).content_hash)
"""
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["Rebuilt 96 images: byte for byte the same", version.content_hash]


def test_a_version_does_not_change_with_its_dataset_and_can_still_be_rebuilt(
    ws: rf.Workspace, cells: rf.Dataset, version: rf.Version
) -> None:
    before = boxes_of(version)
    cells.images().delete()
    cells.delete_label("Platelets")
    assert boxes_of(version) == before and version.rebuild().same
    store = local(ws).installation.store
    lost = [frame.info.sha256 for frame in version if frame.info.copy]
    for sha256 in lost:
        store.delete(blob_key(sha256))
    assert version.rebuild().same
    for frame in version:
        assert frame.pixels().shape == (480, 640, 3)
    assert_sound(ws)


def test_the_same_recipe_gives_the_same_content_in_another_installation(version: rf.Version, tmp_path: Path) -> None:
    with rf.connect(data_dir=tmp_path / "other", progress=False) as other:
        dataset = other.create_dataset("other name")
        dataset.import_(BLOOD_CELLS)
        assert dataset.generate(RECIPE, splits=SPLITS).content_hash == version.content_hash
        assert dataset.generate({**RECIPE, "seed": 12}, splits=SPLITS).content_hash != version.content_hash


def test_a_mosaic_is_rebuilt_from_the_same_companions(cells: rf.Dataset) -> None:
    cells.images()[5].tag("night")
    steps = [{"step": "filter_by_tag", "exclude": ["night"]}, {"step": "resize", "width": 160, "height": 120}, "mosaic"]
    version = cells.generate(steps)
    assert version.counts["augmented"] > 15
    sources = {a.id for frame in version if frame.info.copy == 1 for a in frame.annotations}
    own = {a.id for image in cells for a in image.annotations}
    assert sources <= own
    assert version.rebuild().same


# differences


@BOTH_WAYS
def test_diff_names_what_was_added_removed_and_changed(cells: rf.Dataset) -> None:
    first = cells.generate([])
    image = next(iter(cells))
    drawn = image.annotations
    moved = rf.Annotation(rf.BBox(1, 2, 30, 40), drawn[0].label, id=drawn[0].id)
    image.save([moved, *drawn[2:], rf.Annotation(rf.BBox(5, 5, 9, 9), "WBC")])
    cells.upload(picture(1))
    new = cells.images(state="unlabeled")[0]
    new.save([], state="empty")
    gone = cells.images()[3]
    gone_count = len(gone.annotations)
    gone_name = gone.filename
    gone.delete()
    cells.add_label("Blast", "#112233")
    cells.recolor_label("WBC", "#000001")
    second = cells.generate([])
    diff = first.diff(second)
    assert diff.images.added == (new.filename,) and diff.images.removed == (gone_name,) and not diff.images.changed
    assert diff.labels.added == ("Blast",) and diff.labels.changed == ("WBC",) and not diff.labels.removed
    assert dict(diff.annotations) == {"added": 1, "removed": 1 + gone_count, "changed": 1}
    assert not diff.same_content and not diff.recipe_changed
    assert "1 added, 1 removed, 0 changed" in str(diff)
    back = second.diff(first)
    assert back.images.added == (gone_name,) and back.annotations["added"] == 1 + gone_count
    assert first.diff(first).same_content and str(first.diff(first)) == "the same content"


# lists, numbers, deleting


@BOTH_WAYS
def test_numbers_are_given_out_once(cells: rf.Dataset) -> None:
    first, second = cells.generate([]), cells.generate(["grayscale"])
    assert [v.number for v in cells.versions()] == [2, 1] and cells.version(1).id == first.id
    second.delete()
    assert [v.number for v in cells.versions()] == [1]
    assert cells.generate([]).number == 3
    with pytest.raises(rf.NotFound, match="no version 2"):
        cells.version(2)
    with pytest.raises(rf.NotFound):
        second.rebuild()


@BOTH_WAYS
def test_exports_of_a_deleted_version_go_with_it(cells: rf.Dataset, version: rf.Version) -> None:
    backend = cells._backend
    export = backend.wait(backend.start_export(cells.id, "coco", version=version.id).id).result or {}
    kept = backend.wait(backend.start_export(cells.id, "coco").id).result or {}
    assert backend.get_export(export["export_id"]).filename == "blood-cells-v1-coco.zip"
    version.delete()
    assert [each.id for each in backend.exports(cells.id)] == [kept["export_id"]]


def test_labels_are_changed_in_the_version_only(cells: rf.Dataset) -> None:
    before = cells.labels
    steps = [{"step": "modify_classes", "rename": {"RBC": "cell", "WBC": "cell"}, "drop": ["Platelets"]}]
    version = cells.generate(steps)
    assert [(label.name, label.index) for label in version.labels] == [("cell", 0)]
    assert {a.label for frame in version for a in frame.annotations} == {"cell"}
    assert cells.labels == before
    assert any(loss["why"] == "label left out of this version" for loss in version.losses)


def test_a_version_shows_what_it_is(version: rf.Version) -> None:
    assert "v1 – first: 96 images (72 train, 12 valid, 12 test; 48 augmented)" in str(version)
    html = version._repr_html_()
    assert html.count("<img") == 12 and "for &lt;tests&gt;" in html and "rotate" in html
    assert repr(version) == f"<Version v1 – first: 96 images, {version.content_hash[:12]}>"
    assert version.recipe == rf.Recipe.from_dict(RECIPE)


# bad input


@pytest.mark.parametrize(
    ("recipe", "options", "code"),
    [
        (["no such step"], {}, "unknown_step"),
        ({"steps": ["flip"], "multiplier": 1000}, {}, "bad_multiplier"),
        ({"steps": ["flip"], "multiplier": 0}, {}, "bad_multiplier"),
        ([{"step": "rotate", "degrees": 1e9}], {}, "bad_parameter"),
        ([{"step": "filter_by_tag", "require": ["nobody has it"]}], {}, "no_images"),
        ([], {"splits": {"train": 0.5}}, "bad_fractions"),
        ([], {"splits": {"training": 1.0}}, "bad_split"),
        ([], {"on_error": "ignore"}, "bad_option"),
        ([], {"quality": 5}, "bad_option"),
        ([], {"name": "\x00"}, "bad_unicode"),
        ([], {"note": "x" * 20_000}, "note_too_long"),
        ([], {"note": "\x00"}, "bad_unicode"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    ws: rf.Workspace, cells: rf.Dataset, recipe: Any, options: dict[str, Any], code: str
) -> None:
    with nothing_changes(ws), pytest.raises(rf.Invalid) as caught:
        cells.generate(recipe, **options)
    assert caught.value.code == code


def test_a_picture_over_the_cap_after_a_resize_is_refused_or_left_out_as_the_person_chose(ws: rf.Workspace) -> None:
    dataset = ws.create_dataset("small")
    dataset.upload([picture(1, 40, 30), picture(2, 400, 2)])
    wide = [{"step": "resize", "width": 32_000, "height": 32_000, "mode": "fit", "upscale": True}]
    with pytest.raises(rf.TooLarge, match=r"resize would make a picture of 32,000 × 24,000") as caught:
        dataset.generate(wide, include_unlabeled=True)
    assert caught.value.code == "image_too_large" and dataset.versions() == []
    version = dataset.generate(wide, include_unlabeled=True, on_error="skip")
    assert [frame.pixels().shape for frame in version] == [(160, 32_000, 3)]
    assert [entry["code"] for entry in version.refused] == ["image_too_large"]
    assert_sound(ws)


def test_who_loses_access_while_a_version_is_made_does_not_see_it_job_027(ws: rf.Workspace, cells: rf.Dataset) -> None:
    guest = Guest(ws, cells, DatasetRole.ADMIN)
    eve = guest.backend
    with pytest.raises(rf.NotFound):
        eve.create_version(cells.id, RECIPE, on_progress=guest.shut_out)
    assert guest.is_out
    for made in cells.versions():
        for look in (eve.get_version, eve.version_examples, lambda key: eve.version_image_bytes(key, 1)):
            with pytest.raises(rf.NotFound):
                list(look(made.id))  # pyright: ignore[reportArgumentType, reportCallIssue]
    assert_sound(ws)


def test_a_dataset_without_anything_to_freeze_says_so(ws: rf.Workspace) -> None:
    dataset = ws.create_dataset("nothing")
    with pytest.raises(rf.Invalid) as caught:
        dataset.generate(["flip"])
    assert caught.value.code == "no_images"
    dataset.upload(picture(1))
    with pytest.raises(rf.Invalid):
        dataset.generate(["flip"])
    assert len(dataset.generate(["flip"], include_unlabeled=True)) >= 1


def test_a_picture_of_one_pixel_and_a_turned_one_are_frozen(ws: rf.Workspace, tmp_path: Path) -> None:
    from PIL import Image as Pillow

    dataset = ws.create_dataset("odd")
    exif = Pillow.Exif()
    exif[0x0112] = 6
    picture(1, 40, 30).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    Pillow.new("RGB", (1, 1), (9, 8, 7)).save(tmp_path / "one.png")
    picture(3, 50, 20).convert("L").save(tmp_path / "grey.png")
    picture(4, 30, 20).convert("RGBA").save(tmp_path / "clear.webp", lossless=True)
    dataset.upload([tmp_path / name for name in ("turned.jpg", "one.png", "grey.png", "clear.webp")])
    version = dataset.generate(["flip", {"step": "rotate", "degrees": 20}], include_unlabeled=True)
    by_name = {frame.filename: frame for frame in version}
    turned = by_name["turned.jpg"]
    assert turned.pixels().shape == (40, 30, 3)
    assert turned.info.sha256 != dataset["turned.jpg"]._info.sha256, "its pixels are upright for those who ignore EXIF"
    assert by_name["one.png"].pixels().tolist() == [[[9, 8, 7]]]
    assert by_name["clear.webp"].pixels().shape == (20, 30, 3)
    assert version.rebuild().same
    assert_sound(ws)


# the shell


def test_versions_from_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROBOFLOW_DATA_DIR", str(tmp_path / "home"))
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(rf.Recipe.from_dict(RECIPE).to_yaml())
    assert main(["import", str(BLOOD_CELLS), "--dataset", "cells", "--json"]) == 0
    assert main(["generate", "cells", "--recipe", str(recipe), "--version-name", "one", "--no-progress"]) == 0
    assert "v1 – one: 112 images" in capsys.readouterr().out
    assert main(["versions", "cells", "--json"]) == 0
    [listed] = json.loads(capsys.readouterr().out)
    assert (listed["number"], listed["counts"]["images"]) == (1, 112)
    recipe.write_text("steps: [nothing of that kind]")
    assert main(["generate", "cells", "--recipe", str(recipe)]) == 1
    assert "unknown_step" in capsys.readouterr().err
    assert main(["generate", "cells", "--recipe", str(tmp_path / "none.yaml")]) == 1
    assert main(["check", "--deep"]) == 0
