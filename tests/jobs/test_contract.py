"""What every queue promises, checked on all three with real workers and a real Redis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.jobs.queue import JobQueue
from jupyter_roboflow.settings import Settings
from tests.jobs.office import GateWatch, Office
from tests.jobs.queues import opened


@pytest.fixture(params=["inline", "local", "rq"], scope="module")
def queue_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def queue(queue_name: str, settings: Settings, office: Office, request: pytest.FixtureRequest) -> Iterator[JobQueue]:
    url: Any = request.getfixturevalue("redis").url if queue_name == "rq" else ""
    with opened(queue_name, settings, url) as queue:
        yield queue


def test_jobs_are_done_fail_with_a_reason_and_leave_no_files(queue: JobQueue, office: Office) -> None:
    steps, plain = office.create("steps", steps=5), office.create("plain")
    refused, broken, unknown = office.create("refused"), office.create("broken", zero=0), office.create("unheard-of")
    for job_id in (steps, plain, refused, broken, unknown):
        queue.submit(job_id)

    done = office.wait(steps)
    assert (done.state, done.progress, done.result) == (JobState.SUCCEEDED, 100.0, {"steps": 5, "attempt": 1})
    assert office.marks(steps) == [1]
    assert done.started_at is not None and done.finished_at is not None and done.finished_at >= done.started_at
    assert office.wait(plain).result == {"answer": 42}

    failed = office.wait(refused)
    assert failed.state is JobState.FAILED
    assert failed.error == {
        "code": "name_taken",
        "message": "The name is taken: choose another.",
        "details": {"name": "cells"},
        "kind": "Conflict",
    }
    error = office.wait(broken).error
    assert error is not None and error["code"] == "internal"
    assert "ZeroDivisionError" in error["message"] and "Traceback" not in str(error)
    error = office.wait(unknown).error
    assert error is not None and error["code"] == "unknown_job_kind"
    assert office.no_temporary_files()


def test_a_running_job_is_cancelled_within_a_heartbeat(queue: JobQueue, office: Office, gate: GateWatch) -> None:
    job_id = office.create("gate", folder=str(gate.folder))
    queue.submit(job_id)
    gate.started()
    assert office.job(job_id).state is JobState.RUNNING
    queue.cancel(job_id)
    job = office.wait(job_id)
    assert (job.state, job.result, office.marks(job_id)) == (JobState.CANCELLED, None, [])
    assert office.no_temporary_files()


def test_a_job_cancelled_before_it_runs_never_runs(queue: JobQueue, office: Office) -> None:
    job_id = office.create("steps")
    assert queue.cancel(job_id).state is JobState.CANCELLED
    queue.submit(job_id)
    after = office.create("steps")
    queue.submit(after)
    office.wait(after)
    assert office.job(job_id).state is JobState.CANCELLED
    assert office.marks(job_id) == []


def test_progress_shows_while_the_job_runs(queue: JobQueue, office: Office, gate: GateWatch) -> None:
    job_id = office.create("gate", folder=str(gate.folder))
    queue.submit(job_id)
    gate.started()
    job = office.wait(job_id, JobState.RUNNING)
    while job.progress == 0.0 and job.state is JobState.RUNNING:
        job = office.job(job_id)
    assert (job.progress, job.message) == (50.0, "waiting")
    gate.open()
    assert office.wait(job_id).progress == 100.0


def test_a_job_submitted_twice_runs_once(queue: JobQueue, office: Office, gate: GateWatch) -> None:
    job_id = office.create("gate", folder=str(gate.folder))
    queue.submit(job_id)
    gate.started()
    queue.submit(job_id)
    queue.submit(job_id)
    gate.open()
    office.wait(job_id)
    queue.submit(job_id)
    after = office.create("steps")
    queue.submit(after)
    office.wait(after)
    job = office.job(job_id)
    assert (job.state, job.result, office.marks(job_id)) == (JobState.SUCCEEDED, {"attempt": 1}, [1])


def test_a_store_that_is_away_is_tried_again(queue: JobQueue, office: Office) -> None:
    job_id = office.create("store-away", works_at=2)
    queue.submit(job_id)
    assert office.wait(job_id).result == {"attempt": 2}


def test_many_jobs_are_all_done_each_once(queue: JobQueue, office: Office) -> None:
    ids = [office.create("steps", steps=1) for _ in range(10)]
    for job_id in ids:
        queue.submit(job_id)
    assert [office.wait(job_id).state for job_id in ids] == [JobState.SUCCEEDED] * 10
    assert [office.marks(job_id) for job_id in ids] == [[1]] * 10


def test_a_job_that_is_deleted_while_it_runs_is_nobodys_failure(
    queue: JobQueue, office: Office, gate: GateWatch
) -> None:
    job_id = office.create("gate", folder=str(gate.folder))
    queue.submit(job_id)
    gate.started()
    with office.db.write() as connection:
        connection.execute(text("DELETE FROM jobs WHERE id = :id"), {"id": job_id})
    plain = office.create("plain")
    queue.submit(plain)
    assert office.wait(plain).state is JobState.SUCCEEDED
