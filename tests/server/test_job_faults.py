"""Workers, Redis and servers that are killed in the middle of a job: it ends once, and nothing half-written is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from jupyter_roboflow.settings import Settings
from tests.checkout import ROOT
from tests.jobs.office import eventually, is_alive
from tests.jobs.redis_server import RedisServer
from tests.jupyter_server import JupyterServer
from tests.server import watching
from tests.server.large_dataset import IMAGES, make_large_dataset

pytestmark = [
    pytest.mark.xdist_group("server-jobs"),
    pytest.mark.skipif(sys.platform == "win32", reason="kills with signals and looks into /proc"),
]
BOXES = 700
OFTEN = {"ROBOFLOW_HEARTBEAT_SECONDS": "0.4", "ROBOFLOW_LEASE_SECONDS": "60"}
SHORT = {"ROBOFLOW_LEASE_SECONDS": "5"}
"""Where the end of a lease is what decides."""


@contextmanager
def redis_worker(folder: Path, url: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`jupyter roboflow worker` in a process group of its own; what it says is in `worker.txt`."""
    environment = {**os.environ, **OFTEN, "ROBOFLOW_DATA_DIR": str(folder), "ROBOFLOW_REDIS_URL": url, **more}
    command = [sys.executable, "-m", "jupyter_roboflow.cli", "worker"]
    with (folder / "worker.txt").open("ab") as told:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=told, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.close()


@pytest.fixture
def dataset_id(tmp_path: Path) -> int:
    return make_large_dataset(tmp_path, BOXES)


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[JupyterServer]:
    server = JupyterServer(folder, environment={**OFTEN, **environment})
    try:
        yield server
    finally:
        server.close()


def test_a_killed_worker_of_the_server_is_replaced_and_the_job_done_once(tmp_path: Path, dataset_id: int) -> None:
    with running(tmp_path, ROBOFLOW_WORKERS="1") as server:
        job_id = watching.start_export(server, dataset_id)
        watching.under_way(server, job_id, hold=True)
        os.kill(watching.worker_of(server), signal.SIGKILL)
        done = watching.over(server, job_id)
        assert done["attempt"] == 2
        watching.assert_one_whole_export(server, dataset_id, done, IMAGES)
        watching.assert_sound(tmp_path)


def test_a_killed_server_goes_on_with_its_job_when_it_is_started_again(tmp_path: Path, dataset_id: int) -> None:
    with running(tmp_path, ROBOFLOW_WORKERS="1") as server:
        running_job = watching.start_export(server, dataset_id)
        cancelled = watching.start_export(server, dataset_id)
        server.ask(f"jobs/{cancelled}/cancel", "POST")
        watching.under_way(server, running_job)
        worker = watching.worker_of(server)
        server.kill()
        eventually(lambda: None if is_alive(worker) else True, "the worker to follow its server")
        server.start()  # and nobody asks it for anything: it looks after the job by itself
        done = watching.over(server, running_job)
        watching.assert_one_whole_export(server, dataset_id, done, IMAGES)
        assert watching.job(server, cancelled)["state"] == "cancelled"
        watching.assert_sound(tmp_path)


def test_server_and_worker_killed_together_and_the_lease_decides(tmp_path: Path, dataset_id: int) -> None:
    with running(tmp_path, ROBOFLOW_WORKERS="1", **SHORT) as server:
        job_id = watching.start_export(server, dataset_id)
        watching.under_way(server, job_id, hold=True)
        worker = watching.worker_of(server)
        os.kill(worker, signal.SIGKILL)
        server.kill()
        server.start()
        done = watching.over(server, job_id)
        watching.assert_one_whole_export(server, dataset_id, done, IMAGES)
        watching.assert_sound(tmp_path)


def test_a_server_told_to_stop_hands_its_job_back_for_the_next(tmp_path: Path, dataset_id: int) -> None:
    with running(tmp_path, ROBOFLOW_WORKERS="1") as server:
        job_id = watching.start_export(server, dataset_id)
        watching.under_way(server, job_id)
        worker = watching.worker_of(server)
        assert server.stop() == 0
        assert not is_alive(worker)
        watching.assert_sound(tmp_path)
        server.start()  # within the lease: the job was handed back, not lost
        watching.assert_one_whole_export(server, dataset_id, watching.over(server, job_id), IMAGES)


def test_redis_killed_and_started_empty_loses_no_job(tmp_path: Path, dataset_id: int, redis: RedisServer) -> None:
    with running(tmp_path, ROBOFLOW_REDIS_URL=redis.url) as server, redis_worker(tmp_path, redis.url) as worker:
        first = watching.start_export(server, dataset_id)
        second = watching.start_export(server, dataset_id, include_unlabeled=True)
        watching.under_way(server, first, worker.pid)
        redis.stop()
        assert watching.readiness(server)[1]["checks"]["queue"] == "queue_unavailable"
        third = watching.start_export(server, dataset_id)  # taken on while Redis is away
        redis.start()
        ended = [watching.over(server, job_id) for job_id in (first, second, third)]
        assert [job["state"] for job in ended] == ["succeeded"] * 3
        exports = {job["result"]["export_id"] for job in ended}
        listed = server.ask(f"datasets/{dataset_id}/exports")[2]["items"]
        assert len(exports) == 3 and {export["id"] for export in listed} == exports
        assert len(watching.published(tmp_path)) == 3
        watching.assert_sound(tmp_path)


def test_a_killed_redis_worker_loses_its_job_to_the_next_by_the_servers_care(
    tmp_path: Path, dataset_id: int, redis: RedisServer
) -> None:
    with running(tmp_path, ROBOFLOW_REDIS_URL=redis.url) as server:
        with redis_worker(tmp_path, redis.url, **SHORT) as worker:
            job_id = watching.start_export(server, dataset_id)
            watching.under_way(server, job_id, worker.pid, hold=True)
            for pid in (*children_of(worker.pid), worker.pid):
                os.kill(pid, signal.SIGKILL)
        requeued = watching.wait_for(server, job_id, lambda seen: seen["state"] != "running", "to be taken back")
        assert requeued["state"] == "queued", requeued
        with redis_worker(tmp_path, redis.url):
            done = watching.over(server, job_id)
        assert done["attempt"] == 2
        watching.assert_one_whole_export(server, dataset_id, done, IMAGES)
        watching.assert_sound(tmp_path)


def children_of(pid: int) -> list[int]:
    """RQ gives each job's process a group of its own."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def test_a_worker_that_finds_no_redis_says_so_and_goes_on_when_it_is_there(
    tmp_path: Path, dataset_id: int, redis: RedisServer
) -> None:
    redis.stop()
    with running(tmp_path, ROBOFLOW_REDIS_URL=redis.url) as server, redis_worker(tmp_path, redis.url) as worker:
        told = tmp_path / "worker.txt"
        eventually(lambda: "waiting for Redis at" in told.read_text() or None, "the worker to say that it waits")
        assert redis.url in told.read_text() and "Traceback" not in told.read_text()
        assert worker.poll() is None
        job_id = watching.start_export(server, dataset_id, "yolo")
        redis.start()
        assert watching.over(server, job_id)["state"] == "succeeded"
        assert "taking jobs from Redis" in told.read_text()


@pytest.mark.parametrize(
    "url, told",
    [
        ("redis://ann:a-secret@cache:6380/2", "redis://cache:6380/2"),
        ("rediss://:a-secret@cache?password=a-secret", "rediss://cache"),
        ("unix:///run/redis.sock?password=a-secret", "unix:///run/redis.sock"),
    ],
)
def test_redis_is_named_without_its_password(url: str, told: str) -> None:
    from jupyter_roboflow.jobs.rq_queue import address_of

    assert address_of(Settings.from_environment({}, redis_url=url)) == told
