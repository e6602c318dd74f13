"""What jobs need is away for a while: Redis, the database, room on the disk, the person."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis as redis_client
from rq.serializers import JSONSerializer

from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.jobs import rq_queue
from jupyter_roboflow.jobs.opening import open_queue
from jupyter_roboflow.jobs.queue import InlineQueue
from jupyter_roboflow.jobs.rq_queue import RqQueue
from jupyter_roboflow.settings import Settings
from tests.jobs.kinds import KINDS
from tests.jobs.office import GateWatch, Office, office_at
from tests.jobs.queues import opened, rq_worker
from tests.jobs.redis_server import RedisServer
from tests.storage.postgres import PostgresServer

# Redis


def test_redis_restarted_empty_loses_no_job(settings: Settings, office: Office, redis: RedisServer) -> None:
    settings = replace(settings, redis_url=redis.url)
    with RqQueue(settings, KINDS) as queue:
        ids = [office.create("steps") for _ in range(3)]
        for job_id in ids:
            queue.submit(job_id)
        redis.stop()
        redis.start()
        with redis_client.Redis.from_url(redis.url) as client:
            assert client.dbsize() == 0
        with rq_worker(settings):
            assert [office.wait(job_id).state for job_id in ids] == [JobState.SUCCEEDED] * 3
    assert [office.marks(job_id) for job_id in ids] == [[1]] * 3


def test_a_job_ends_well_while_redis_is_away_and_the_worker_comes_back(
    settings: Settings, office: Office, gate: GateWatch, redis: RedisServer
) -> None:
    settings = replace(settings, redis_url=redis.url)
    with RqQueue(settings, KINDS) as queue, rq_worker(settings):
        job_id = office.create("gate", folder=str(gate.folder))
        queue.submit(job_id)
        gate.started()
        redis.stop()
        late = office.create("steps")
        queue.submit(late)  # says nothing worse than a warning
        gate.open()
        assert office.wait(job_id).result == {"attempt": 1}
        assert office.job(late).state is JobState.QUEUED
        redis.start()
        assert office.wait(late).state is JobState.SUCCEEDED
    assert office.marks(job_id) == [1]


def test_waiting_jobs_are_announced_once_however_often_one_looks(
    settings: Settings, office: Office, redis: RedisServer
) -> None:
    settings = replace(settings, redis_url=redis.url)
    with RqQueue(settings, KINDS) as queue:
        job_id = office.create("steps")
        for _ in range(5):
            queue.submit(job_id)
    with redis_client.Redis.from_url(redis.url) as client:
        assert client.llen(f"rq:queue:{rq_queue.QUEUE_NAME}") == 1


@pytest.mark.parametrize(
    "function, keywords",
    [
        ("os.system", {"command": "touch {folder}/harm"}),
        ("pathlib.Path.touch", {"self": "{folder}/harm"}),
        (rq_queue.FUNCTION, {"job_id": 1, "kinds": {"steps": "os:system"}}),
        (rq_queue.FUNCTION, {"job_id": "1; drop table jobs"}),
        (rq_queue.FUNCTION, {}),
    ],
)
def test_a_message_can_ask_for_nothing_but_a_job(
    settings: Settings, office: Office, redis: RedisServer, tmp_path: Path, function: str, keywords: dict[str, object]
) -> None:
    settings = replace(settings, redis_url=redis.url)
    keywords = json.loads(json.dumps(keywords).replace("{folder}", str(tmp_path)))
    waiting = office.create("steps", steps=1)
    with redis_client.Redis.from_url(redis.url) as client:
        queue = rq_queue.Queue(rq_queue.QUEUE_NAME, connection=client, serializer=JSONSerializer)
        harmful = queue.enqueue_call(function, kwargs=keywords)
        client.hset(harmful.key, mapping={"success_callback_name": "os.abort", "failure_callback_name": "os.abort"})
        with rq_worker(settings):
            office.wait(waiting)
        assert not (tmp_path / "harm").exists()
        assert harmful.get_status() == "failed"


# the database


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL that may be killed."""
    server = PostgresServer("-c fsync=off")
    yield server
    server.close()


def test_a_database_that_is_away_for_a_while_delays_a_job_and_doubles_nothing(
    settings: Settings, own_postgres: PostgresServer, gate: GateWatch
) -> None:
    settings = replace(settings, database_url=own_postgres.new_database())
    with office_at(settings) as office, opened("local", settings, workers=1) as queue:
        job_id = office.create("gate", folder=str(gate.folder))
        queue.submit(job_id)
        gate.started()
        own_postgres.kill()
        gate.open()  # the job wants to publish now, and its heartbeat fails
        time.sleep(3)
        own_postgres.restart()
        job = office.wait(job_id)
        assert (job.state, job.result, office.marks(job_id)) == (JobState.SUCCEEDED, {"attempt": 1}, [1])


# the disk


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
def test_a_full_disk_fails_the_job_with_what_to_do_and_others_go_on(
    settings: Settings, office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    with InlineQueue(settings, kinds=KINDS) as queue:
        job_id, other = office.create("full-disk"), office.create("steps")
        queue.submit(job_id)
        queue.submit(other)
    job = office.job(job_id)
    assert job.state is JobState.FAILED and job.error is not None
    assert job.error["code"] == "disk_full" and "free some space" in job.error["message"]
    assert office.no_temporary_files()
    assert office.job(other).state is JobState.SUCCEEDED


def test_a_store_that_stays_away_fails_the_job_with_its_reason(settings: Settings, office: Office) -> None:
    with InlineQueue(settings, kinds=KINDS) as queue:
        job_id = office.create("store-away", max_attempts=2, works_at=9)
        queue.submit(job_id)
    job = office.job(job_id)
    assert job.state is JobState.FAILED and job.error is not None
    assert (job.error["code"], job.attempt) == ("storage_unavailable", 2)


# the person


def test_ctrl_c_in_a_notebook_cancels_the_job_and_stops_the_cell(settings: Settings, office: Office) -> None:
    def press_ctrl_c(done: float, total: float, message: str) -> None:
        raise KeyboardInterrupt

    with InlineQueue(settings, press_ctrl_c, KINDS) as queue:
        job_id = office.create("steps", steps=100)
        with pytest.raises(KeyboardInterrupt):
            queue.submit(job_id)
    assert office.job(job_id).state is JobState.CANCELLED
    assert office.marks(job_id) == []


def test_a_bar_hears_of_the_first_and_the_last_step_and_not_of_every_one(settings: Settings, office: Office) -> None:
    heard: list[tuple[float, float]] = []
    with InlineQueue(settings, lambda done, total, message: heard.append((done, total)), KINDS) as queue:
        queue.submit(office.create("steps", steps=5000))
    assert heard[0] == (0, 5000) and heard[-1] == (5000, 5000)
    assert len(heard) < 500


def test_a_job_in_the_notebook_keeps_its_time_limit(settings: Settings, office: Office, gate: GateWatch) -> None:
    with InlineQueue(replace(settings, job_seconds=0.3), kinds=KINDS) as queue:
        job_id = office.create("gate", folder=str(gate.folder))
        queue.submit(job_id)
    job = office.job(job_id)
    assert job.state is JobState.FAILED and job.error is not None
    assert job.error["code"] == "timeout" and "ROBOFLOW_JOB_SECONDS" in job.error["message"]


# settings


def test_an_unknown_queue_is_named(settings: Settings) -> None:
    with pytest.raises(Invalid, match="ROBOFLOW_QUEUE"):
        open_queue(replace(settings, queue="celery"))


def test_the_queue_rq_asks_for_a_redis(settings: Settings) -> None:
    with pytest.raises(Invalid, match="ROBOFLOW_REDIS_URL"):
        open_queue(replace(settings, queue="rq"))


def test_listening_for_jobs_loads_neither_redis_nor_rq_in_the_embedded_mode() -> None:
    import subprocess

    code = "import sys, jupyter_roboflow.jobs.local_queue; assert not {'rq', 'redis', 'cv2'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
