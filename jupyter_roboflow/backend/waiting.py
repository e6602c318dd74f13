"""Starting jobs and waiting for them, with progress and Ctrl+C."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ..domain import errors
from ..domain.errors import JobCancelled, JobFailed, RoboflowError
from ..domain.job import Job, JobState
from .backend import OnProgress

_FIRST_LOOK = 0.02
_SLOWEST_LOOK = 0.5


def wait(look: Callable[[], Job], cancel: Callable[[], None], on_progress: OnProgress | None) -> Job:
    """The job once it succeeded; otherwise its own error is raised. Ctrl+C cancels it and is passed on."""
    pause = _FIRST_LOOK
    try:
        while not (job := look()).state.over:
            if on_progress:
                on_progress(job.progress, 100.0, job.message)
            time.sleep(pause)
            pause = min(pause * 1.5, _SLOWEST_LOOK)
    except KeyboardInterrupt:
        cancel()
        raise
    if job.state is JobState.SUCCEEDED:
        return job
    raise job_error(job)


def job_error(job: Job) -> RoboflowError:
    """What a failed or cancelled job raises: the class that its error code had when it was raised."""
    if job.state is JobState.CANCELLED:
        return JobCancelled(f"Job {job.id} ({job.kind}) was cancelled; nothing of it was kept.")
    error: Mapping[str, Any] = job.error or {"code": "job_failed", "message": f"Job {job.id} failed."}
    kind = _by_name().get(str(error.get("kind")), JobFailed)
    return kind(error["message"], code=error["code"], **dict(error.get("details") or {}))


def _by_name() -> dict[str, type[RoboflowError]]:
    kinds = (value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, RoboflowError))
    return {kind.__name__: kind for kind in kinds}
