"""The team's queue: RQ and Redis ring the bell, `run_job` does the work, the database remembers.

A message is `{"job_id": n}` as JSON. Losing one, getting it twice or finding Redis empty after a restart changes
nothing: every worker re-announces waiting jobs and re-opens those whose worker died.
"""

# RQ and redis-py are typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# pyright: reportUnknownVariableType=false, reportIncompatibleMethodOverride=false

from __future__ import annotations

import logging
import math
import os
import signal
import time
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

import redis
from rq import Queue, Worker
from rq.exceptions import StopRequested
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

from ..domain.errors import BackendUnavailable, Invalid, NotAllowed, RoboflowError
from ..logs import News
from ..settings import Settings
from ..storage import jobs
from ..storage.database import Database
from .interrupt import StopRequest
from .kinds import KINDS
from .leftovers import delete_leftovers
from .process import end_self
from .queue import JobQueue
from .run import new_owner, run_job

log = logging.getLogger(__name__)

QUEUE_NAME = "roboflow"
FUNCTION = "run_job"
"""The only function a message may name. It is never looked up: a worker knows what it means."""
_FAILED_SECONDS = 3600
_RECONNECT_SECONDS = (0.5, 10.0)


class RqQueue(JobQueue):
    """Announces jobs to the workers that `work` runs. While Redis is away jobs wait in the database."""

    def __init__(self, settings: Settings, kinds: Mapping[str, str] = KINDS) -> None:
        super().__init__(settings, kinds)
        self._redis = _connect(settings)
        self._queue = _queue(self._redis)
        self._news = News(log)

    def submit(self, job_id: int) -> None:
        self._tell([job_id])

    def tend(self) -> None:
        super().tend()
        with self._db.read() as connection:
            waiting = jobs.queued(connection)
        self._tell(waiting)

    def check(self) -> None:
        try:
            self._redis.ping()
        except redis.RedisError as error:
            raise _away(self._settings, error) from error

    def _tell(self, job_ids: Iterable[int]) -> None:
        try:
            _announce(self._queue, job_ids)
            self._news.good("Redis at %s answers", address_of(self._settings))
        except redis.RedisError as error:
            where = address_of(self._settings)
            self._news.bad("Redis at %s does not answer (%s); jobs start when it is back", where, _reason(error))

    def close(self) -> None:
        self._redis.close()
        super().close()


def work(settings: Settings, burst: bool = False, kinds: Mapping[str, str] = KINDS) -> None:
    """Run jobs until SIGTERM or SIGINT, with `burst` until none waits. Redis may come and go meanwhile.

    With `burst` a Redis that is away raises `BackendUnavailable`.
    """
    pause, longest = _RECONNECT_SECONDS
    where, news = address_of(settings), News(log)
    while True:
        try:
            worker = RoboflowWorker(settings, kinds)
            news.good("taking jobs from Redis at %s", where)
            worker.work(burst=burst, logging_level="WARNING")
            if burst or worker.leaving:
                return
            pause = _RECONNECT_SECONDS[0]
        except StopRequested:
            return
        except redis.RedisError as error:
            if burst:
                raise _away(settings, error) from error
            news.bad("waiting for Redis at %s, which does not answer (%s)", where, _reason(error))
        time.sleep(pause)
        pause = min(2 * pause, longest)


class Message(RqJob):
    """An RQ job that can do one thing only, whatever Redis says: no function by name, no callbacks, no web hooks."""

    settings: ClassVar[Settings]
    kinds: ClassVar[Mapping[str, str]]
    owner: ClassVar[str]
    stop: ClassVar[StopRequest]

    def restore(self, raw_data: Any) -> Any:
        super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        self.retries_left = self.repeats_left = None

    def _execute(self) -> None:
        if self.func_name != FUNCTION or self.args or set(self.kwargs) != {"job_id"}:
            raise NotAllowed(f"A message may ask for {FUNCTION}(job_id=…) only, not for {self.func_name!r}.")
        job_id = self.kwargs["job_id"]
        if type(job_id) is not int:
            raise Invalid(f"job_id is a number, not {job_id!r}.")
        run_job(self.settings, job_id, self.kinds, self.owner, stop=self.stop, abandon=end_self)


class RoboflowWorker(Worker):
    """RQ's forking worker that also tends the job table, and hands its job back when it has to go."""

    def __init__(self, settings: Settings, kinds: Mapping[str, str]) -> None:
        name, self._stop, self.leaving = new_owner("rq"), StopRequest(), False
        self._settings, self._tended = settings, -math.inf
        every = max(1, round(settings.heartbeat_seconds))
        connection = _connect(settings)
        message = type("Message", (Message,), {"settings": settings, "kinds": kinds, "owner": name, "stop": self._stop})
        super().__init__(
            [_queue(connection, message)],
            name=name,
            connection=connection,
            job_class=message,
            serializer=JSONSerializer,
            worker_ttl=15 + every,  # RQ waits for work 15 s less than that
            job_monitoring_interval=every,
            log_job_description=False,
        )

    # called by RQ every few seconds, busy or not

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        super().heartbeat(timeout, pipeline)
        if not self.is_horse and time.monotonic() - self._tended >= self._settings.heartbeat_seconds:
            self._tended = time.monotonic()
            self._tend(None)

    def maintain_heartbeats(self, job: RqJob, execution: Any) -> None:
        try:
            super().maintain_heartbeats(job, execution)
        except redis.RedisError as error:
            log.warning("Redis does not answer (%s); the job in hand goes on", error)

    def execute_job(self, job: RqJob, queue: Queue) -> None:
        super().execute_job(job, queue)
        self._tend(None)  # it may have handed out parts, or been the last part of another

    def handle_work_horse_killed(self, job: RqJob, *how: Any) -> None:
        self._tend(self.name)

    def _tend(self, dead_owner: str | None) -> None:
        try:
            _announce(self.queues[0], _reconcile(self._settings, dead_owner))
        except RoboflowError as error:
            log.warning("jobs could not be tended: %s", error)

    # going away

    def request_stop(self, signum: int, frame: Any) -> None:
        self.leaving = True
        super().request_stop(signum, frame)

    def handle_warm_shutdown_request(self) -> None:
        if self.horse_pid:
            os.kill(self.horse_pid, signal.SIGTERM)

    def setup_work_horse_signals(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda _signal, _frame: self._stop.request())


def _reconcile(settings: Settings, dead_owner: str | None) -> tuple[int, ...]:
    """Jobs that wait, after those of the dead were re-opened. The database is closed again: RQ forks next."""
    database = Database(settings.database_url)
    try:
        with database.write() as connection:
            if dead_owner is not None:
                jobs.release(connection, dead_owner)
            jobs.reconcile(connection)
            waiting = jobs.queued(connection)
        delete_leftovers(settings, database)
        return waiting
    finally:
        database.close()


def _announce(queue: Queue, job_ids: Iterable[int]) -> None:
    """Put messages into Redis for jobs that have none there."""
    wanted = list(job_ids)
    if not wanted:
        return
    waiting = {message_id.split("-")[1] for message_id in queue.get_job_ids() if message_id.startswith("job-")}
    for job_id in wanted:
        if str(job_id) not in waiting:
            queue.enqueue_call(
                FUNCTION,
                kwargs={"job_id": job_id},
                job_id=f"job-{job_id}-{uuid4().hex[:8]}",
                timeout=-1,  # the time limit of run_job knows how to record it
                result_ttl=0,
                failure_ttl=_FAILED_SECONDS,
            )


def _queue(connection: redis.Redis, message: type[RqJob] = RqJob) -> Queue:
    return Queue(QUEUE_NAME, connection=connection, serializer=JSONSerializer, job_class=message)


def _connect(settings: Settings) -> redis.Redis:
    if not settings.redis_url:
        raise Invalid("The queue rq needs a Redis server: set ROBOFLOW_REDIS_URL.", code="bad_setting")
    try:
        return redis.Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=5)
    except ValueError as error:
        raise Invalid(
            f"ROBOFLOW_REDIS_URL is no Redis URL ({error}): write it as in redis://host:6379/0.", code="bad_setting"
        ) from error


def address_of(settings: Settings) -> str:
    """Where Redis is, without user, password and options: for messages."""
    parts = urlsplit(settings.redis_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _away(settings: Settings, error: redis.RedisError) -> BackendUnavailable:
    where = address_of(settings)
    message = f"Redis at {where} does not answer ({_reason(error)}): start it, or correct ROBOFLOW_REDIS_URL."
    return BackendUnavailable(message, code="queue_unavailable")


def _reason(error: redis.RedisError) -> str:
    return str(error) or type(error).__name__
