"""What a server does without being asked: lost jobs, figures for the metrics, exports that are past their time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic

from jupyter_roboflow.backend.installation import Installation
from jupyter_roboflow.backend.upkeep import JobFigures, Upkeep, is_there
from jupyter_roboflow.domain.errors import RoboflowError
from jupyter_roboflow.logs import News
from jupyter_roboflow.settings import Settings

from . import metrics

log = logging.getLogger(__name__)

EVERY_SECONDS = 15.0
_STORAGE_SECONDS = 600.0
_EXPORTS_SECONDS = 3600.0
_DELETIONS_SECONDS = 60.0
_REQUESTS_SECONDS = 3600.0
_ORPHANS_SECONDS = 24 * 3600.0
_ORPHANS_FIRST = 300.0
"""Not while the server is starting: it lists the whole store."""


class Reconciler:
    """A thread of the server, started with it. What fails is told once and tried again; requests never wait for it."""

    def __init__(self, settings: Settings, open_here: Callable[[], Installation]) -> None:
        self._settings, self._open_here = settings, open_here
        self._every = min(EVERY_SECONDS, settings.heartbeat_seconds)
        self._stopping = threading.Event()
        self._news = News(log)
        self._figures: JobFigures | None = None
        self._used = False
        now = monotonic()
        self._due = {"storage": now, "exports": now, "deletions": now, "requests": now, "orphans": now + _ORPHANS_FIRST}
        self._thread = threading.Thread(target=self._work, name="roboflow-reconciler", daemon=True)

    def start(self) -> None:
        """Look after jobs from now on, at once and every few seconds."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Begin nothing new; wait up to `seconds` for what is being done. It may be cut off anywhere."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _work(self) -> None:
        while True:
            self.once()
            if self._stopping.wait(self._every):
                return

    def once(self) -> None:
        """One round; nothing is raised."""
        try:
            self._used = self._used or is_there(self._settings)
            if self._used:
                self._look_after(Upkeep(self._open_here()))
                self._news.good("jobs are looked after again")
        except RoboflowError as error:
            self._news.bad("jobs could not be looked after: %s", error)
        except Exception as error:
            self._news.bad("jobs could not be looked after: %r", error)

    def _look_after(self, upkeep: Upkeep) -> None:
        upkeep.tend_jobs()
        self._figures = upkeep.jobs(self._figures)
        metrics.observe_jobs(self._figures)
        if self._is_due("storage", _STORAGE_SECONDS):
            metrics.observe_storage(upkeep.stored_bytes())
        if self._is_due("exports", _EXPORTS_SECONDS) and (gone := upkeep.delete_old_exports()):
            log.info("%d exports were older than %g days and are gone", gone, self._settings.export_days)
        if self._is_due("deletions", _DELETIONS_SECONDS) and (gone := upkeep.finish_deletions()):
            log.info("%d images of deleted datasets, left by a job that did not end, are gone", gone)
        if self._is_due("requests", _REQUESTS_SECONDS):
            upkeep.forget_requests()
        if self._is_due("orphans", _ORPHANS_SECONDS) and (gone := upkeep.collect_orphans()):
            log.info("%d stored files that nothing referred to are gone", gone)
        metrics.observe_upkeep(upkeep)

    def _is_due(self, chore: str, every: float) -> bool:
        if self._stopping.is_set() or monotonic() < self._due[chore]:
            return False
        self._due[chore] = monotonic() + every
        return True
