"""The job table as a queue: one worker a job, fenced ends, honest progress, one clock."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.errors import Invalid, NotFound
from jupyter_roboflow.domain.job import Job, JobState
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.storage import jobs, users
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.jobs import Hold
from jupyter_roboflow.storage.tables import jobs as table

LEASE = 60.0
ENDED = -1.0
"""A lease that is over when it begins: time passes without waiting."""


def new(db: Database, user: User, dataset_id: int | None = None, max_attempts: int = 3) -> Job:
    with db.write() as conn:
        return jobs.create(conn, user, "export", dataset_id, {"format": "coco"}, max_attempts)


def claimed(db: Database, owner: str, lease: float = LEASE, job_id: int | None = None) -> Job:
    with db.write() as conn:
        job = jobs.claim(conn, owner, lease, job_id)
    assert job is not None
    return job


def now(db: Database, job: Job) -> Job:
    with db.read() as conn:
        return jobs.get(conn, job.id)


# claiming


def test_the_job_that_waits_longest_is_claimed_first_and_only_once(db: Database, ada: User) -> None:
    first, second = new(db, ada), new(db, ada)
    job = claimed(db, "a")
    assert (job.id, job.state, job.attempt) == (first.id, JobState.RUNNING, 1)
    assert claimed(db, "b").id == second.id
    with db.write() as conn:
        assert jobs.claim(conn, "c", LEASE) is None
        assert jobs.claim(conn, "c", LEASE, first.id) is None


def test_a_job_is_claimed_again_only_when_its_lease_is_over(db: Database, ada: User) -> None:
    new(db, ada)
    lost = claimed(db, "a", ENDED)
    again = claimed(db, "b")
    assert (again.id, again.attempt, again.started_at) == (lost.id, 2, lost.started_at)


def test_a_job_that_is_over_or_unknown_is_never_claimed(db: Database, ada: User) -> None:
    new(db, ada)
    job = claimed(db, "a")
    with db.write() as conn:
        assert jobs.finish(conn, job, "a", JobState.SUCCEEDED, result={"n": 1})
        assert jobs.claim(conn, "b", LEASE, job.id) is None
        assert jobs.claim(conn, "b", LEASE, 12345) is None
    with db.read() as conn, pytest.raises(NotFound):
        jobs.get(conn, 12345)


def careless_claim(meet: threading.Barrier) -> Callable[[Connection, str], Job | None]:
    """A claim that looks first and takes later, as one would write it without a second worker in mind."""

    def claim(conn: Connection, owner: str) -> Job | None:
        found = conn.execute(select(table.c.id).where(table.c.state == "queued").order_by(table.c.id)).first()
        meet.wait(60)
        if found is None:
            return None
        conn.execute(update(table).where(table.c.id == found.id).values(state="running", lease_owner=owner))
        return jobs.get(conn, found.id)

    return claim


def check_no_job_goes_to_two_workers(
    db: Database, user: User, workers: int, count: int, claim: Callable[[Connection, str], Job | None]
) -> None:
    created = [new(db, user).id for _ in range(count)]
    taken: list[int] = []

    def work(owner: str) -> None:
        for _ in range(count):
            with db.write() as conn:
                job = claim(conn, owner)
            if job is None:
                return
            taken.append(job.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == created


def test_many_workers_at_once_take_each_job_once(db: Database, ada: User) -> None:
    check_no_job_goes_to_two_workers(db, ada, 6, 40, lambda conn, owner: jobs.claim(conn, owner, LEASE))


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_the_check_for_double_claims_catches_a_claim_without_locks(db: Database, ada: User) -> None:
    with pytest.raises(AssertionError):
        check_no_job_goes_to_two_workers(db, ada, 2, 1, careless_claim(threading.Barrier(2)))


# the fence


def check_a_superseded_worker_changes_nothing(
    db: Database, user: User, finish: Callable[[Connection, Job, str], object]
) -> None:
    new(db, user)
    lost = claimed(db, "a", ENDED)
    winner = claimed(db, "a")  # even under the same name: the attempt tells them apart
    with db.write() as conn:
        finish(conn, lost, "a")
    assert now(db, lost).state is JobState.RUNNING
    with db.write() as conn:
        assert jobs.finish(conn, winner, "a", JobState.SUCCEEDED, result={"by": "winner"})
        finish(conn, lost, "a")
        finish(conn, winner, "a")
    job = now(db, lost)
    assert (job.state, job.result, job.error) == (JobState.SUCCEEDED, {"by": "winner"}, None)


def test_a_finished_state_never_changes_and_a_late_worker_is_refused(db: Database, ada: User) -> None:
    check_a_superseded_worker_changes_nothing(
        db, ada, lambda conn, job, owner: jobs.finish(conn, job, owner, JobState.FAILED, error={"code": "late"})
    )


def test_the_check_for_late_workers_catches_a_finish_without_fence(db: Database, ada: User) -> None:
    def finish(conn: Connection, job: Job, owner: str) -> None:
        conn.execute(update(table).where(table.c.id == job.id).values(state="failed"))

    with pytest.raises(AssertionError):
        check_a_superseded_worker_changes_nothing(db, ada, finish)


def test_a_superseded_worker_is_told_so_and_cannot_hand_back(db: Database, ada: User) -> None:
    new(db, ada)
    lost = claimed(db, "a", ENDED)
    winner = claimed(db, "b")
    with db.write() as conn:
        assert jobs.hold(conn, lost, "a") is Hold.LOST
        assert jobs.heartbeat(conn, lost, "a", LEASE, 99.0) is Hold.LOST
        assert not jobs.requeue(conn, lost, "a", refund=True)
        assert jobs.hold(conn, winner, "b") is Hold.KEPT
    assert now(db, lost).progress == 0.0


def test_a_heartbeat_keeps_the_job(db: Database, ada: User) -> None:
    new(db, ada)
    job = claimed(db, "a", ENDED)
    with db.write() as conn:
        assert jobs.heartbeat(conn, job, "a", LEASE, 10.0) is Hold.KEPT
        assert jobs.expired(conn) == ()
        assert jobs.claim(conn, "b", LEASE) is None


# progress


def test_progress_stays_between_0_and_100_and_never_goes_back(db: Database, ada: User) -> None:
    new(db, ada)
    job = claimed(db, "a")
    seen: list[float] = []
    for told in (10.0, 5.0, -3.0, 40.0, 400.0, 1.0):
        with db.write() as conn:
            jobs.heartbeat(conn, job, "a", LEASE, told, "x" * 10_000)
        seen.append(now(db, job).progress)
    assert seen == [10.0, 10.0, 10.0, 40.0, 100.0, 100.0]
    assert all(a <= b for a, b in pairwise(seen))


@pytest.mark.parametrize("told", [math.nan, math.inf, -math.inf])
def test_progress_that_is_no_number_is_refused(db: Database, ada: User, told: float) -> None:
    new(db, ada)
    job = claimed(db, "a")
    with pytest.raises(Invalid, match="0 to 100"), db.write() as conn:
        jobs.heartbeat(conn, job, "a", LEASE, told)
    assert now(db, job).progress == 0.0


# what dead workers leave


def test_a_lost_job_is_queued_again_and_given_up_after_the_last_attempt(db: Database, ada: User) -> None:
    job = new(db, ada)
    for attempt in (1, 2, 3):
        assert claimed(db, "a", ENDED).attempt == attempt
        with db.write() as conn:
            assert jobs.expired(conn) == ((job.id, "a"),)
            assert jobs.reconcile(conn) == 1
            assert jobs.reconcile(conn) == 0
    after = now(db, job)
    assert after.state is JobState.FAILED and after.error is not None and after.finished_at is not None
    assert after.error["code"] == "too_many_attempts"


def test_a_lost_job_of_a_notebook_fails_with_the_reason(db: Database, ada: User) -> None:
    job = new(db, ada)
    claimed(db, f"{jobs.INLINE}here", ENDED)
    with db.write() as conn:
        jobs.reconcile(conn)
    after = now(db, job)
    assert after.state is JobState.FAILED and after.error is not None
    assert after.error["code"] == "worker_lost"


def test_jobs_with_a_living_worker_are_left_alone(db: Database, ada: User) -> None:
    for _ in range(2):
        new(db, ada)
    alive, dead = claimed(db, "alive"), claimed(db, "dead")
    with db.write() as conn:
        assert jobs.reconcile(conn) == 0
        assert jobs.release(conn, "dead") == 1
        assert jobs.queued(conn) == (dead.id,)
    assert now(db, alive).state is JobState.RUNNING


def test_a_job_handed_back_loses_no_attempt(db: Database, ada: User) -> None:
    new(db, ada, max_attempts=1)
    for attempt in (1, 2, 3, 4):
        job = claimed(db, "a")
        assert job.attempt == attempt
        with db.write() as conn:
            assert jobs.requeue(conn, job, "a", refund=True)
        assert now(db, job).state is JobState.QUEUED


def test_a_job_tried_in_vain_keeps_the_reason(db: Database, ada: User) -> None:
    new(db, ada, max_attempts=1)
    job = claimed(db, "a")
    error = {"code": "storage_unavailable", "message": "away", "details": {}}
    with db.write() as conn:
        jobs.requeue(conn, job, "a", error=error)
    assert (now(db, job).state, now(db, job).error) == (JobState.FAILED, error)


# cancelling


def test_a_waiting_job_is_cancelled_at_once_a_running_one_is_told(db: Database, ada: User) -> None:
    running, waiting = new(db, ada), new(db, ada)
    job = claimed(db, "a")
    with db.write() as conn:
        assert jobs.request_cancel(conn, waiting.id).state is JobState.CANCELLED
        assert jobs.request_cancel(conn, running.id).state is JobState.RUNNING
        assert jobs.heartbeat(conn, job, "a", LEASE, 1.0) is Hold.CANCELLING
        assert jobs.finish(conn, job, "a", JobState.CANCELLED)
        assert jobs.request_cancel(conn, running.id).state is JobState.CANCELLED


def test_a_cancelled_job_whose_worker_died_is_not_run_again(db: Database, ada: User) -> None:
    new(db, ada)
    job = claimed(db, "a", ENDED)
    with db.write() as conn:
        jobs.request_cancel(conn, job.id)
        assert jobs.claim(conn, "b", LEASE) is None
        jobs.reconcile(conn)
    assert now(db, job).state is JobState.CANCELLED


def test_a_job_that_succeeded_cannot_be_cancelled(db: Database, ada: User) -> None:
    new(db, ada)
    job = claimed(db, "a")
    with db.write() as conn:
        jobs.finish(conn, job, "a", JobState.SUCCEEDED, result={})
        assert jobs.request_cancel(conn, job.id).state is JobState.SUCCEEDED


# one clock


def check_workers_send_no_times(db: Database, user: User, mutant: Callable[[Connection, Job], object] | None) -> None:
    """Every statement of a job's life, watched for times that come from the worker."""
    sent: list[Any] = []

    def watch(_c: Any, _cursor: Any, _statement: str, parameters: Any, _context: Any, many: bool) -> None:
        for row in parameters if many else [parameters]:
            sent.extend(row.values() if isinstance(row, dict) else row)

    event.listen(db.engine, "before_cursor_execute", watch)
    try:
        for _ in range(3):
            new(db, user)
        done, back = claimed(db, "a"), claimed(db, "b")
        claimed(db, "c", ENDED)
        with db.write() as conn:
            jobs.heartbeat(conn, done, "a", LEASE, 1.0)
            jobs.finish(conn, done, "a", JobState.SUCCEEDED, result={})
            jobs.requeue(conn, back, "b")
            jobs.reconcile(conn)
            jobs.request_cancel(conn, back.id)
            if mutant is not None:
                mutant(conn, back)
    finally:
        event.remove(db.engine, "before_cursor_execute", watch)
    years = (str(datetime.now(UTC).year), str(datetime.now(UTC).year + 1))
    assert len(sent) > 20
    assert not [value for value in sent if isinstance(value, datetime) or str(value).startswith(years)]


def test_leases_are_measured_with_the_clock_of_the_database(db: Database, ada: User) -> None:
    check_workers_send_no_times(db, ada, None)


def test_the_check_for_clocks_catches_a_time_from_python(db: Database, ada: User) -> None:
    def mutant(conn: Connection, job: Job) -> None:
        late = datetime.now(UTC) + timedelta(minutes=5)
        conn.execute(update(table).where(table.c.id == job.id).values(lease_until=late))

    with pytest.raises(AssertionError):
        check_workers_send_no_times(db, ada, mutant)


def test_the_clock_of_the_database_gives_utc_and_the_lease_asked_for(db: Database, ada: User) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    new(db, ada)
    job = claimed(db, "a", 90.5)
    with db.read() as conn:
        until = conn.execute(select(table.c.lease_until)).scalar_one()
    after = datetime.now(UTC) + timedelta(seconds=1)
    assert job.started_at is not None
    assert before <= job.created_at <= job.started_at <= after
    assert timedelta(seconds=90) < until - job.started_at < timedelta(seconds=91)


# lists


def test_jobs_are_listed_by_person_dataset_and_state(db: Database, ada: User, cells: Dataset) -> None:
    with db.write() as conn:
        bob = users.create(conn, "bob", Role.ANNOTATOR)
    hers, his, elsewhere = new(db, ada, cells.id), new(db, bob, cells.id), new(db, bob)
    claimed(db, "a", job_id=his.id)
    with db.read() as conn:
        everybody = jobs.list_page(conn, None)
        assert [job.id for job in everybody.items] == [elsewhere.id, his.id, hers.id]
        assert [job.id for job in jobs.list_page(conn, bob).items] == [elsewhere.id, his.id]
        assert [job.id for job in jobs.list_page(conn, None, cells.id).items] == [his.id, hers.id]
        assert [job.id for job in jobs.list_page(conn, bob, state=JobState.RUNNING).items] == [his.id]
        second = jobs.list_page(conn, None, page=2, limit=2)
        assert ([job.id for job in second.items], second.total) == ([hers.id], 3)
        with pytest.raises(Invalid):
            jobs.list_page(conn, None, page=0)
    assert hers.params == {"format": "coco"}
