"""A version in parts meets what jobs meet: each row of the list of faults that a single job is tested with."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_roboflow.domain.job import Job, JobState
from jupyter_roboflow.jobs.rq_queue import RqQueue
from tests.jobs.cells import Cells, a_few, cells_in, started
from tests.jobs.office import eventually, is_alive
from tests.jobs.queues import opened, rq_worker
from tests.jobs.redis_server import RedisServer
from tests.storage.postgres import PostgresServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with signals")

PICTURES = 8
"""As many as give eight parts."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_few(tmp_path_factory.mktemp("few"), PICTURES)


def is_whole(cells: Cells, job: Job, expected: str) -> None:
    """One version, the one expected, and nothing left over."""
    assert cells.content(job) == expected
    [version] = cells.backend.versions(cells.dataset)
    assert (version.number, version.content_hash) == (1, expected)
    cells.sound()


def test_eight_workers_at_once_make_the_same_bytes(cells: Cells, expected: str, gate_folder: Path) -> None:
    with opened("local", cells.settings, workers=8) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        assert len({process for _, process in started(gate_folder, 8)}) == 8
        (gate_folder / "open").touch()
        job = cells.wait(job_id)
    assert len(cells.parts(job_id)) == 8
    is_whole(cells, job, expected)


def test_a_worker_told_to_go_hands_its_part_back_job_003(
    cells: Cells, expected: str, gate_folder: Path, redis: RedisServer
) -> None:
    settings = replace(cells.settings, redis_url=redis.url)
    with RqQueue(settings) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        with rq_worker(settings) as worker:
            [(part, child)] = started(gate_folder)
            worker.terminate()
            worker.wait(60)
        assert not is_alive(child) and cells.job(part).state is JobState.QUEUED
        with rq_worker(settings):
            (gate_folder / "open").touch()
            is_whole(cells, cells.wait(job_id), expected)


def test_redis_restarted_empty_loses_no_part_job_005(
    cells: Cells, expected: str, gate_folder: Path, redis: RedisServer
) -> None:
    settings = replace(cells.settings, redis_url=redis.url)
    with RqQueue(settings) as queue, rq_worker(settings):
        job_id = cells.submit(queue, gate=str(gate_folder))
        started(gate_folder)
        redis.stop()
        redis.start()
        (gate_folder / "open").touch()
        is_whole(cells, cells.wait(job_id), expected)


def test_parts_announced_again_and_again_are_made_once_job_011(cells: Cells, expected: str, gate_folder: Path) -> None:
    with opened("local", cells.settings, workers=2) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        started(gate_folder)
        for again in (job_id, *(part.id for part in cells.parts(job_id))) * 3:
            queue.submit(again)
        (gate_folder / "open").touch()
        is_whole(cells, cells.wait(job_id), expected)
    assert {part.attempt for part in cells.parts(job_id)} == {1}


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL that may be killed."""
    server = PostgresServer("-c fsync=off")
    yield server
    server.close()


def test_a_database_that_is_away_for_a_while_delays_the_parts_job_013(
    tmp_path: Path, source: Path, expected: str, gate_folder: Path, own_postgres: PostgresServer
) -> None:
    cells = cells_in(tmp_path / "data", source, database_url=own_postgres.new_database())
    with opened("local", cells.settings, workers=2) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        started(gate_folder, 2)
        own_postgres.kill()
        (gate_folder / "open").touch()
        time.sleep(2)
        own_postgres.restart()
        is_whole(cells, cells.wait(job_id), expected)
    assert {part.attempt for part in cells.parts(job_id)} == {1}
    cells.backend.close()


def test_parts_are_tried_again_when_the_store_was_away_job_017(cells: Cells, expected: str) -> None:
    with opened("local", cells.settings, workers=2) as queue:
        job = cells.wait(cells.submit(queue, away=True))
    assert {part.attempt for part in cells.parts(job.id)} == {2}
    is_whole(cells, job, expected)


def test_a_part_over_its_time_limit_fails_the_version_job_021(cells: Cells, gate_folder: Path) -> None:
    with opened("local", replace(cells.settings, job_seconds=1.5), workers=2) as queue:
        job = cells.wait(cells.submit(queue, gate=str(gate_folder)))
    assert job.state is JobState.FAILED and job.error is not None and job.error["code"] == "timeout"
    assert cells.nothing_published()
    cells.sound()


def test_progress_goes_only_forward_and_never_over_a_hundred_job_031(cells: Cells, expected: str) -> None:
    seen: list[float] = []
    with opened("local", cells.settings, workers=2) as queue:
        job_id = cells.submit(queue)
        while not cells.job(job_id).state.over:
            seen.append(cells.job(job_id).progress)
            time.sleep(0.02)
        job = cells.wait(job_id)
    assert seen == sorted(seen) and all(0 <= value <= 100 for value in seen) and job.progress == 100
    is_whole(cells, job, expected)


def test_an_orphan_that_wakes_after_its_lease_has_moved_adds_nothing_job_035(
    cells: Cells, expected: str, gate_folder: Path, redis: RedisServer
) -> None:
    settings = replace(cells.settings, redis_url=redis.url)
    with RqQueue(settings) as queue:
        job_id = cells.submit(queue, gate=str(gate_folder))
        with rq_worker(replace(settings, lease_seconds=5.0)) as worker:
            [(part, orphan)] = started(gate_folder)
            os.kill(worker.pid, signal.SIGKILL)
            eventually(lambda: psutil.Process(orphan).ppid() != worker.pid or None, "the child to be an orphan")
            os.kill(orphan, signal.SIGSTOP)
        with rq_worker(settings):
            (gate_folder / "open").touch()
            job = cells.wait(job_id)
            assert cells.job(part).attempt == 2
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGCONT)
            eventually(lambda: None if is_alive(orphan) else True, "the orphan to end")
    assert {each.attempt for each in cells.parts(job_id) if each.id != part} == {1}
    is_whole(cells, job, expected)


def test_what_was_turned_out_of_the_frame_is_counted_job_029(cells: Cells) -> None:
    away: dict[str, Any] = {
        "step": "scale_translate",
        "scale_min": 1,
        "scale_max": 1,
        "horizontal": 100,
        "vertical": 100,
    }
    job = cells.backend.create_version(cells.dataset, {"steps": [away], "seed": 3, "multiplier": 2})
    assert job.result is not None, job.error
    with_all, counts = cells.backend.version_examples(job.result["version_id"]), job.result["counts"]
    original = sum(image.annotation_count for image, _ in with_all if image.copy == 0)
    gone = sum(loss["count"] for loss in job.result["losses"] if loss["what"] == "dropped")
    assert gone > 0 and counts["annotations"] + gone == 2 * original
    assert {loss["why"] for loss in job.result["losses"]} <= {
        "outside the picture",
        "less of it visible than min_visible",
    }
