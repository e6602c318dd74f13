"""Versions go straight into training: arrays, tensors, detections, rows, each loaded when it is asked for."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.workspace.frames import Mapped, hf_rows
from tests.workspace.conftest import BLOOD_CELLS, BOTH_WAYS
from tests.workspace.loading import load_some

RECIPE = {"steps": ["flip", {"step": "rotate", "degrees": 12}], "seed": 11, "multiplier": 3}
SPLITS = {"train": 0.5, "valid": 0.25, "test": 0.25}


@pytest.fixture
def cells(ws: rf.Workspace) -> rf.Dataset:
    dataset = ws.create_dataset("blood cells")
    dataset.import_(BLOOD_CELLS)
    return dataset


@pytest.fixture
def version(cells: rf.Dataset) -> rf.Version:
    return cells.generate(RECIPE, splits=SPLITS)


@BOTH_WAYS
def test_arrays_are_loaded_one_by_one(version: rf.Version) -> None:
    train = version.numpy("train")
    assert len(train) == 72 and train.labels == ("WBC", "RBC", "Platelets")
    one = train[5]
    assert one["image"].shape == (480, 640, 3) and one["image"].dtype == np.uint8
    assert one["boxes"].shape == (len(one["classes"]), 4) and (one["boxes"][:, 2:] > one["boxes"][:, :2]).all()
    assert len(list(version.numpy("test"))) == 12 and train[-1]["filename"] == train[71]["filename"]
    with pytest.raises(IndexError):
        train[72]
    assert [frame.filename for frame in version.images("valid")[2:4]] == [
        version.images("valid")[i].filename for i in (2, 3)
    ]
    with pytest.raises(rf.Invalid, match="one of train, valid, test"):
        version.numpy("training")


def test_a_recipe_that_normalizes_gives_floats(cells: rf.Dataset) -> None:
    version = cells.generate(["normalize"])
    image = version.numpy()[0]["image"]
    assert image.dtype == np.float32 and image.shape == (480, 640, 3)


def test_supervision_takes_a_version(version: rf.Version) -> None:
    supervision = pytest.importorskip("supervision")
    found = version.to_supervision("train")
    assert isinstance(found, supervision.DetectionDataset) and len(found) == 72
    assert found.classes == ["WBC", "RBC", "Platelets"]
    name, image, detections = found[0]
    frame = version.images("train")[0]
    assert name == frame.filename
    np.testing.assert_array_equal(image[:, :, ::-1], frame.pixels())
    np.testing.assert_allclose(detections.xyxy, frame.boxes(), atol=1e-3)
    first, second = found.split(0.5, random_state=1)
    assert len(first) == len(second) == 36 and second[0][1].shape == (480, 640, 3)


@pytest.mark.parametrize(
    ("module", "method"), [("torch", "torch"), ("datasets", "to_hf"), ("supervision", "to_supervision")]
)
def test_a_missing_library_is_named_with_its_extra(
    version: rf.Version, module: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    extra = {"datasets": "hf"}.get(module, module)
    with pytest.raises(rf.Invalid, match=rf"jupyter-roboflow\[{extra}\]"):
        getattr(version, method)()


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where torch is not installed: arrays that stay arrays, the one thing of torch that is asked for."""
    try:
        import torch  # noqa: F401  # pyright: ignore[reportMissingImports, reportUnusedImport]
    except ImportError:
        stand_in = types.ModuleType("torch")
        stand_in.from_numpy = lambda array: array  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "torch", stand_in)


@pytest.mark.usefixtures("torch")
def test_a_version_is_a_map_style_dataset_for_torch(version: rf.Version) -> None:
    train = version.torch("train", transform=lambda pair: (pair[0] * 2, pair[1]))
    image, target = train[3]
    assert len(train) == 72 and tuple(image.shape) == (3, 480, 640)
    assert 1.0 < float(image.max()) <= 2.0
    assert tuple(target["boxes"].shape) == (len(target["labels"]), 4)
    assert set(np.asarray(target["labels"]).tolist()) <= {1, 2, 3}
    assert {"area", "iscrowd", "image_id"} < set(target)


def loaded_by_others(frames: Mapped[Any], start: str) -> list[Any]:
    """The first four pictures as two workers load them, two each."""
    context: Any = multiprocessing.get_context(start)
    found = context.Queue()
    workers = [context.Process(target=load_some, args=(frames, [2 * i, 2 * i + 1], found)) for i in range(2)]
    for worker in workers:
        worker.start()
    values = [value for _ in workers for value in found.get(timeout=240)]
    for worker in workers:
        worker.join(240)
        assert worker.exitcode == 0
    return sorted(values)


starts = pytest.mark.parametrize(
    "start", [way for way in ("fork", "spawn") if way in multiprocessing.get_all_start_methods()]
)


@starts
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_workers_that_load_data_see_the_same_pictures(version: rf.Version, start: str) -> None:
    train = version.numpy("train")
    here = sorted(float(train[i]["image"].mean()) for i in range(4))
    assert loaded_by_others(train, start) == here
    assert float(train[5]["image"].mean()) > 0, "and so does their parent afterwards"


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="nothing forks here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("ws", ["http"], indirect=True)
def test_a_forked_worker_may_not_use_the_connection_to_a_server(version: rf.Version) -> None:
    train = version.numpy("train")
    assert train[0]["image"].shape == (480, 640, 3)
    assert loaded_by_others(train, "fork") == ["not_local", "not_local"]
    with pytest.raises(rf.Invalid, match="num_workers=0"):
        pickle.dumps(train.frames)


@BOTH_WAYS
def test_hugging_face_takes_a_version(version: rf.Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets
    from datasets import config

    monkeypatch.setattr(config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
    found = version.to_hf()
    assert {name: len(part) for name, part in found.items()} == {"train": 72, "validation": 12, "test": 12}
    frame, row = version.images("train")[5], found["train"][5]
    np.testing.assert_array_equal(np.asarray(row["image"]), frame.pixels())
    assert (row["width"], row["height"], row["image_id"]) == (640, 480, frame.info.position)
    x, y, w, h = np.array(row["objects"]["bbox"]).T
    np.testing.assert_allclose(np.stack([x, y, x + w, y + h], axis=1), frame.boxes(), atol=1e-9)
    category = found["train"].features["objects"]["category"].feature
    assert [category.int2str(c) for c in row["objects"]["category"]] == [
        a.label for a in frame.annotations if a.shape.kind != "point"
    ]


def test_rows_for_hugging_face_have_boxes_as_x_y_w_h(version: rf.Version) -> None:
    row = next(iter(hf_rows(version.images("train"))))
    frame = version.images("train")[0]
    x0, y0, x1, y1 = frame.boxes()[0]
    assert row["objects"]["bbox"][0] == pytest.approx([x0, y0, x1 - x0, y1 - y0])
    assert row["image"]["bytes"] == frame.bytes() and row["objects"]["category"] == frame.classes().tolist()
