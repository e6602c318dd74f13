"""The parts that every LocalBackend of a process shares: database, store, decoders and queue."""

from __future__ import annotations

import functools
import threading

from ..domain.errors import Invalid
from ..ingest.pool import DecodePool
from ..jobs.queue import JobQueue, open_queue
from ..settings import Settings
from ..storage.check import Report, check
from ..storage.database import Database
from ..storage.files import ImageStore


class Installation:
    """Opened once a process. The database is brought up to date in embedded mode; servers are migrated by `db upgrade`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.store = ImageStore(settings.storage_url)
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

    def close(self) -> None:
        """Stop child processes and let go of connections."""
        with self._lock:
            if self._queue is not None:
                self._queue.close()
            if self._pool is not None:
                self._pool.close()
            self._queue = self._pool = None
        self.database.close()


def database_status(settings: Settings, *, upgrade: bool) -> dict[str, object]:
    """Where the schema stands; with `upgrade` it is brought up to date first."""
    database = Database(settings.database_url)
    try:
        before = database.schema_revision()
        if upgrade:
            database.migrate()
        after = database.schema_revision()
        return {"database": database.title, "revision": after or "none", "upgraded": before != after}
    finally:
        database.close()


def check_installation(settings: Settings, *, deep: bool) -> Report:
    """The database compared with the store, changing neither."""
    database = Database(settings.database_url)
    try:
        if database.schema_revision() is None:
            raise Invalid("There is no database yet to check: run `jupyter roboflow demo` or import something first.")
        return check(database, ImageStore(settings.storage_url), deep=deep)
    finally:
        database.close()


@functools.cache
def is_server(database_url: str) -> bool:
    """Whether a database URL names a server, which an administrator migrates, rather than a file."""
    return not database_url.startswith("sqlite")
