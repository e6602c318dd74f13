"""Datasets that come and go as one file over HTTP are those that the library reads and writes."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.storage.files import IMPORTS
from jupyter_roboflow.storage.orphans import collect_orphans
from tests.server.bytes_place import BytesPlace, body, part

pytestmark = pytest.mark.xdist_group("bytes")

FORMATS = ("coco", "yolo", "voc")


@pytest.fixture(scope="module")
def drawn(place: BytesPlace) -> int:
    """A dataset with boxes, splits, and an image with nothing in it."""
    dataset = place.dataset()
    place.upload(dataset, [(f"{number}.png", place.picture()) for number in range(9)])
    place.local.add_label(dataset, "cell")
    place.local.add_label(dataset, "Kern – 猫")
    for number, image in enumerate(place.local.images(dataset).items[:8]):
        label = "cell" if number % 2 else "Kern – 猫"
        boxes = [rf.Annotation(rf.BBox(1 + i, 2, 5.25, 6.5), label) for i in range(number)]
        place.local.save_annotations(image.id, boxes, 0, state=None if boxes else ImageState.EMPTY)
    place.local.split_images(dataset, {Split.TRAIN: 0.5, Split.VALID: 0.25, Split.TEST: 0.25})
    return dataset


def exported(place: BytesPlace, dataset: int, format: str) -> bytes:
    return place.api.get(f"exports/{place.exported(dataset, format=format)}/file").content


def sent(place: BytesPlace, dataset: int, data: bytes, name: str = "cells.zip", **fields: Any) -> httpx.Response:
    return place.api.post(f"datasets/{dataset}/import", files={"file": (name, data)}, data=fields)


def imported(place: BytesPlace, dataset: int, data: bytes, name: str = "cells.zip", **fields: Any) -> dict[str, Any]:
    """The job of an import once it is over."""
    answer = sent(place, dataset, data, name, **fields)
    assert answer.status_code == 202, answer.text
    job = place.finished(answer.json()["job_id"])
    assert list(place.local.installation.store.list(IMPORTS)) == []
    return job


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_has_the_same_bytes_as_one_of_the_library(
    place: BytesPlace, drawn: int, tmp_path: Path, format: str
) -> None:
    made = place.local.export_to(drawn, format, tmp_path / "library.zip")
    assert exported(place, drawn, format) == made.path.read_bytes()


def dated(folder: Path, dataset: int) -> None:
    """Exports tell when a dataset was changed; for two that are compared it is the same moment."""
    with closing(sqlite3.connect(folder / "roboflow.db", timeout=20)) as db, db:
        columns = [str(column[1]) for column in db.execute("PRAGMA table_info(datasets)")]
        assert "changed_at" in columns
        db.execute("UPDATE datasets SET changed_at = '2026-01-02 03:04:05.000000', name = 'x' WHERE id = ?", (dataset,))


@pytest.mark.parametrize("format", FORMATS)
def test_an_import_gives_the_same_dataset_as_one_of_the_library(
    place: BytesPlace, drawn: int, tmp_path: Path, format: str
) -> None:
    data, dataset = exported(place, drawn, format), place.dataset()
    job = imported(place, dataset, data, format=format)
    assert job["state"] == "succeeded", job
    (tmp_path / "cells.zip").write_bytes(data)
    with rf.connect(data_dir=tmp_path / "library") as ws:
        other = ws.create_dataset("other")
        report = other.import_(tmp_path / "cells.zip", format=format)
        assert dict(report.counts) == job["result"]["counts"]
        dated(tmp_path / "library", other.id)
        other.export("coco", tmp_path / "library.zip", include_unlabeled=True)
    dated(place.folder, dataset)
    export = place.exported(dataset, options={"include_unlabeled": True})
    assert place.api.get(f"exports/{export}/file").content == (tmp_path / "library.zip").read_bytes()
    with closing(sqlite3.connect(place.folder / "roboflow.db", timeout=20)) as db, db:
        db.execute("UPDATE datasets SET name = ? WHERE id = ?", (f"compared {dataset}", dataset))


def test_a_coco_file_alone_annotates_images_that_are_there(place: BytesPlace) -> None:
    dataset = place.dataset()
    place.upload(dataset, [("a.png", place.picture())])
    boxes = [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5], "area": 25, "iscrowd": 0}]
    coco = {
        "images": [{"id": 1, "file_name": "a.png", "width": 30, "height": 20}],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": boxes,
    }
    job = imported(place, dataset, json.dumps(coco).encode(), "labels.json")
    assert job["state"] == "succeeded" and job["result"]["counts"]["annotations_added"] == 1, job


def test_a_preview_tells_what_an_import_would_do_and_does_nothing(place: BytesPlace, drawn: int) -> None:
    dataset, data = place.dataset(), exported(place, drawn, "yolo")
    answer = place.api.post(f"datasets/{dataset}/import/preview", files={"file": ("a.zip", data)})
    told = answer.json()
    assert answer.status_code == 200 and told["format"] == "yolo" and told["complete"]
    assert told["counts"] == {"images": 8, "pictures": 8, "annotations": 28, "labels": 2}
    assert set(told["labels"]) == {"cell", "Kern – 猫"}
    assert place.count(dataset) == 0 and place.leftovers() == []
    assert place.api.get("jobs", params={"dataset_id": dataset}).json()["total"] == 0


# what is refused, and what answers never tell


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def assert_tells_no_paths(place: BytesPlace, told: str) -> None:
    """ACL-022"""
    for secret in (str(place.folder), f"{os.sep}work{os.sep}", IMPORTS, "Traceback", "job-"):
        assert secret not in told, told


@pytest.mark.parametrize(
    "name, data, code",
    [
        ("cells.zip", b"PK\x03\x04 cut off", "archive_corrupt"),
        ("cells.zip", zipped(a=b"b"), "unknown_format"),
        ("cells.rar", b"Rar!", "not_a_dataset"),
        ("cells.json", b"{}", None),
        ("cells.json", b"[1, 2", None),
        ("../../cells.zip", b"no zip", "archive_corrupt"),
        ("evil/..\\..\\name.zip", b"no zip", "archive_corrupt"),
        ("x" * 200 + ".zip", b"no zip", "archive_corrupt"),
        ("..", b"no zip", "not_a_dataset"),
    ],
)
def test_a_file_that_is_no_dataset_fails_with_a_reason_and_without_a_path(
    place: BytesPlace, name: str, data: bytes, code: str | None
) -> None:
    dataset = place.dataset()
    preview = place.api.post(f"datasets/{dataset}/import/preview", files={"file": (name, data)})
    assert preview.status_code == 422, preview.text
    assert_tells_no_paths(place, preview.text)
    job = imported(place, dataset, data, name)
    assert job["state"] == "failed"
    assert code is None or job["error"]["code"] == code == preview.json()["error"]["code"], job
    assert_tells_no_paths(place, json.dumps(job))
    assert_tells_no_paths(place, place.api.get("jobs", params={"dataset_id": dataset}).text)
    assert place.count(dataset) == 0


@pytest.mark.parametrize(
    "fields, code",
    [
        ({"format": "pickle"}, "unknown_format"),
        ({"format": "coco", "options": "{"}, "invalid_field"),
        ({"format": "coco", "options": "[]"}, "invalid_field"),
        ({"format": "coco", "options": '{"no": 1}'}, "unknown_option"),
        ({"path": "/etc"}, "unknown_field"),
        ({"upload": "imports/x.zip"}, "unknown_field"),
    ],
)
def test_fields_that_cannot_be_are_refused_at_once(place: BytesPlace, fields: dict[str, str], code: str) -> None:
    dataset = place.dataset()
    for path in ("import", "import/preview"):
        answer = place.api.post(f"datasets/{dataset}/{path}", files={"file": ("a.zip", zipped())}, data=fields)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code), answer.text
    assert place.leftovers() == []


def test_a_path_on_the_server_is_never_read(place: BytesPlace, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    dataset = place.dataset()
    for asked in ({"path": str(tmp_path)}, {"path": str(tmp_path / "secret.json"), "format": "coco"}):
        answer = place.api.post(f"datasets/{dataset}/import", json=asked)
        assert answer.status_code == 415
    two = body(*[part('Content-Disposition: form-data; name="file"; filename="a.zip"', b"x")] * 2)
    assert place.api.post(f"datasets/{dataset}/import", **two).status_code == 413
    assert place.api.get("jobs", params={"dataset_id": dataset}).json()["total"] == 0


def test_the_jobs_of_the_library_tell_no_paths_either(place: BytesPlace, drawn: int, tmp_path: Path) -> None:
    """ACL-022"""
    place.local.export_to(drawn, "coco", tmp_path / "here.zip")
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    with pytest.raises(rf.RoboflowError):
        place.local.wait(place.local.start_import(drawn, tmp_path / "broken.zip").id)
    told = place.api.get("jobs", params={"dataset_id": drawn}).text
    assert "broken.zip is damaged" in told and str(tmp_path) not in told


def test_what_was_sent_for_a_job_that_never_ran_is_collected(place: BytesPlace) -> None:
    here = place.local.installation
    spare = here.store.temp_dir() / "spare"
    spare.write_bytes(b"x")
    lost = here.store.put_import(spare, ".zip")
    spare.write_bytes(b"x")
    wanted = here.store.put_import(spare, ".zip")
    with here.database.write() as conn:
        values = ("import", place.local.user.id, json.dumps({"upload": wanted, "filename": "a.zip"}))
        conn.exec_driver_sql(
            "INSERT INTO jobs (kind, user_id, params, state, progress, message, attempt, max_attempts, "
            "cancel_requested, created_at, lease_owner, lease_until) VALUES (?, ?, ?, 'running', 0, '', 1, 3, 0, "
            "'2026-01-01 00:00:00', 'somebody', '2999-01-01 00:00:00')",
            values,
        )
    from datetime import timedelta

    for _ in range(2):
        collect_orphans(here.database, here.store, timedelta(0))
    assert here.store.stat(lost) is None and here.store.stat(wanted) is not None
    with here.database.write() as conn:
        conn.exec_driver_sql("DELETE FROM jobs WHERE lease_owner = 'somebody'")
    here.store.delete(wanted)
