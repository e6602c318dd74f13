"""The job table as a queue: who may run a job, for how long, and what may still be changed about it.

A running job belongs to one attempt of one owner until its lease ends. Claiming is a compare-and-set that counts the
attempt up; every later change names attempt and owner, so a worker that was given up on changes nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, insert, or_, select, update

from ..domain.errors import Invalid, NotFound
from ..domain.job import Job, JobState
from ..domain.page import Page, check_page
from ..domain.user import User
from .clock import DatabaseTime
from .families import ask_to_end, end_family, shown_progress, shown_state, waits_for_parts
from .tables import jobs as table

INLINE = "inline:"
"""Owners whose names start so run their job in the caller's process: when that dies nobody is there to try again."""

MAX_ATTEMPTS = 3
_MESSAGE_LENGTH = 500


class Hold(Enum):
    """What an attempt learns about its job."""

    KEPT = "kept"
    CANCELLING = "cancelling"
    LOST = "lost"


def create(
    connection: Connection,
    user: User,
    kind: str,
    dataset_id: int | None,
    params: Mapping[str, Any],
    max_attempts: int = MAX_ATTEMPTS,
    *,
    parent_id: int | None = None,
) -> Job:
    """A new queued job, or part of one. It is run once a queue hears of it, or finds it."""
    values = {
        "kind": kind,
        "dataset_id": dataset_id,
        "user_id": user.id,
        "params": json.dumps(dict(params), allow_nan=False),
        "state": JobState.QUEUED.value,
        "progress": 0.0,
        "message": "",
        "attempt": 0,
        "max_attempts": max_attempts,
        "cancel_requested": False,
        "created_at": DatabaseTime(),
        "parent_id": parent_id,
    }
    key = connection.execute(insert(table).values(values)).inserted_primary_key
    assert key is not None
    return get(connection, key[0])


def get(connection: Connection, job_id: int) -> Job:
    """The job of that id; `NotFound` when there is none."""
    row = connection.execute(_shown().where(table.c.id == job_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no job {job_id}.", job=job_id)
    return _job(row)


def parts(connection: Connection, job_id: int) -> tuple[Job, ...]:
    """The jobs that are parts of this one, in the order they were made."""
    query = _shown().where(table.c.parent_id == job_id).order_by(table.c.id)
    return tuple(_job(row) for row in connection.execute(query))


def list_page(
    connection: Connection,
    user: User | None,
    dataset_id: int | None = None,
    state: JobState | None = None,
    page: int = 1,
    limit: int = 100,
) -> Page[Job]:
    """Jobs from the newest on: those `user` started (None: anybody's), in one dataset or in all. No parts of jobs."""
    check_page(page, limit)
    wanted = [
        condition
        for value, condition in (
            (user, table.c.user_id == (user.id if user else None)),
            (dataset_id, table.c.dataset_id == dataset_id),
            (state, shown_state() == (state.value if state else None)),
        )
        if value is not None
    ]
    wanted.append(table.c.parent_id.is_(None))
    total = connection.execute(select(func.count()).select_from(table).where(*wanted)).scalar_one()
    rows = connection.execute(
        _shown().where(*wanted).order_by(table.c.id.desc()).limit(limit).offset((page - 1) * limit)
    )
    return Page(tuple(_job(row) for row in rows), total, page, limit)


def claim(connection: Connection, owner: str, lease_seconds: float, job_id: int | None = None) -> Job | None:
    """A job that is now `owner`'s for `lease_seconds`: that one, or the one that waits longest. None: nothing to do.

    Queued jobs can be claimed once their parts are over, running ones when their lease has ended and attempts are left.
    """
    free = or_(table.c.state == JobState.QUEUED.value, _expired())
    wanted = [free, table.c.attempt < table.c.max_attempts, table.c.cancel_requested.is_(False)]
    wanted.append(~waits_for_parts())
    if job_id is not None:
        wanted.append(table.c.id == job_id)
    found = connection.execute(
        _locked(
            select(table.c.id, table.c.attempt).where(*wanted).order_by(table.c.id).limit(1), wait=job_id is not None
        )
    ).one_or_none()
    if found is None:
        return None
    changed = connection.execute(
        update(table)
        .where(table.c.id == found.id, table.c.attempt == found.attempt, free)
        .values(
            state=JobState.RUNNING.value,
            attempt=found.attempt + 1,
            lease_owner=owner,
            lease_until=DatabaseTime(lease_seconds),
            started_at=func.coalesce(table.c.started_at, DatabaseTime()),
        )
    )
    return get(connection, found.id) if changed.rowcount == 1 else None


def hold(connection: Connection, job: Job, owner: str) -> Hold:
    """Whether this attempt still has its job; if so the row stays locked until the transaction ends."""
    row = connection.execute(
        _locked(select(table.c.cancel_requested).where(_held(job, owner)), wait=True)
    ).one_or_none()
    if row is None:
        return Hold.LOST
    return Hold.CANCELLING if row.cancel_requested else Hold.KEPT


def heartbeat(
    connection: Connection, job: Job, owner: str, lease_seconds: float, progress: float, message: str = ""
) -> Hold:
    """Make the lease last `lease_seconds` from now and tell the progress, which never goes back."""
    if not math.isfinite(progress):
        raise Invalid(f"Progress is a number from 0 to 100, not {progress}.", code="bad_progress")
    told = min(max(progress, 0.0), 100.0)
    connection.execute(
        update(table)
        .where(_held(job, owner))
        .values(
            lease_until=DatabaseTime(lease_seconds),
            progress=case((table.c.progress < told, told), else_=table.c.progress),
            message=message[:_MESSAGE_LENGTH],
        )
    )
    return hold(connection, job, owner)


def finish(
    connection: Connection,
    job: Job,
    owner: str,
    state: JobState,
    *,
    result: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
) -> bool:
    """Record the end of this attempt's job; False, and nothing changed, when it is not its job any more."""
    values: dict[str, Any] = {
        "state": state.value,
        "result": None if result is None else json.dumps(dict(result), allow_nan=False),
        "error": None if error is None else json.dumps(dict(error)),
        **_RELEASED,
        "finished_at": DatabaseTime(),
    }
    if state is JobState.SUCCEEDED:
        values["progress"] = 100.0
    done = connection.execute(update(table).where(_held(job, owner)).values(values)).rowcount == 1
    if done and state is not JobState.SUCCEEDED:
        end_family(connection, job.id, job.parent_id)
    return done


def wait_for_parts(connection: Connection, job: Job, owner: str) -> bool:
    """Let go of a running job until its parts are over; then it is claimed again, and this attempt did not count."""
    values: dict[str, Any] = {"state": JobState.QUEUED.value, "max_attempts": table.c.max_attempts + 1, **_RELEASED}
    return connection.execute(update(table).where(_held(job, owner)).values(values)).rowcount == 1


def requeue(
    connection: Connection,
    job: Job,
    owner: str,
    *,
    refund: bool = False,
    error: Mapping[str, Any] | None = None,
) -> bool:
    """Hand a running job back to the queue; `refund` when the attempt shall not count, as it was not the job's fault.

    After the last attempt it fails instead, with `error`.
    """
    if refund:
        values: dict[str, Any] = {"max_attempts": table.c.max_attempts + 1}
        connection.execute(update(table).where(_held(job, owner)).values(values))
    return _reopen(connection, _held(job, owner), error) > 0


def request_cancel(connection: Connection, job_id: int) -> Job:
    """The job after it was asked to stop: a queued one is cancelled now, a running one soon, one that is over never.

    Its parts are asked with it.
    """
    ask_to_end(connection, or_(table.c.id == job_id, table.c.parent_id == job_id))
    return get(connection, job_id)


def queued(connection: Connection, limit: int = 1000) -> tuple[int, ...]:
    """Ids of jobs that wait for a worker, the longest waiting first."""
    rows = connection.execute(
        select(table.c.id)
        .where(table.c.state == JobState.QUEUED.value, ~waits_for_parts())
        .order_by(table.c.id)
        .limit(limit)
    )
    return tuple(rows.scalars())


def waiting_imports(connection: Connection) -> set[str]:
    """Keys of sent files that jobs which are not over still have to import."""
    alive = table.c.state.in_((JobState.QUEUED.value, JobState.RUNNING.value))
    rows = connection.execute(select(table.c.params).where(table.c.kind == "import", alive)).scalars()
    return {str(key) for row in rows if (key := json.loads(row).get("upload"))}


def alive(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those of the jobs that are not over."""
    states = (JobState.QUEUED.value, JobState.RUNNING.value)
    return set(connection.execute(select(table.c.id).where(table.c.id.in_(ids), table.c.state.in_(states))).scalars())


def expired(connection: Connection) -> tuple[tuple[int, str], ...]:
    """(job id, owner) of running jobs whose worker has not been heard of for a whole lease."""
    rows = connection.execute(select(table.c.id, table.c.lease_owner).where(_expired()).order_by(table.c.id))
    return tuple((row.id, row.lease_owner) for row in rows)


def reconcile(connection: Connection) -> int:
    """Re-open jobs whose lease ended: queued again, cancelled if that was asked for, failed after the last attempt."""
    return _reopen(connection, _expired(), None)


def release(connection: Connection, owner: str) -> int:
    """Re-open, without waiting for the lease, the jobs of an owner that is known to be dead."""
    return _reopen(connection, and_(table.c.state == JobState.RUNNING.value, table.c.lease_owner == owner), None)


_RELEASED: dict[str, Any] = {"lease_owner": None, "lease_until": None}


def _reopen(connection: Connection, which: ColumnElement[bool], error: Mapping[str, Any] | None) -> int:
    """Move running jobs out of `running`; how many. Rows that a transaction holds are left to it."""
    rows = connection.execute(_locked(select(table).where(which).order_by(table.c.id))).all()
    return sum(_reopen_one(connection, row, which, error) for row in rows)


def _reopen_one(
    connection: Connection, row: Row[Any], which: ColumnElement[bool], error: Mapping[str, Any] | None
) -> int:
    values: dict[str, Any] = dict(_RELEASED)
    if row.cancel_requested:
        values |= {"state": JobState.CANCELLED.value, "finished_at": DatabaseTime()}
    elif row.lease_owner.startswith(INLINE) and error is None:
        values |= _failed(_WORKER_LOST)
    elif row.attempt >= row.max_attempts:
        values |= _failed(error or _too_many(row.attempt))
    else:
        values |= {"state": JobState.QUEUED.value}
    # the condition again: a database without row locks may have let the owner come first
    fence = and_(table.c.id == row.id, table.c.attempt == row.attempt, which)
    changed = connection.execute(update(table).where(fence).values(values)).rowcount
    if changed and values.get("state") in (JobState.CANCELLED.value, JobState.FAILED.value):
        end_family(connection, row.id, row.parent_id)
    return changed


def _failed(error: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": JobState.FAILED.value, "error": json.dumps(dict(error)), "finished_at": DatabaseTime()}


_WORKER_LOST: dict[str, Any] = {
    "code": "worker_lost",
    "message": "The process that ran this job ended before the work was done. Nothing was published; start it again.",
    "details": {},
}


def _too_many(attempts: int) -> dict[str, Any]:
    return {
        "code": "too_many_attempts",
        "message": f"The worker died in each of {attempts} attempts, so the job was given up. It may need more memory "
        "than there is; try it with less data, and look into the log of the worker.",
        "details": {"attempts": attempts},
    }


def _held(job: Job, owner: str) -> ColumnElement[bool]:
    """The fence: true only for the row of a job that is still this attempt's."""
    return and_(
        table.c.id == job.id,
        table.c.attempt == job.attempt,
        table.c.lease_owner == owner,
        table.c.state == JobState.RUNNING.value,
    )


def _expired() -> ColumnElement[bool]:
    return and_(table.c.state == JobState.RUNNING.value, table.c.lease_until < DatabaseTime())


def _locked(query: Select[*tuple[Any, ...]], *, wait: bool = False) -> Select[*tuple[Any, ...]]:
    """The rows, locked. Rows somebody else has are skipped unless `wait`. SQLite's writers come one by one anyway."""
    hint = "WITH (UPDLOCK, ROWLOCK)" if wait else "WITH (UPDLOCK, READPAST, ROWLOCK)"
    return query.with_for_update(skip_locked=not wait).with_hint(table, hint, "mssql")


def _shown() -> Select[*tuple[Any, ...]]:
    return select(table, shown_state().label("shown_state"), shown_progress().label("shown_progress"))


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        dataset_id=row.dataset_id,
        user_id=row.user_id,
        params=json.loads(row.params),
        state=JobState(row.shown_state),
        progress=row.shown_progress,
        message=row.message,
        result=None if row.result is None else json.loads(row.result),
        error=None if row.error is None else json.loads(row.error),
        attempt=row.attempt,
        cancel_requested=bool(row.cancel_requested),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        parent_id=row.parent_id,
    )
