"""Workers that are killed, stopped, stuck or orphaned: the job is done once, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.jobs.local_queue import LocalQueue
from jupyter_roboflow.jobs.rq_queue import RqQueue
from jupyter_roboflow.settings import Settings
from tests.jobs.kinds import KINDS
from tests.jobs.office import LEASE_SECONDS, GateWatch, Office, eventually, is_alive, timed
from tests.jobs.queues import ROOT, ThreadedInline, opened, rq_worker
from tests.jobs.redis_server import RedisServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with signals and looks into /proc")

SHORT = {"lease_seconds": 5.0}
"""Where the end of a lease is what is looked at. Elsewhere it does not end: a death is noticed as such."""


def killed(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: None if is_alive(pid) else True, f"process {pid} to be gone")


# kill -9


def test_a_killed_worker_is_replaced_and_its_job_done_once_at_once(
    settings: Settings, office: Office, gate: GateWatch
) -> None:
    with opened("local", settings, workers=1) as queue:
        job_id = office.create("gate", folder=str(gate.folder))
        queue.submit(job_id)
        killed(gate.started())
        with timed() as seconds:
            gate.started(2)
        assert seconds() < LEASE_SECONDS / 2
        gate.open()
        job = office.wait(job_id)
        assert (job.state, job.result, office.marks(job_id)) == (JobState.SUCCEEDED, {"attempt": 2}, [2])
    with LocalQueue(
        replace(settings, workers=1), KINDS
    ) as queue:  # a worker that starts removes what is left of the dead
        after = office.create("steps")
        queue.submit(after)
        office.wait(after)
        assert office.no_temporary_files()


def test_a_killed_child_of_rq_is_noticed_by_its_parent_at_once(
    settings: Settings, office: Office, gate: GateWatch, redis: RedisServer
) -> None:
    with opened("rq", settings, redis.url) as queue:
        job_id = office.create("gate", folder=str(gate.folder))
        queue.submit(job_id)
        killed(gate.started())
        gate.started(2)
        gate.open()
        assert office.wait(job_id).result == {"attempt": 2}
        assert office.marks(job_id) == [2]


def test_a_killed_rq_worker_with_its_child_loses_the_job_to_another_after_the_lease(
    settings: Settings, office: Office, gate: GateWatch, redis: RedisServer
) -> None:
    settings = replace(settings, redis_url=redis.url)
    with RqQueue(settings, KINDS) as queue:
        job_id = office.create("gate", folder=str(gate.folder))
        queue.submit(job_id)
        with rq_worker(replace(settings, **SHORT)) as worker:
            child = gate.started()
            killed(worker.pid)
            killed(child)
        assert office.job(job_id).state is JobState.RUNNING
        with rq_worker(settings):
            gate.started(2)
            gate.open()
            assert office.wait(job_id).result == {"attempt": 2}
    assert office.marks(job_id) == [2]


def test_an_orphaned_child_that_wakes_after_its_lease_moved_has_no_effect(
    settings: Settings, office: Office, gate: GateWatch, redis: RedisServer
) -> None:
    settings = replace(settings, redis_url=redis.url)
    with RqQueue(settings, KINDS) as queue:
        job_id = office.create("gate", folder=str(gate.folder), deaf=True)
        queue.submit(job_id)
        with rq_worker(replace(settings, **SHORT)) as worker:
            orphan = gate.started()
            killed(worker.pid)
            # not before: a stopped process whose parent dies is sent a hang-up by the kernel
            eventually(lambda: psutil.Process(orphan).ppid() != worker.pid or None, "the child to be an orphan")
            os.kill(orphan, signal.SIGSTOP)
        with rq_worker(settings):
            gate.started(2)
            gate.open()
            assert office.wait(job_id).result == {"attempt": 2}
            with suppress(ProcessLookupError):  # a kernel may end a stopped orphan by itself
                os.kill(orphan, signal.SIGCONT)
            eventually(lambda: None if is_alive(orphan) else True, "the orphan to end")
    job = office.job(job_id)
    assert (job.state, job.result, office.marks(job_id)) == (JobState.SUCCEEDED, {"attempt": 2}, [2])


def test_a_frozen_worker_is_replaced_when_its_lease_ends(settings: Settings, office: Office, gate: GateWatch) -> None:
    with opened("local", replace(settings, **SHORT), workers=1) as queue:
        job_id = office.create("gate", folder=str(gate.folder))
        queue.submit(job_id)
        frozen = gate.started()
        os.kill(frozen, signal.SIGSTOP)
        gate.started(2)
        assert not is_alive(frozen)
        gate.open()
        assert office.wait(job_id).result == {"attempt": 2}
        assert office.marks(job_id) == [2]


def test_no_worker_outlives_its_killed_parent_and_the_job_waits_for_the_next(
    settings: Settings, office: Office, gate: GateWatch
) -> None:
    script = (
        "import time; from jupyter_roboflow.jobs.local_queue import LocalQueue; "
        "from jupyter_roboflow.settings import Settings; from tests.jobs.kinds import KINDS; "
        "queue = LocalQueue(Settings.from_environment(), KINDS); time.sleep(600)"
    )
    job_id = office.create("gate", folder=str(gate.folder))
    environment = {**os.environ, **replace(settings, workers=1).to_environment(), "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, "-c", script], env=environment, cwd=ROOT)
    worker = gate.started()
    parent.kill()
    parent.wait()
    with timed() as seconds:
        eventually(lambda: None if is_alive(worker) else True, "the worker to go")
    assert seconds() < LEASE_SECONDS / 2
    assert office.job(job_id).state is JobState.QUEUED
    assert office.no_temporary_files()


def test_a_notebook_that_was_killed_leaves_a_failed_job_with_the_reason(
    settings: Settings, office: Office, gate: GateWatch
) -> None:
    script = (
        "import sys; from jupyter_roboflow.jobs.queue import InlineQueue; "
        "from jupyter_roboflow.settings import Settings; from tests.jobs.kinds import KINDS; "
        "InlineQueue(Settings.from_environment(), kinds=KINDS).submit(int(sys.argv[1]))"
    )
    job_id = office.create("gate", folder=str(gate.folder))
    settings = replace(settings, **SHORT)
    environment = {**os.environ, **settings.to_environment(), "PYTHONPATH": str(ROOT)}
    notebook = subprocess.Popen([sys.executable, "-c", script, str(job_id)], env=environment, cwd=ROOT)
    gate.started()
    notebook.kill()
    notebook.wait()
    time.sleep(settings.lease_seconds + 0.5)
    with ThreadedInline(settings) as queue:
        queue.submit(office.create("plain"))
        job = office.wait(job_id)
    assert job.state is JobState.FAILED and job.error is not None
    assert job.error["code"] == "worker_lost"
    assert office.marks(job_id) == []


# SIGTERM


def test_a_worker_told_to_go_hands_its_job_back_in_time(
    settings: Settings, office: Office, gate: GateWatch, redis: RedisServer
) -> None:
    settings = replace(settings, redis_url=redis.url)
    with RqQueue(settings, KINDS) as queue:
        job_id = office.create("gate", max_attempts=1, folder=str(gate.folder))
        queue.submit(job_id)
        with rq_worker(settings) as worker:
            child = gate.started()
            with timed() as seconds:
                worker.terminate()
                worker.wait(LEASE_SECONDS)
            assert seconds() < LEASE_SECONDS / 2
        assert not is_alive(child)
        assert office.job(job_id).state is JobState.QUEUED
        with rq_worker(settings):
            gate.started(2)
            gate.open()
            assert office.wait(job_id).result == {"attempt": 2}
    assert office.marks(job_id) == [2]


def test_a_worker_told_to_go_may_finish_what_is_nearly_done(
    settings: Settings, office: Office, gate: GateWatch
) -> None:
    with opened("local", settings, workers=1) as queue:
        job_id = office.create("gate", folder=str(gate.folder))
        queue.submit(job_id)
        os.kill(gate.started(), signal.SIGTERM)
        gate.open()
        assert office.wait(job_id).result == {"attempt": 1}


def test_closing_does_not_wait_for_a_job_that_hears_nothing(
    settings: Settings, office: Office, gate: GateWatch
) -> None:
    queue = LocalQueue(replace(settings, workers=1), KINDS)
    job_id = office.create("gate", folder=str(gate.folder), deaf=True)
    queue.submit(job_id)
    deaf = gate.started()
    with timed() as seconds:
        queue.close()
    assert seconds() < LEASE_SECONDS / 2
    assert not is_alive(deaf)
    assert office.job(job_id).state is JobState.QUEUED


# jobs that harm their worker


def test_a_job_that_kills_its_worker_is_given_up_and_the_queue_goes_on(settings: Settings, office: Office) -> None:
    with opened("local", settings, workers=1) as queue:
        poison, after = office.create("poison"), office.create("steps")
        queue.submit(poison)
        queue.submit(after)
        job = office.wait(poison)
        assert job.state is JobState.FAILED and job.error is not None
        assert (job.error["code"], job.attempt) == ("too_many_attempts", 3)
        assert office.wait(after).state is JobState.SUCCEEDED


@pytest.mark.parametrize("name", ["local", "rq"])
def test_a_stuck_job_fails_at_its_time_limit_and_its_children_are_gone(
    name: str, settings: Settings, office: Office, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("redis").url if name == "rq" else ""
    with opened(name, replace(settings, job_seconds=1.0), url, workers=1) as queue:
        job_id = office.create("stuck", folder=str(tmp_path))
        queue.submit(job_id)
        job = office.wait(job_id)
        assert job.state is JobState.FAILED and job.error is not None
        assert (job.error["code"], job.attempt) == ("timeout", 1)
        child = int((tmp_path / "child").read_text())
        eventually(lambda: None if is_alive(child) else True, "the child to be gone")
        after = office.create("plain")
        queue.submit(after)
        assert office.wait(after).state is JobState.SUCCEEDED
