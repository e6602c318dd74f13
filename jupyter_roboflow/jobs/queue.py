"""How a job comes to a worker. The job's row is the truth; a queue makes sure that somebody looks at it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from threading import Lock
from typing import Self

from ..domain.job import Job
from ..settings import Settings
from ..storage import jobs
from ..storage.database import Database
from .kind import OnProgress
from .kinds import KINDS
from .run import new_owner, run_job


class JobQueue(ABC):
    """Takes the id of a job whose row is committed. Submitting one twice runs it once."""

    def __init__(self, settings: Settings, kinds: Mapping[str, str] = KINDS) -> None:
        self._settings, self._kinds = settings, kinds
        self._database: Database | None = None
        self._opening = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def submit(self, job_id: int) -> None:
        """Have the job run. Returns at once where workers are other processes."""

    def cancel(self, job_id: int) -> Job:
        """Ask a job to end: cancelled now if it waits, soon if it runs (within a heartbeat), never if it is over."""
        with self._db.write() as connection:
            return jobs.request_cancel(connection, job_id)

    def tend(self) -> None:
        """Re-open jobs whose worker died, and see to it that somebody looks at those that wait. Called now and then."""
        with self._db.read() as connection:
            lost = jobs.expired(connection)
        if lost:
            with self._db.write() as connection:
                jobs.reconcile(connection)

    def check(self) -> None:  # noqa: B027 – where the database is the queue there is nothing else to ask
        """Raise `BackendUnavailable` when jobs cannot be handed to workers now."""

    def close(self) -> None:
        """Let go of workers and connections; jobs in hand finish within seconds or go back to the queue."""
        with self._opening:
            if self._database is not None:
                self._database.close()
            self._database = None

    @property
    def _db(self) -> Database:
        with self._opening:
            if self._database is None:
                self._database = Database(self._settings.database_url)
            return self._database


class InlineQueue(JobQueue):
    """Runs a job in the calling thread: `submit` returns when it is over. Ctrl-C cancels it and is raised again.

    A job whose process died under it is failed (`worker_lost`) by whoever submits the next one.
    """

    def __init__(
        self, settings: Settings, on_progress: OnProgress | None = None, kinds: Mapping[str, str] = KINDS
    ) -> None:
        super().__init__(settings, kinds)
        self._on_progress = on_progress

    def submit(self, job_id: int) -> None:
        with self._db.write() as connection:
            jobs.reconcile(connection)
        run_job(self._settings, job_id, self._kinds, new_owner(jobs.INLINE.rstrip(":")), on_progress=self._on_progress)
