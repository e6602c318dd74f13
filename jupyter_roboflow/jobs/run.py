"""The one door through which every worker, in any process, runs a job."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Self
from uuid import uuid4

from ..domain.errors import BackendUnavailable, JobFailed, NotFound
from ..domain.job import Job, JobState
from ..settings import Settings
from ..storage import jobs
from ..storage.database import Database
from .failure import disk_is_full
from .interrupt import StopRequest, TimedOut
from .kind import JobContext, OnProgress
from .kinds import KINDS, load_kind
from .lease import Lease
from .leftovers import delete_leftovers
from .patience import patiently

log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0


def run_job(
    settings: Settings,
    job_id: int,
    kinds: Mapping[str, str] = KINDS,
    owner: str | None = None,
    *,
    on_progress: OnProgress | None = None,
    stop: StopRequest | None = None,
    abandon: Callable[[], None] | None = None,
) -> Job:
    """The job after it was run here, or as it is when it is not to be run: over already, or in other hands.

    An interrupt from the keyboard cancels the job and goes on to the caller. `BackendUnavailable` is raised when the
    database stays away; everything else that can go wrong is recorded in the job.
    """
    with Runner(settings, kinds, owner, stop=stop, abandon=abandon) as runner:
        return runner.run(job_id, on_progress)


class Runner:
    """Runs jobs one after another under one owner's name, with the database open in between."""

    def __init__(
        self,
        settings: Settings,
        kinds: Mapping[str, str] = KINDS,
        owner: str | None = None,
        *,
        stop: StopRequest | None = None,
        abandon: Callable[[], None] | None = None,
    ) -> None:
        self._settings, self._kinds = settings, kinds
        self._owner = owner or new_owner("run")
        self._stop = stop or StopRequest()
        self._abandon = abandon
        self._db = patiently(lambda: Database(settings.database_url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def run(self, job_id: int, on_progress: OnProgress | None = None) -> Job:
        """See `run_job`."""
        while True:
            claimed = self._claim(job_id)
            if claimed is None:
                return self._get(job_id)
            job = self._attempt(claimed, on_progress)
            if job.state is not JobState.QUEUED or self._stop.requested:
                return job

    def run_next(self) -> bool:
        """Run whichever job waits longest; False when none does."""
        claimed = self._claim(None)
        if claimed is not None:
            self._attempt(claimed, None)
        return claimed is not None

    def sweep(self) -> None:
        """Remove what killed workers left in the folder for temporary files, once its job is over."""
        patiently(lambda: delete_leftovers(self._settings, self._db), give_up=lambda: self._stop.requested)

    def _claim(self, job_id: int | None) -> Job | None:
        def once() -> Job | None:
            with self._db.write() as connection:
                return jobs.claim(connection, self._owner, self._settings.lease_seconds, job_id)

        return patiently(once, give_up=lambda: self._stop.requested)

    def _get(self, job_id: int) -> Job:
        def once() -> Job:
            with self._db.read() as connection:
                return jobs.get(connection, job_id)

        return patiently(once, give_up=lambda: self._stop.requested)

    def _attempt(self, job: Job, on_progress: OnProgress | None) -> Job:
        lease = Lease(self._db, job, self._owner, self._settings, self._stop, self._abandon)
        # inline there is no other worker: the parts of a job are run by the job itself
        run_part = self.run if self._owner.startswith(jobs.INLINE) else None
        context = JobContext(self._settings, self._db, lease, on_progress, run_part)
        with lease:
            self._work(lease, context)
        try:
            return self._get(job.id)
        except NotFound:  # deleted while it ran, together with its dataset
            return replace(job, state=JobState.CANCELLED)

    def _try_later(self, lease: Lease, error: BackendUnavailable) -> None:
        """Queue the job again after a pause, longer each time: the database or the store is away."""
        log.warning("job %d, attempt %d: %s", lease.job.id, lease.job.attempt, error)
        try:
            lease.pause(_RETRY_SECONDS * 2 ** (lease.job.attempt - 1))
        except JobFailed as interrupt:
            lease.end(interrupt)
        else:
            lease.end(error, again=True)

    def _work(self, lease: Lease, context: JobContext) -> None:
        try:
            try:
                result = load_kind(lease.job.kind, self._kinds).run(context)
            finally:
                context.close()  # before the row says it is over: who sees the end finds no temporary files
            lease.succeed(_as_json(result))
        except KeyboardInterrupt as interrupt:
            lease.end(interrupt)
            raise
        except BackendUnavailable as error:
            if disk_is_full(error):
                lease.end(error)
            else:
                self._try_later(lease, error)
        except (Exception, SystemExit) as failure:
            lease.end(failure)
            if isinstance(failure, TimedOut) and self._abandon is not None:
                self._abandon()  # whatever the job started must not live on


def _as_json(result: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(dict(result), allow_nan=False))


def new_owner(role: str) -> str:
    """A name for whoever holds leases that nobody else ever had; says where to look for the process."""
    return f"{role}:{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:12]}"
