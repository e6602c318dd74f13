"""Jobs in parts: a job that waits for its parts is queued, and claimed again when they are over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, update

from ..domain.job import JobState
from .clock import DatabaseTime
from .tables import jobs as table

_part = table.alias("part")
_ALIVE = (JobState.QUEUED.value, JobState.RUNNING.value)
_JOINING = 0.98
"""The share of a job's progress that its parts are; the rest is putting them together."""


def waits_for_parts() -> ColumnElement[bool]:
    """Whether parts of a job are not over yet."""
    return exists(select(_part.c.id).where(_part.c.parent_id == table.c.id, _part.c.state.in_(_ALIVE)))


def shown_state() -> ColumnElement[Any]:
    """A job's state as people see it: while it waits for its parts, it runs."""
    waiting = and_(table.c.state == JobState.QUEUED.value, _has_parts())
    return case((waiting, JobState.RUNNING.value), else_=table.c.state)


def shown_progress() -> ColumnElement[Any]:
    """A job's progress, 0 to 100: that of its parts while they are what goes on."""
    done = select(_JOINING * func.avg(_part.c.progress)).where(_part.c.parent_id == table.c.id).scalar_subquery()
    together = and_(table.c.state.in_(_ALIVE), _has_parts(), done > table.c.progress)
    return case((together, done), else_=table.c.progress)


def _has_parts() -> ColumnElement[bool]:
    return exists(select(_part.c.id).where(_part.c.parent_id == table.c.id))


def end_family(connection: Connection, job_id: int, parent_id: int | None) -> None:
    """After a job ended without success: its parts end, and those that are parts of the same job."""
    whose = table.c.parent_id == job_id
    ask_to_end(connection, whose if parent_id is None else or_(whose, table.c.parent_id == parent_id))


def ask_to_end(connection: Connection, which: ColumnElement[bool]) -> None:
    """Queued jobs are cancelled now, running ones soon, those that are over never."""
    cancelled = {"state": JobState.CANCELLED.value, "cancel_requested": True, "finished_at": DatabaseTime()}
    connection.execute(update(table).where(which, table.c.state == JobState.QUEUED.value).values(cancelled))
    running = table.c.state == JobState.RUNNING.value
    connection.execute(update(table).where(which, running).values(cancel_requested=True))
