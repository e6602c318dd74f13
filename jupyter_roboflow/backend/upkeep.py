"""What an installation needs now and then, and what can be asked about its state. A server does it; see `Upkeep`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..domain.errors import BackendUnavailable
from ..jobs.leftovers import delete_leftovers
from ..settings import Settings
from ..storage import audit, deletion, exports, figures, idempotency, jobs
from ..storage.database import Database
from ..storage.files import open_store
from ..storage.orphans import collect_orphans
from .installation import Installation

JobFigures = figures.JobFigures
EndedJob = figures.EndedJob


def is_there(settings: Settings) -> bool:
    """Whether somebody has used this installation; asking makes no database."""
    database = Database(settings.database_url)
    try:
        return database.schema_revision() is not None
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The chores of one installation. Every one may run on several servers at once."""

    here: Installation

    def tend_jobs(self) -> None:
        """Have waiting jobs run, those of killed servers and workers too; no local workers start for nothing."""
        with self.here.database.read() as conn:
            needed = bool(jobs.queued(conn, limit=1) or jobs.expired(conn))
        if needed:
            self.here.queue.tend()
        delete_leftovers(self.here.settings, self.here.database)

    def delete_old_exports(self) -> int:
        """Delete exports that are older than `export_days`, with an audit row each; how many."""
        days, gone = self.here.settings.export_days, 0
        while days:
            with self.here.database.write() as conn:
                old = exports.take_out_older(conn, timedelta(days=days))
                audit.record_many(
                    conn,
                    audit.NOBODY,
                    [("export_expired", e.dataset_id, None, e.filename, {"export": e.id, "days": days}) for e in old],
                )
            for export in old:  # the rows are gone: a file that stays now is an orphan and collected as such
                self.here.store.delete(export.path)
            if not old:
                break
            gone += len(old)
        return gone

    def finish_deletions(self) -> int:
        """Take away what is left of deleted datasets whose job was cancelled or failed; how many images."""
        return deletion.finish_deletions(self.here.database)

    def forget_requests(self) -> int:
        """Forget the answers that are kept for repeated requests, once they are a day old; how many."""
        with self.here.database.write() as conn:
            return idempotency.forget_old(conn, datetime.now(UTC))

    def collect_orphans(self) -> int:
        """Delete stored files that nothing refers to, found so twice, a day apart; how many."""
        return collect_orphans(self.here.database, self.here.store)

    def jobs(self, before: JobFigures | None) -> JobFigures:
        """The job table in numbers, and what ended since `before`."""
        with self.here.database.read() as conn:
            return figures.job_figures(conn, before)

    def stored_bytes(self) -> Mapping[str, int]:
        """Bytes of `images` and `exports`."""
        with self.here.database.read() as conn:
            return figures.stored_bytes(conn)

    def connections_in_use(self) -> int:
        """Database connections that somebody works with now."""
        return figures.connections_in_use(self.here.database)


def checks(open_here: Callable[[], Installation], settings: Settings) -> Mapping[str, Callable[[], None]]:
    """What has to work for requests to be answered; each raises `BackendUnavailable` when it does not."""

    store = open_store(settings)

    def database() -> None:
        with open_here().database.read() as conn:
            conn.exec_driver_sql("SELECT 1")

    def look_into_store() -> None:
        if not os.access(store.temp_dir(), os.W_OK):
            raise BackendUnavailable(f"The store {store.title} cannot be written.", code="storage_read_only")
        store.stat("health")

    def queue() -> None:
        here = open_here()
        if here.settings.queue == "rq":  # to open another one would start its workers
            here.queue.check()

    return {"database": database, "store": look_into_store, "queue": queue}
