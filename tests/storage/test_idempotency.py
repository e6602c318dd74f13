"""A request that is sent twice is done once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from jupyter_roboflow.domain.errors import Conflict, Invalid, RoboflowError
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.storage import users
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.idempotency import KEPT, TAKEN_OVER, Claim, Replay, begin, finish, forget_old, give_up

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def start(db: Database, user: User, key: str = "k", request: str = "h", at: datetime = NOW) -> Claim | Replay:
    with db.write() as conn:
        return begin(conn, user.id, key, request, at)


def start_new(db: Database, user: User, key: str = "k", request: str = "h", at: datetime = NOW) -> Claim:
    claim = start(db, user, key, request, at)
    assert isinstance(claim, Claim)
    return claim


def test_the_second_request_gets_the_first_answer(db: Database, ada: User) -> None:
    claim = start_new(db, ada)
    body = {"id": 7, "name": "Zellen \x00 ü", "list": [1.5, None]}
    with db.write() as conn:
        assert finish(conn, claim, 201, body)
    assert start(db, ada) == Replay(201, body) == start(db, ada, at=NOW + KEPT)


def test_another_request_with_the_key_is_refused(db: Database, ada: User) -> None:
    claim = start_new(db, ada)
    for _ in range(2):  # while the first is running, and after
        with pytest.raises(Invalid) as caught:
            start(db, ada, request="other")
        assert caught.value.code == "idempotency_key_reuse"
        with db.write() as conn:
            finish(conn, claim, 200, {})


def test_a_key_is_ones_own_and_told_apart_by_case(db: Database, ada: User) -> None:
    with db.write() as conn:
        eve = users.create(conn, "eve", Role.VIEWER)
    assert all(start_new(db, user, key, f"{user.id} {key}") for user in (ada, eve) for key in ("k", "K", "k1"))


def test_while_it_is_running_others_wait(db: Database, ada: User) -> None:
    start_new(db, ada)
    for later in (timedelta(0), TAKEN_OVER, -TAKEN_OVER):
        with pytest.raises(Conflict) as caught:
            start(db, ada, at=NOW + later)
        assert caught.value.code == "request_running"


def test_a_request_that_died_is_taken_over_and_its_late_answer_does_not_count(db: Database, ada: User) -> None:
    dead = start_new(db, ada)
    taken = start_new(db, ada, at=NOW + TAKEN_OVER + timedelta(seconds=1))
    with db.write() as conn:
        assert not finish(conn, dead, 200, "late")
        give_up(conn, dead)
        assert finish(conn, taken, 200, "right") and not finish(conn, taken, 500, "twice")
    assert start(db, ada) == Replay(200, "right")


def test_a_request_that_failed_may_be_sent_again_at_once(db: Database, ada: User) -> None:
    claim = start_new(db, ada)
    with db.write() as conn:
        give_up(conn, claim)
    assert start_new(db, ada, request="another").attempt == 1


def test_after_a_day_a_key_is_new(db: Database, ada: User) -> None:
    with db.write() as conn:
        claims = [begin(conn, ada.id, key, "h", NOW) for key in ("a", "b")]
        assert all(isinstance(claim, Claim) and finish(conn, claim, 200, {}) for claim in claims)
    later = NOW + KEPT + timedelta(seconds=1)
    assert start_new(db, ada, "a", "other", later).attempt == 2
    with db.write() as conn:
        assert forget_old(conn, later) == 1 and forget_old(conn, later) == 0


def test_of_many_at_the_same_moment_one_does_it(db: Database, ada: User) -> None:
    for key, at in (("new", NOW), ("dead", NOW + 2 * TAKEN_OVER)):
        start_new(db, ada, "dead" if key == "new" else "other")
        results: list[object] = []
        ready = threading.Barrier(6)

        def send(
            key: str = key, at: datetime = at, results: list[object] = results, gate: threading.Barrier = ready
        ) -> None:
            gate.wait()
            try:
                results.append(start(db, ada, key, at=at))
            except RoboflowError as error:
                results.append(error.code)

        threads = [threading.Thread(target=send) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(isinstance(result, Claim) for result in results) == 1, results
        assert results.count("request_running") == 5, results


@pytest.mark.parametrize("key", ["", " ", "a b", "ü", "\x00", "x" * 256, "a\n"])
def test_a_key_that_is_none(db: Database, ada: User, key: str) -> None:
    with pytest.raises(Invalid) as caught:
        start(db, ada, key)
    assert caught.value.code == "bad_idempotency_key"
