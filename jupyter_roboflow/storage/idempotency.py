"""Requests with an `Idempotency-Key`, each done once: whoever sends it again gets the first answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..domain.errors import Conflict, Invalid
from .database import Connection
from .tables import idempotency_keys as table

KEPT = timedelta(hours=24)
"""How long an answer is kept."""

TAKEN_OVER = timedelta(minutes=10)
"""After so long a request without an answer is taken for dead, and may be done again."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do a request and to `finish` it. `attempt` says whether somebody has taken it over since."""

    user_id: int
    key: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer that was given before: HTTP status and JSON value."""

    status: int
    body: Any


def begin(conn: Connection, user_id: int, key: str, request_hash: str, now: datetime) -> Claim | Replay:
    """A `Claim` to do the request, or the `Replay` of what came of it before.

    `Invalid` (`idempotency_key_reuse`) when the key came with another request, `Conflict` (`request_running`) while the
    first is not done. `request_hash` is over whatever makes it the same request: method, path and body.
    """
    check_key(key)
    found = _find(conn, user_id, key)
    if found is None:
        try:
            with conn.begin_nested():
                _start(conn, user_id, key, request_hash, now)
            return Claim(user_id, key, 1)
        except IntegrityError:  # the same request, a moment earlier
            found = _find(conn, user_id, key)
            assert found is not None
    if now - found.created_at > KEPT:
        return _take_over(conn, user_id, key, found.attempt, request_hash, now)
    if found.request_hash != request_hash:
        raise Invalid(
            "This Idempotency-Key was sent with another request: make a new key for each request.",
            code="idempotency_key_reuse",
        )
    if found.status is not None:
        return Replay(found.status, json.loads(found.response))
    if abs(now - found.created_at) <= TAKEN_OVER:
        raise Conflict(
            "The same request is still being worked on: ask again in a moment.", code="request_running", retry_after=2
        )
    return _take_over(conn, user_id, key, found.attempt, request_hash, now)


def finish(conn: Connection, claim: Claim, status: int, body: Any) -> bool:
    """Keep the answer, in the transaction of the change if there is one; False if somebody took the request over."""
    answer = {"status": status, "response": json.dumps(body, ensure_ascii=True)}
    return conn.execute(update(table).where(*_held(claim)).values(answer)).rowcount == 1


def give_up(conn: Connection, claim: Claim) -> None:
    """The request failed and changed nothing: it may be sent again at once."""
    conn.execute(delete(table).where(*_held(claim)))


def forget_old(conn: Connection, now: datetime) -> int:
    """Delete the answers that are over a day old; how many there were."""
    return conn.execute(delete(table).where(table.c.created_at < now - KEPT)).rowcount


def check_key(key: str) -> None:
    """Raise `Invalid` (`bad_idempotency_key`) unless it is 1 to 255 visible ASCII characters."""
    if not _KEY.fullmatch(key):
        raise Invalid("An Idempotency-Key is 1 to 255 visible ASCII characters.", code="bad_idempotency_key")


def _find(conn: Connection, user_id: int, key: str) -> Any:
    return conn.execute(select(table).where(table.c.user_id == user_id, table.c.key == key)).one_or_none()


def _start(conn: Connection, user_id: int, key: str, request_hash: str, now: datetime) -> None:
    values = {"user_id": user_id, "key": key, "request_hash": request_hash, "attempt": 1, "created_at": now}
    conn.execute(insert(table).values(values))


def _take_over(conn: Connection, user_id: int, key: str, attempt: int, request_hash: str, now: datetime) -> Claim:
    """Of several who find a dead request, one gets it."""
    same = table.c.user_id == user_id, table.c.key == key, table.c.attempt == attempt
    values = {"request_hash": request_hash, "attempt": attempt + 1, "created_at": now, "status": None, "response": None}
    if conn.execute(update(table).where(*same).values(values)).rowcount != 1:
        raise Conflict("The same request was just sent again: ask in a moment.", code="request_running", retry_after=2)
    return Claim(user_id, key, attempt + 1)


def _held(claim: Claim) -> tuple[Any, ...]:
    unanswered = table.c.attempt == claim.attempt, table.c.status.is_(None)
    return (table.c.user_id == claim.user_id, table.c.key == claim.key, *unanswered)
