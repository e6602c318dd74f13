"""One attempt's hold on its job: heartbeats while it works, and a fence around everything it changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from ..domain.errors import JobCancelled, JobFailed, RoboflowError
from ..domain.job import Job, JobState
from ..settings import Settings
from ..storage import jobs
from ..storage.database import Connection, Database
from ..storage.jobs import Hold
from .failure import error_of
from .interrupt import HandedBack, LeaseLost, StopRequest, TimedOut
from .patience import patiently

log = logging.getLogger(__name__)

HEED_SECONDS = 4.0
"""How long a job may go on after it should have ended, before its process is ended."""
_TICK_SECONDS = 0.1
_NEWS_SECONDS = 1.0
"""Progress is written at most this often; each write also learns of a cancellation."""
_LAST_WORDS_SECONDS = 2.0


class Lease:
    """Entered while an attempt runs. `abandon`, if given, ends the process of a job that does not stop when it must."""

    def __init__(
        self,
        db: Database,
        job: Job,
        owner: str,
        settings: Settings,
        stop: StopRequest | None = None,
        abandon: Callable[[], None] | None = None,
    ) -> None:
        self.job = job
        self.progress, self.message = job.progress, job.message
        self.published = False
        self._db, self._owner, self._settings = db, owner, settings
        self._stop = stop or StopRequest()
        self._abandon = abandon
        self._deadline = time.monotonic() + settings.job_seconds
        self._interrupt: type[JobFailed] | None = None
        self._over = threading.Event()
        self._writing = threading.Lock()

    def __enter__(self) -> Lease:
        for loop in (self._keep_beating, self._watch_clock):
            threading.Thread(target=loop, name=f"job-{self.job.id}", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    # what the job asks

    def check(self) -> None:
        """Raise the reason to end, if there is one."""
        self._look_at_clock()
        if self._interrupt is not None:
            raise self._reason(self._interrupt)

    def pause(self, seconds: float) -> None:
        """Wait, but raise like `check` as soon as there is a reason to end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.check()
            time.sleep(_TICK_SECONDS)

    @contextmanager
    def transaction(self) -> Generator[Connection]:
        """A write transaction with the job's row locked and its attempt verified. The lease is fresh when it ends."""
        self.check()
        with self._writing:
            stack, connection = patiently(self._begin, give_up=self._must_end)
            with stack:
                yield connection
                self._renew(connection)

    def publish(self, write: Callable[[Connection], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Run `write` and record success with what it returns, in one transaction."""

        def once() -> Mapping[str, Any]:
            done = self._published_before()  # when the connection broke after the commit
            if done is not None:
                return done
            with self.transaction() as connection:
                result = write(connection)
                jobs.finish(connection, self.job, self._owner, JobState.SUCCEEDED, result=result)
            return result

        result = patiently(once, give_up=self._must_end)
        self.published = True
        return result

    def hand_out(self, write: Callable[[Connection], object]) -> None:
        """Run `write`, which makes the job's parts, and let go of the job until they are over, in one transaction."""

        def once() -> None:
            with self.transaction() as connection:
                write(connection)
                jobs.wait_for_parts(connection, self.job, self._owner)

        patiently(once, give_up=self._must_end)
        self.published = True

    # how it ends

    def succeed(self, result: Mapping[str, Any]) -> None:
        """Record the result of a job that published nothing by itself."""
        if not self.published:
            self._finish(JobState.SUCCEEDED, result=result)

    def end(self, failure: BaseException, *, again: bool = False) -> None:
        """Record why the attempt ended; `again` queues the job for another one."""
        if isinstance(failure, LeaseLost):
            log.warning("%s", failure)
        elif again or isinstance(failure, HandedBack):
            self._requeue(failure)
        elif isinstance(failure, (JobCancelled, KeyboardInterrupt)):
            self._finish(JobState.CANCELLED)
        else:
            self._finish(JobState.FAILED, error=error_of(failure, self.job.id))

    def _requeue(self, failure: BaseException) -> None:
        error, refund = error_of(failure, self.job.id), isinstance(failure, HandedBack)
        self._write(lambda connection: jobs.requeue(connection, self.job, self._owner, refund=refund, error=error))

    def _finish(self, state: JobState, **outcome: Mapping[str, Any]) -> None:
        def write(connection: Connection) -> None:
            jobs.heartbeat(connection, self.job, self._owner, self._seconds, self.progress, self.message)
            jobs.finish(connection, self.job, self._owner, state, **outcome)

        self._write(write)

    def _write(self, action: Callable[[Connection], object]) -> None:
        def once() -> None:
            with self._db.write() as connection:
                action(connection)

        patiently(once)

    # the fence

    def _begin(self) -> tuple[ExitStack, Connection]:
        with ExitStack() as stack:
            connection = stack.enter_context(self._db.write())
            self._note(jobs.hold(connection, self.job, self._owner))
            if self._interrupt is not None:
                raise self._reason(self._interrupt)
            return stack.pop_all(), connection

    def _published_before(self) -> Mapping[str, Any] | None:
        with self._db.read() as connection:
            now = jobs.get(connection, self.job.id)
        return now.result if now.state is JobState.SUCCEEDED and now.attempt == self.job.attempt else None

    def _renew(self, connection: Connection) -> Hold:
        return jobs.heartbeat(connection, self.job, self._owner, self._seconds, self.progress, self.message)

    # the two threads

    def _keep_beating(self) -> None:
        beat, told = time.monotonic(), self.progress
        while not self._over.wait(_TICK_SECONDS):
            age, news = time.monotonic() - beat, self.progress != told
            if age >= self._settings.heartbeat_seconds or (news and age >= _NEWS_SECONDS):
                told, beat = self.progress, time.monotonic()
                self._beat()

    def _beat(self) -> None:
        try:
            with self._writing, self._db.write() as connection:
                self._note(self._renew(connection))
        except RoboflowError as error:
            log.warning("heartbeat of job %d: %s", self.job.id, error)
        except Exception:
            log.exception("heartbeat of job %d", self.job.id)

    def _watch_clock(self) -> None:
        since: float | None = None
        while not self._over.wait(_TICK_SECONDS):
            self._look_at_clock()
            if self._interrupt is not None and self._abandon is not None:
                since = since or time.monotonic()
                if time.monotonic() - since >= HEED_SECONDS:
                    self._leave(self._interrupt, self._abandon)

    def _leave(self, why: type[JobFailed], abandon: Callable[[], None]) -> None:
        log.error("job %d did not stop; its process ends", self.job.id)
        last_words = threading.Thread(target=self.end, args=(self._reason(why),), daemon=True)
        last_words.start()
        last_words.join(_LAST_WORDS_SECONDS)
        if not self._over.is_set():
            abandon()

    # reasons

    def _must_end(self) -> bool:
        self._look_at_clock()
        return self._interrupt is not None

    def _look_at_clock(self) -> None:
        if time.monotonic() >= self._deadline:
            self._interrupt = self._interrupt or TimedOut
        if self._stop.due:
            self._interrupt = self._interrupt or HandedBack

    def _note(self, hold: Hold) -> None:
        if hold is Hold.LOST:
            self._interrupt = LeaseLost
        elif hold is Hold.CANCELLING:
            self._interrupt = self._interrupt or JobCancelled

    def _reason(self, why: type[JobFailed]) -> JobFailed:
        limit = f"{self._settings.job_seconds:g} s"
        messages: dict[type[JobFailed], str] = {
            JobCancelled: "was cancelled.",
            TimedOut: f"took longer than {limit}: split the work, or raise ROBOFLOW_JOB_SECONDS.",
            HandedBack: "was handed back because its worker stops.",
            LeaseLost: f"went on to another worker; attempt {self.job.attempt} must not change anything any more.",
        }
        return why(f"Job {self.job.id} {messages[why]}")

    @property
    def _seconds(self) -> float:
        return self._settings.lease_seconds
