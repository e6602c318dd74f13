"""Why a running job has to end before its work is done."""

from __future__ import annotations

import time

from ..domain.errors import JobFailed


class LeaseLost(JobFailed):
    """The job went on to another worker; whatever this attempt still does must have no effect."""

    code = "lease_lost"


class TimedOut(JobFailed):
    """The job ran longer than `Settings.job_seconds`."""

    code = "timeout"


class HandedBack(JobFailed):
    """The worker is going away; the job is queued again and loses no attempt."""

    code = "handed_back"


class StopRequest:
    """Tells a running job that its process is about to end. Safe to call from a signal handler.

    The job may still finish within `FINISH_SECONDS`; after that it is handed back.
    """

    FINISH_SECONDS = 4.0

    def __init__(self) -> None:
        self._since: float | None = None

    def request(self) -> None:
        """Ask for the end; the first call counts."""
        if self._since is None:
            self._since = time.monotonic()

    @property
    def requested(self) -> bool:
        """Whether no new job may be started."""
        return self._since is not None

    @property
    def due(self) -> bool:
        """Whether the job in hand may no longer finish."""
        return self._since is not None and time.monotonic() - self._since >= self.FINISH_SECONDS
