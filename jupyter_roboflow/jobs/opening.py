"""From settings to a queue."""

from __future__ import annotations

from ..domain.errors import Invalid
from ..settings import Settings
from .kind import OnProgress
from .queue import InlineQueue, JobQueue


def open_queue(settings: Settings, on_progress: OnProgress | None = None) -> JobQueue:
    """The queue that `settings.queue` names: `inline`, `local` (worker processes of this one) or `rq` (Redis)."""
    if settings.queue == "inline":
        return InlineQueue(settings, on_progress)
    if settings.queue == "local":
        from .local_queue import LocalQueue

        return LocalQueue(settings)
    if settings.queue == "rq":
        from .rq_queue import RqQueue

        return RqQueue(settings)
    raise Invalid(f"ROBOFLOW_QUEUE={settings.queue!r} is none of inline, local, rq.", code="bad_setting")
