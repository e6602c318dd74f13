"""Versions are made in parts by all workers: the same bytes however many there are and whatever happens to them."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.jobs import version_sources
from jupyter_roboflow.storage import jobs, versions
from jupyter_roboflow.storage.files import ImageStore, blob_key
from jupyter_roboflow.storage.orphans import _referenced
from tests.jobs.cells import RECIPE, Cells, a_queue, started
from tests.jobs.office import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with signals")


@pytest.mark.parametrize(("name", "workers"), [("inline", 1), ("local", 1), ("local", 3), ("rq", 2)])
def test_the_same_bytes_on_one_worker_or_several(
    name: str, workers: int, cells: Cells, expected: str, request: pytest.FixtureRequest
) -> None:
    with a_queue(name, cells, request, workers) as queue:
        job = cells.wait(cells.submit(queue))
    assert (job.state, job.progress) == (JobState.SUCCEEDED, 100.0), job.error
    assert cells.content(job) == expected
    assert job.result is not None and job.result["counts"]["images"] == 80
    parts = cells.parts(job.id)
    assert len(parts) > 4 and {part.state for part in parts} == {JobState.SUCCEEDED}
    [version] = cells.backend.versions(cells.dataset)
    assert (version.number, version.content_hash, version.state) == (1, expected, "ready")
    cells.sound()


@pytest.mark.parametrize("name", ["local", "rq"])
def test_a_killed_worker_costs_its_part_only(
    name: str, cells: Cells, expected: str, gate_folder: Path, request: pytest.FixtureRequest
) -> None:
    with a_queue(name, cells, request) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        (lost, pid), *_ = started(gate_folder, 2)
        os.kill(pid, signal.SIGKILL)
        (gate_folder / "open").touch()
        job = cells.wait(job_id)
    assert cells.content(job) == expected
    attempts = {part.id: part.attempt for part in cells.parts(job_id)}
    assert attempts.pop(lost) == 2 and set(attempts.values()) == {1}
    cells.sound()


@pytest.mark.parametrize("name", ["inline", "local", "rq"])
def test_cancelled_in_the_middle_nothing_is_published(
    name: str, cells: Cells, gate_folder: Path, request: pytest.FixtureRequest
) -> None:
    with a_queue(name, cells, request) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        started(gate_folder)
        eventually(lambda: 0 < cells.job(job_id).progress < 100 or None, "some progress")
        assert cells.job(job_id).state is JobState.RUNNING
        assert cells.backend.jobs(cells.dataset).items[0].id == job_id, "parts are not listed"
        queue.cancel(job_id)
        assert cells.wait(job_id).state is JobState.CANCELLED
        eventually(lambda: all(part.state.over for part in cells.parts(job_id)) or None, "the parts to end")
    assert {part.state for part in cells.parts(job_id)} <= {JobState.CANCELLED, JobState.SUCCEEDED}
    assert cells.nothing_published()
    cells.sound()


def test_the_progress_is_that_of_the_parts(cells: Cells, gate_folder: Path, request: pytest.FixtureRequest) -> None:
    with a_queue("local", cells, request, 1) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        started(gate_folder)
        first = eventually(lambda: cells.job(job_id).progress or None, "some progress")
        shares = [part.progress for part in cells.parts(job_id)]
        assert 0 < first < 100 / len(shares)
        (gate_folder / "open").touch()
        assert cells.wait(job_id).progress == 100.0


def test_a_part_that_kills_every_worker_fails_the_version_and_ends_the_others(
    cells: Cells, request: pytest.FixtureRequest
) -> None:
    with a_queue("local", cells, request, 2) as queue:
        job = cells.wait(cells.submit(queue, poison=2))
    assert job.state is JobState.FAILED and job.error is not None
    assert job.error["code"] == "too_many_attempts"
    assert cells.nothing_published()
    cells.sound()


def test_a_dataset_that_is_edited_meanwhile_is_frozen_as_it_was(
    cells: Cells, expected: str, gate_folder: Path, request: pytest.FixtureRequest
) -> None:
    with a_queue("local", cells, request) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        started(gate_folder)
        images = cells.backend.images(cells.dataset).items
        cells.backend.edit_label(cells.dataset, "RBC", new_name="red")
        cells.backend.delete_images(cells.dataset, [images[-1].id])
        cells.backend.save_annotations(images[0].id, [], cells.backend.annotations(images[0].id).revision)
        (gate_folder / "open").touch()
        job = cells.wait(job_id)
    assert cells.content(job) == expected
    assert {label.name for label in cells.backend.versions(cells.dataset)[0].labels} == {"WBC", "RBC", "Platelets"}


def damage(cells: Cells) -> str:
    """Change a byte of a stored picture; its file name."""
    image = cells.backend.images(cells.dataset).items[20]
    path = cells.backend.installation.store.path(blob_key(image.sha256))
    assert path is not None
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    return image.filename


@pytest.mark.parametrize("name", ["inline", "local"])
def test_a_damaged_picture_ends_the_job_or_is_left_out_as_the_person_chose(
    name: str, cells: Cells, request: pytest.FixtureRequest
) -> None:
    filename = damage(cells)
    with a_queue(name, cells, request) as queue:
        failed = cells.wait(cells.submit(queue))
        assert cells.nothing_published()
        skipped = cells.wait(cells.submit(queue, options={"on_error": "skip"}))
    assert failed.state is JobState.FAILED and failed.error is not None
    assert failed.error["kind"] == "StorageCorrupt" and filename in failed.error["message"]
    assert skipped.result is not None, skipped.error
    [refused] = skipped.result["refused"]
    assert (refused["filename"], refused["code"]) == (filename, "storage_corrupt")
    losses = {(loss["what"], loss["why"]): (loss["count"], loss["examples"]) for loss in skipped.result["losses"]}
    assert losses["dropped", "the picture could not be used (storage_corrupt)"] == (1, [filename])
    version = cells.backend.versions(cells.dataset)[0]
    names = {image.filename for image, _ in cells.backend.version_examples(version.id)}
    assert filename not in names and len(names) > 70


@pytest.mark.parametrize("method", ["put_pictures", "put_artefact"])
def test_a_full_disk_publishes_nothing_and_says_so(method: str, cells: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, real = [0], getattr(ImageStore, method)

    def full(*args: Any) -> Any:
        calls[0] += 1
        if calls[0] == (3 if method == "put_pictures" else 1):
            raise OSError(28, "No space left on device")
        return real(*args)

    monkeypatch.setattr(ImageStore, method, full)
    job = cells.backend.create_version(cells.dataset, RECIPE)
    assert job.state is JobState.FAILED and job.error is not None and job.error["code"] == "disk_full"
    assert cells.nothing_published()
    cells.sound()
    monkeypatch.undo()
    assert cells.backend.create_version(cells.dataset, RECIPE).state is JobState.SUCCEEDED


def test_an_inline_version_whose_process_died_is_failed_with_its_parts(cells: Cells) -> None:
    here = cells.backend.installation
    with here.database.write() as connection:
        parent = jobs.create(connection, cells.backend.user, "version", cells.dataset, {"recipe": {}, "options": {}})
        claimed = jobs.claim(connection, f"{jobs.INLINE}dead", -1.0, parent.id)
        assert claimed is not None
        more = {"parent_id": parent.id}
        part = jobs.create(connection, cells.backend.user, "version_chunk", cells.dataset, {}, **more)
    cells.backend.create_version(cells.dataset, RECIPE)
    job = cells.job(parent.id)
    assert job.state is JobState.FAILED and job.error is not None and job.error["code"] == "worker_lost"
    assert cells.job(part.id).state is JobState.CANCELLED


def test_a_job_is_claimed_again_only_when_its_parts_are_over(cells: Cells) -> None:
    user, database = cells.backend.user, cells.backend.installation.database
    with database.write() as connection:
        parent = jobs.create(connection, user, "version", cells.dataset, {})
        held = jobs.claim(connection, "one", 60.0, parent.id)
        assert held is not None and held.attempt == 1
        part = jobs.create(connection, user, "version_chunk", cells.dataset, {}, parent_id=parent.id)
        jobs.wait_for_parts(connection, held, "one")
        assert jobs.claim(connection, "two", 60.0, parent.id) is None
        assert jobs.queued(connection) == (part.id,)
        mine = jobs.claim(connection, "two", 60.0)
        assert mine is not None and mine.id == part.id
        jobs.heartbeat(connection, mine, "two", 60.0, 50.0)
        shown = jobs.get(connection, parent.id)
        assert (shown.state, shown.progress) == (JobState.RUNNING, pytest.approx(49.0))
        assert jobs.list_page(connection, None, state=JobState.RUNNING).items == (shown,)
        jobs.finish(connection, mine, "two", JobState.SUCCEEDED, result={})
        again = jobs.claim(connection, "one", 60.0)
        assert again is not None and (again.id, again.attempt) == (parent.id, 2)


def test_staged_files_stay_while_the_job_lives(cells: Cells) -> None:
    user, here = cells.backend.user, cells.backend.installation
    with here.database.write() as connection:
        job = jobs.create(connection, user, "version", cells.dataset, {})
        keys = [f"staged/{job.id}/7-1", f"versions/{job.id}-1.jsonl", f"staged/{job.id + 1}/7-1"]
        assert _referenced(connection, keys) == set(keys[:2])
        jobs.request_cancel(connection, job.id)
        assert _referenced(connection, keys) == set()


def test_the_table_of_versions_holds_what_the_job_made(cells: Cells) -> None:
    job = cells.backend.create_version(cells.dataset, RECIPE)
    assert job.result is not None
    with cells.backend.installation.database.read() as connection:
        sources = versions.sources(connection, job.result["version_id"])
        assert len(versions.sources_used(connection, job.result["version_id"])) == 48
        rows = connection.execute(
            text("SELECT count(*) FROM version_images WHERE source_image_id IS NULL")
        ).scalar_one()
    assert rows == 0
    stored = cells.backend.installation.store.stat(sources.path)
    assert stored is not None and stored.size == sources.size


def test_what_comes_out_does_not_depend_on_how_the_work_is_divided(
    cells: Cells, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version_sources, "LEAST_PARTS", 1)
    job = cells.backend.create_version(cells.dataset, RECIPE)
    assert len(cells.parts(job.id)) == 1 and cells.content(job) == expected
