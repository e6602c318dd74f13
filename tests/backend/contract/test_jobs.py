"""Imports and exports, and the jobs that do them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.backend import Backend
from jupyter_roboflow.domain.dataset import Image
from jupyter_roboflow.domain.job import JobState

from .conftest import write_pictures


def coco(folder: Path, images: int = 2, first: int = 0) -> Path:
    """A folder in COCO: every picture has one box."""
    paths = write_pictures(folder / "images", images, first)
    listed = [
        {"id": n, "file_name": path.name, "width": 40 + n - 1 + first, "height": 30} for n, path in enumerate(paths, 1)
    ]
    drawn = [{"id": n, "image_id": n, "category_id": 1, "bbox": [1, 2, 10, 12]} for n in range(1, images + 1)]
    text = {"images": listed, "annotations": drawn, "categories": [{"id": 1, "name": "cat"}]}
    (folder / "instances.json").write_text(json.dumps(text))
    return folder


def run_import(backend: Backend, dataset: int, path: Path, **more: Any) -> dict[str, object]:
    job = backend.wait(backend.start_import(dataset, path, **more).id)
    assert job.state is JobState.SUCCEEDED and job.progress == 100
    return dict((job.result or {})["counts"])


def test_a_folder_is_imported_and_again_changes_nothing(backend: Backend, dataset: int, tmp_path: Path) -> None:
    source = coco(tmp_path / "cats")
    moves: list[float] = []
    job = backend.start_import(dataset, source, None, None, lambda done, total, message: moves.append(done / total))
    result = backend.wait(job.id, lambda done, total, message: moves.append(done / total)).result or {}
    assert (result["format"], result["counts"]["images_added"], result["counts"]["annotations_added"]) == ("coco", 2, 2)
    assert moves and all(0 <= move <= 1 for move in moves)
    counts = run_import(backend, dataset, source, format="coco", options={"existing": "merge"})
    assert (counts["images_added"], counts["images_known"], counts["annotations_added"]) == (0, 2, 0)
    assert [label.name for label in backend.labels(dataset)] == ["cat"]
    for image, (annotation,) in backend.examples(dataset):
        assert annotation.shape == rf.BBox(1, 2, 10, 12) and image.state == "labeled"


def test_a_zip_is_imported(backend: Backend, dataset: int, tmp_path: Path) -> None:
    folder = coco(tmp_path / "cats")
    with zipfile.ZipFile(tmp_path / "cats.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    assert run_import(backend, dataset, tmp_path / "cats.zip")["images_added"] == 2


def test_a_coco_file_by_itself_brings_in_what_it_lists(backend: Backend, dataset: int, tmp_path: Path) -> None:
    folder = coco(tmp_path / "cats")
    write_pictures(folder / "images", 1, first=7)
    assert run_import(backend, dataset, folder / "instances.json")["images_added"] == 2
    assert [image.filename for image in backend.images(dataset).items] == ["picture-000.png", "picture-001.png"]


def test_a_broken_import_says_where_and_changes_nothing(backend: Backend, dataset: int, tmp_path: Path) -> None:
    source = coco(tmp_path / "cats")
    text = (source / "instances.json").read_text().replace('"image_id": 2', '"image_id": 77')
    (source / "instances.json").write_text(text)
    with pytest.raises(rf.UnreadableDataset, match=r"instances\.json") as refused:
        run_import(backend, dataset, source)
    assert type(refused.value) is rf.UnreadableDataset
    assert backend.get_dataset(dataset).image_count == 0 and backend.labels(dataset) == ()
    (job,) = backend.jobs(dataset).items
    assert job.state is JobState.FAILED and (job.error or {})["code"] == refused.value.code


@pytest.mark.parametrize("format", ["coco", "yolo", "voc"])
def test_an_export_comes_back_as_it_went(
    backend: Backend, dataset: int, three: list[Image], tmp_path: Path, format: str
) -> None:
    for number, image in enumerate(three):
        backend.save_annotations(image.id, [rf.Annotation(rf.BBox(2, 3, 10 + number, 12), "cat")], 0)
    (tmp_path / "out").mkdir()
    made = backend.export_to(dataset, format, tmp_path / "out", {"include_unlabeled": True})
    assert made.path.parent == tmp_path / "out" and made.size == made.path.stat().st_size
    assert made.counts["images"] == 3 and made.counts["annotations"] == 3
    assert list((tmp_path / "out").iterdir()) == [made.path]
    other = backend.create_dataset(f"{backend.get_dataset(dataset).name} back").id
    assert run_import(backend, other, made.path)["annotations_added"] == 3
    assert _sides(backend, other) == pytest.approx(_sides(backend, dataset), abs=0.01)
    assert made.path.name == f"{made.path.stem}.zip" and format in made.path.name


def _sides(backend: Backend, dataset: int) -> list[float]:
    """x0, y0, x1, y1 of every box, one after another."""
    return [side for _, drawn in backend.examples(dataset) for box in drawn for side in box.shape.bounds()]


def test_a_kept_export_is_downloaded_whole_or_not_at_all(
    backend: Backend, dataset: int, three: list[Image], tmp_path: Path
) -> None:
    job = backend.wait(backend.start_export(dataset, "coco", {"include_unlabeled": True}).id)
    (export,) = backend.exports(dataset)
    assert (job.result or {})["export_id"] == export.id and backend.get_export(export.id) == export
    path = backend.save_export(export.id, tmp_path / "mine.zip")
    assert path == tmp_path / "mine.zip" and path.stat().st_size == export.size
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    with pytest.raises(rf.Invalid) as refused:
        backend.save_export(export.id, tmp_path / "none" / "mine.zip")
    assert refused.value.code == "no_such_folder"
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["mine.zip"]


def test_jobs_are_listed_newest_first_and_cancelled(backend: Backend, dataset: int, three: list[Image]) -> None:
    started = [backend.wait(backend.start_export(dataset, "coco").id).id for _ in range(3)]
    page = backend.jobs(dataset, page=1, limit=2)
    assert [job.id for job in page.items] == started[:0:-1] and page.total == 3
    assert backend.jobs(limit=1).items[0].id == started[-1]
    job = backend.job(started[0])
    assert (job.kind, job.dataset_id, job.user_id) == ("export", dataset, backend.user.id)
    assert job.finished_at is not None and job.error is None
    backend.cancel_job(job.id)  # it is over: nothing happens
    assert backend.job(job.id).state is JobState.SUCCEEDED
