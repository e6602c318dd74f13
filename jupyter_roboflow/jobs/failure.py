"""What went wrong, in the words a job row keeps: a stable code, a message for people, details for programs."""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from ..domain import errors
from ..domain.errors import JobFailed, RoboflowError

log = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_FULL_WORDS = ("no space left on device", "database or disk is full", "there is not enough space on the disk")
"""How libraries that keep no errno say it: Rust's and C's strerror, SQLite, Windows."""


def error_of(failure: BaseException, job_id: int) -> dict[str, Any]:
    """`{"code", "message", "details"}` of any failure. What is unexpected goes to the log with its traceback."""
    if disk_is_full(failure):
        return _error("disk_full", "The disk is full. Nothing was published; free some space and start the job again.")
    if isinstance(failure, RoboflowError):
        return _plain({**failure.as_dict(), "kind": type(failure).__name__})
    log.error("job %d failed unexpectedly", job_id, exc_info=failure)
    if isinstance(failure, MemoryError):
        return _error("out_of_memory", "The job needed more memory than there is: use fewer workers, or more memory.")
    return _error(
        "internal",
        f"Something unexpected went wrong ({type(failure).__name__}). Start the job again; if that does not help, "
        f"the log of the worker has the details under job {job_id}.",
    )


def failure_of(error: Mapping[str, Any] | None, job_id: int) -> RoboflowError:
    """What a failed job raises for those who wait for it: the class that its error had when it was raised."""
    told: Mapping[str, Any] = error or {"code": "job_failed", "message": f"Job {job_id} failed."}
    kind = _by_name().get(str(told.get("kind")), JobFailed)
    return kind(told["message"], code=told["code"], **dict(told.get("details") or {}))


def _by_name() -> dict[str, type[RoboflowError]]:
    kinds = (value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, RoboflowError))
    return {kind.__name__: kind for kind in kinds}


def _error(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "details": {}}


def disk_is_full(failure: BaseException) -> bool:
    """Whether that is the reason, however a library put it; trying again does not help then."""
    for cause in _chain(failure):
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return True
        if any(words in str(cause).lower() for words in _FULL_WORDS):
            return True
    return False


def _chain(failure: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = failure
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _plain(error: Mapping[str, Any]) -> dict[str, Any]:
    """Details may hold anything; the row keeps JSON."""
    return json.loads(json.dumps(error, default=str))
