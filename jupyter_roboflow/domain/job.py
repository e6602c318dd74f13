"""Long work, as one row describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    """`queued → running → succeeded | failed | cancelled`; a running job whose worker died is queued again."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work. `progress` is 0 to 100, never goes back; `error` is `{"code", "message", "details"}`.

    A job with a `parent_id` is a part of that one.
    """

    id: int
    kind: str
    dataset_id: int | None
    user_id: int
    params: Mapping[str, Any]
    state: JobState
    progress: float
    message: str
    result: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    attempt: int
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    parent_id: int | None = None
