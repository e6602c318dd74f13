"""Long work that is cut off, crowded or starved: done once and whole, or not at all."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.domain.errors import JobCancelled
from jupyter_roboflow.domain.job import Job
from jupyter_roboflow.domain.user import DatasetRole, Role
from jupyter_roboflow.storage import users

from .conftest import write_pictures
from .datasets_on_disk import coco, coco_box, coco_files, coco_image, png, voc_files, write_folder
from .guest import Guest
from .invariants import assert_sound, local, nothing_changes, settings_of

BOX = rf.BBox(2, 3, 20, 10)
COUNT = 200


@pytest.fixture(autouse=True)
def sound(ws: rf.Workspace) -> Iterator[None]:
    yield
    assert_sound(ws)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A COCO dataset of 200 small pictures with a box each."""
    names = [f"p{n:03d}.png" for n in range(COUNT)]
    images = [coco_image(n, name, 16, 16) for n, name in enumerate(names, 1)]
    boxes = [coco_box(n, n, bbox=[1, 1, 5, 5]) for n in range(1, COUNT + 1)]
    files = coco_files(coco(*boxes, images=images), "x.png")
    del files["train/x.png"]
    return write_folder(tmp_path / "many", files | {f"train/{name}": png(n, 16, 16) for n, name in enumerate(names)})


@pytest.fixture
def ds(ws: rf.Workspace, tmp_path: Path) -> rf.Dataset:
    dataset = ws.create_dataset("cells")
    dataset.upload(write_pictures(tmp_path / "before", 2))
    dataset.add_label("cat")
    dataset["picture-000.png"].save([rf.Annotation(BOX, "cat")])
    return dataset


def last_job(ws: rf.Workspace, ds: rf.Dataset) -> Job:
    return local(ws).jobs(ds.id).items[0]


class Interrupts:
    """Ctrl+C, as a progress bar feels it, once enough was done."""

    def __init__(self, share: float) -> None:
        self.share, self.came = share, False

    def __call__(self, done: float, total: float, message: str) -> None:
        if total and done / total >= self.share:
            self.came = True
            raise KeyboardInterrupt


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 1.0], ids=["first", "checking", "writing", "last"])
def test_an_interrupted_import_leaves_the_dataset_as_it_was(
    ws: rf.Workspace, ds: rf.Dataset, many: Path, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_roboflow.jobs.kind._LISTENER_SECONDS", 0.0)
    interrupts = Interrupts(share)
    with nothing_changes(ws):
        with pytest.raises(KeyboardInterrupt):
            local(ws).start_import(ds.id, many, on_progress=interrupts)
        assert interrupts.came
    assert last_job(ws, ds).state == "cancelled"
    assert ds.import_(many).counts["annotations_added"] == COUNT


def test_an_interrupted_export_publishes_nothing(
    ws: rf.Workspace, ds: rf.Dataset, many: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ds.import_(many)
    monkeypatch.setattr("jupyter_roboflow.jobs.kind._LISTENER_SECONDS", 0.0)
    with nothing_changes(ws), pytest.raises(KeyboardInterrupt):
        local(ws).start_export(ds.id, "coco", on_progress=Interrupts(0.5))
    assert last_job(ws, ds).state == "cancelled"
    assert ds.export("coco", tmp_path / "out.zip").counts["images"] == COUNT + 1


def test_an_import_cancelled_from_another_thread_leaves_the_dataset_as_it_was(
    ws: rf.Workspace, ds: rf.Dataset, many: Path
) -> None:
    backend = local(ws)
    asked: list[threading.Thread] = []

    def cancel_soon(done: float, total: float, message: str) -> None:
        if not asked:
            asked.append(threading.Thread(target=lambda: backend.cancel_job(last_job(ws, ds).id)))
            asked[0].start()
            asked[0].join(5)
        time.sleep(0.3)  # for a heartbeat that hears of it

    slow = rf.connect(data_dir=settings_of(ws).data_dir, progress=False, heartbeat_seconds=0.1)
    with slow, nothing_changes(ws):
        job = local(slow).start_import(ds.id, many, on_progress=cancel_soon)
        asked[0].join()
        assert job.state == "cancelled"
        with pytest.raises(JobCancelled):
            local(slow).wait(job.id)


def test_an_interrupted_upload_keeps_whole_batches_and_nothing_else(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path
) -> None:
    paths = write_pictures(tmp_path / "more", 150)
    before = len(ds)

    def interrupt(done: float, total: float, message: str) -> None:
        if done >= 128:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        local(ws).upload(ds.id, paths, on_progress=interrupt)
    added = {image.filename for image in ds}
    assert added == {path.name for path in paths[:128]} and len(ds) == 128 > before
    rows = [row for row in local(ws).audit(ds.id).items if row["action"] == "upload"]
    assert len(rows) == 3, "one row for what was there before and one for each whole batch"
    assert_sound(ws)
    assert len(ds.upload(paths).added) == 22


@pytest.mark.parametrize("role", ["viewer", "annotator", None])
def test_who_may_not_import_makes_no_job_and_learns_nothing_imp_050(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, role: str | None
) -> None:
    source = write_folder(tmp_path / "source", voc_files())
    backend = local(ws)
    with backend.installation.database.write() as conn:
        other = backend.acting_as(users.create(conn, "eve", Role.ANNOTATOR))
    if role:
        ds.share("eve", role)
    jobs = backend.jobs(ds.id).total
    with nothing_changes(ws):
        for path in (source, tmp_path / "not-there"):
            with pytest.raises(rf.NotAllowed if role else rf.NotFound) as refused:
                other.start_import(ds.id, path)
            assert refused.value.code in ("not_allowed", "not_found")
    assert backend.jobs(ds.id).total == jobs


def test_who_loses_access_while_the_job_runs_gets_no_download_job_027(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path
) -> None:
    guest = Guest(ws, ds, DatasetRole.VIEWER)
    eve = guest.backend
    with pytest.raises(rf.NotFound):
        eve.start_export(ds.id, "coco", on_progress=guest.shut_out)
    job = local(ws).job(1)
    assert guest.is_out and job.state == "succeeded" and job.result is not None
    for call in (eve.get_export, lambda key: eve.save_export(key, tmp_path / "stolen.zip")):
        with pytest.raises(rf.NotFound):
            call(job.result["export_id"])
    with pytest.raises(rf.NotFound):
        eve.job(job.id)
    assert not (tmp_path / "stolen.zip").exists()


def test_an_export_is_of_one_state_however_the_dataset_changes_meanwhile_job_025(
    ws: rf.Workspace, ds: rf.Dataset, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ds.import_(many)
    images = list(ds)
    plain = local(ws).get_export((local(ws).start_export(ds.id, "coco").result or {})["export_id"]).sha256
    changed: list[bool] = []
    with rf.connect(data_dir=settings_of(ws).data_dir, progress=False) as other:
        theirs = other.dataset("cells")

        def change(done: float, total: float, message: str) -> None:
            if done and not changed:
                changed.append(True)
                theirs[images[-1].id].save([])
                theirs.rename_label("cat", "lion")
                theirs.images(name="p150").delete()

        job = local(ws).start_export(ds.id, "coco", on_progress=change)
    assert changed and job.result is not None and job.state == "succeeded"
    export = local(ws).get_export(job.result["export_id"])
    assert export.counts == {"images": COUNT + 1, "annotations": COUNT + 1} and export.sha256 == plain
    assert len(ds) == COUNT + 1 and "lion" in {label.name for label in ds.labels}


def test_two_processes_save_at_once_and_lose_nothing(ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path) -> None:
    image = ds["picture-001.png"].id
    code = textwrap.dedent("""
        import sys
        import jupyter_roboflow as rf
        home, image, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        with rf.connect(data_dir=home, progress=False) as ws:
            ds = ws.dataset("cells")
            print("ready", flush=True)
            sys.stdin.readline()
            for turn in range(20):
                while True:
                    one = ds[image]
                    try:
                        one.save([*one.annotations, rf.Annotation(rf.BBox(number, turn, 5, 5), "cat")])
                    except rf.Conflict:
                        continue
                    break
    """)
    command = [sys.executable, "-c", code, str(settings_of(ws).data_dir), str(image)]
    workers = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for number in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None and worker.stdout.readline() == b"ready\n"
    assert [worker.communicate(b"\n", timeout=300) and worker.returncode for worker in workers] == [0, 0]
    found = {a.shape.bounds()[:2] for a in ds[image].annotations}
    assert found == {(float(n), float(turn)) for n in range(2) for turn in range(20)}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("where", ["the work folder", "the caller's own folder"])
def test_a_full_disk_fails_the_export_and_nothing_else_job_015(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, small_disk: Path, where: str
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (8, 400, 400, 3), dtype=np.uint8)
    ds.upload(list(noise))
    own = small_disk / "out.zip"
    if where == "the work folder":
        (tmp_path / "home" / "work").symlink_to(small_disk)

    def export(**options: bool) -> Any:
        if where == "the caller's own folder":
            return ds.export("coco", own, **options).counts["images"]
        job = local(ws).wait(local(ws).start_export(ds.id, "coco", options).id)
        return (job.result or {})["counts"]["images"]

    with nothing_changes(ws), pytest.raises(rf.RoboflowError) as refused:
        export(include_unlabeled=True)
    assert refused.value.code == "disk_full" and "free some space" in refused.value.message
    assert list(small_disk.iterdir()) == []
    assert ds["picture-001.png"].save([rf.Annotation(BOX, "cat")]).state == "labeled"
    assert export(images=False) == 2
    own.unlink(missing_ok=True)
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    assert export(include_unlabeled=True) == 10
    own.unlink(missing_ok=True)


@pytest.mark.parametrize("output", ["no/such/folder/x.zip", "x" * 300 + ".zip", "nul\0.zip"])
def test_an_export_to_a_place_that_cannot_be_leaves_nothing(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, output: str
) -> None:
    (tmp_path / "out").mkdir()
    with nothing_changes(ws), pytest.raises(rf.Invalid) as refused:
        ds.export("coco", tmp_path / "out" / output)
    assert refused.value.code in ("no_such_folder", "not_writable")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_failed_export_keeps_the_file_that_was_there(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.zip"
    before = ds.export("coco", target).path.read_bytes()
    image = ds["picture-000.png"]
    blob = next(path for path in (tmp_path / "home" / "store" / "blobs").rglob("*") if path.is_file())
    blobs = {path: path.read_bytes() for path in blob.parents[2].rglob("*") if path.is_file()}
    for path in blobs:
        path.chmod(0o600)
        path.write_bytes(b"damaged")
    with pytest.raises(rf.RoboflowError) as refused:
        ds.export("yolo", target)
    assert refused.value.code.startswith("storage_") and target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before", "home", "out.zip"]
    for path, data in blobs.items():
        path.write_bytes(data)
    assert image.bytes()


def test_an_export_finds_the_persons_home(ds: rf.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "Downloads").mkdir()
    assert ds.export("coco", "~/Downloads").path == tmp_path / "Downloads" / "cells-coco.zip"
    assert (tmp_path / "Downloads" / "cells-coco.zip").exists()
