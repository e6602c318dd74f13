"""What somebody who watches an installation wants to know: numbers of jobs, how jobs ended, bytes, connections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select

from ..domain.job import JobState
from .database import Connection, Database
from .images import chunks
from .tables import exports, images, jobs

_OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)


@dataclass(frozen=True, slots=True)
class EndedJob:
    """How a job ended; seconds from its first start to its end, 0 for one that never ran."""

    id: int
    kind: str
    state: JobState
    seconds: float


@dataclass(frozen=True, slots=True)
class JobFigures:
    """The job table at one moment; `ended` since the moment before."""

    by_state: dict[JobState, int]
    open: frozenset[int]
    newest: int
    ended: tuple[EndedJob, ...] = field(default=())


def job_figures(conn: Connection, before: JobFigures | None) -> JobFigures:
    """Numbers by state, and the jobs that ended since `before`. The first time (None) none are told."""
    counted = conn.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
    by_state = dict.fromkeys(JobState, 0) | {JobState(state): number for state, number in counted}
    open_now = frozenset(conn.execute(select(jobs.c.id).where(jobs.c.state.in_(_OPEN))).scalars())
    newest = conn.execute(select(func.max(jobs.c.id))).scalar() or 0
    ended = () if before is None else _ended(conn, sorted(before.open - open_now), before.newest)
    return JobFigures(by_state, open_now, newest, ended)


def _ended(conn: Connection, closed: Sequence[int], newest: int) -> tuple[EndedJob, ...]:
    fields = (jobs.c.id, jobs.c.kind, jobs.c.state, jobs.c.started_at, jobs.c.finished_at)
    found: dict[int, EndedJob] = {}
    for chunk in list(chunks(closed)) or [[]]:
        which = or_(jobs.c.id.in_(chunk), jobs.c.id > newest)
        for row in conn.execute(select(*fields).where(which, jobs.c.state.not_in(_OPEN))):
            seconds = (row.finished_at - row.started_at).total_seconds() if row.started_at and row.finished_at else 0.0
            found[row.id] = EndedJob(row.id, row.kind, JobState(row.state), seconds)
    return tuple(found.values())


def stored_bytes(conn: Connection) -> dict[str, int]:
    """Bytes of originals (each counted once) and of exports."""
    each = select(images.c.sha256, func.max(images.c.size).label("size")).group_by(images.c.sha256).subquery()
    return {
        "images": int(conn.execute(select(func.sum(each.c.size))).scalar() or 0),
        "exports": int(conn.execute(select(func.sum(exports.c.size))).scalar() or 0),
    }


def connections_in_use(db: Database) -> int:
    """Database connections that somebody works with now."""
    count = getattr(db.engine.pool, "checkedout", None)
    return count() if count is not None else 0
