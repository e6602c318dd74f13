"""Starting jobs and waiting for them, with progress and Ctrl+C."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..domain.errors import JobCancelled, RoboflowError
from ..domain.job import Job, JobState
from ..jobs.failure import failure_of
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
    return failure_of(job.error, job.id)
