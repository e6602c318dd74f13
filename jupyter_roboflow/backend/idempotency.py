"""Requests that may be sent twice and are done once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..storage import idempotency
from ..storage.database import Database
from ..storage.idempotency import Replay


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a request: HTTP status, headers and JSON value; `replayed` when it came of it earlier."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    replayed: bool = False


def once(database: Database, user_id: int, key: str, request_hash: str, work: Callable[[], Answered]) -> Answered:
    """What `work` answers, or what it answered when this user sent the same request with the same key before.

    `Invalid` (`idempotency_key_reuse`) when the key came with another request, `Conflict` (`request_running`) while the
    first is not done. A request that fails is forgotten, so that it may be sent again.
    """
    with database.write() as conn:
        claim = idempotency.begin(conn, user_id, key, request_hash, datetime.now(UTC))
    if isinstance(claim, Replay):
        return Answered(claim.status, claim.body["body"], claim.body["headers"], replayed=True)
    try:
        answered = work()
    except BaseException:
        with database.write() as conn:
            idempotency.give_up(conn, claim)
        raise
    with database.write() as conn:
        idempotency.finish(conn, claim, answered.status, {"headers": dict(answered.headers), "body": answered.body})
    return answered


def request_hash(parts: Iterable[bytes | str]) -> str:
    """One hash over everything that makes a request the same: method, address, body."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()
