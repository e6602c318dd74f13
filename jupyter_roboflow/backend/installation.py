"""The parts that every LocalBackend of a process shares: database, store, decoders and queue."""

from __future__ import annotations

import threading

from ..ingest.pool import DecodePool
from ..jobs.kind import OnProgress
from ..jobs.opening import open_queue
from ..jobs.queue import InlineQueue, JobQueue
from ..settings import Settings
from ..storage.database import Database
from ..storage.files import open_store
from .assistance import Assistance
from .previewing import Previewing


class Installation:
    """Opened once a process; what needs a child process or a connection gets it when it is first used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.store = open_store(settings)
        self.assistance = Assistance(self.store.read_blob)
        self.previewing = Previewing(self.store.read_blob)
        self._lock = threading.Lock()
        self._pool: DecodePool | None = None
        self._queue: JobQueue | None = None

    @property
    def pool(self) -> DecodePool:
        """The child processes that decode pictures; started on first use."""
        with self._lock:
            if self._pool is None:
                self._pool = DecodePool(self.settings)
            return self._pool

    @property
    def queue(self) -> JobQueue:
        with self._lock:
            if self._queue is None:
                self._queue = open_queue(self.settings)
            return self._queue

    @property
    def runs_inline(self) -> bool:
        """Whether jobs run in the thread that starts them, as the person who starts them."""
        return self.settings.queue == "inline"

    def submit(self, job_id: int, on_progress: OnProgress | None = None) -> None:
        """Have a job run. Where that is in this thread, it is over afterwards and `on_progress` was told on the way."""
        if self.runs_inline:
            with InlineQueue(self.settings, on_progress) as queue:
                queue.submit(job_id)
        else:
            self.queue.submit(job_id)

    def close(self) -> None:
        """Stop child processes and let go of connections."""
        with self._lock:
            if self._queue is not None:
                self._queue.close()
            if self._pool is not None:
                self._pool.close()
            self._queue = self._pool = None
        self.assistance.close()
        self.previewing.close()
        self.database.close()
