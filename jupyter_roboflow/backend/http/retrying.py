"""Which failures are worth another try, and how long to wait before it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from http import HTTPStatus

import httpx

TRIES = 6
"""Sends of one request, the first among them: with the pauses between them, a server that restarts is survived."""

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 8.0
_LONGEST_ASKED = 60.0
"""Seconds a server may ask to wait for; when it is longer, people want to know rather than to wait."""

_PASSING = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Retrying:
    """The tries of one request. `again` says whether there is another one, after it has waited for it."""

    def __init__(
        self, method: str, *, repeatable: bool, tries: int = TRIES, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._repeatable = repeatable or method in _IDEMPOTENT
        self._tries, self._sleep = tries, sleep
        self._made = 0

    def after_failure(self, error: httpx.TransportError) -> bool:
        """After a connection that failed: safe where nothing arrived, or where doing it twice is doing it once."""
        return (self._repeatable or isinstance(error, _NEVER_ARRIVED)) and self.wait(None)

    def after_answer(self, response: httpx.Response) -> bool:
        """After an answer: too many requests were not done; a server that is away may have done something."""
        too_many = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        running = response.status_code == HTTPStatus.CONFLICT and "retry-after" in response.headers
        if not too_many and not (self._repeatable and (running or response.status_code in _PASSING)):
            return False
        return self.wait(seconds_asked(response.headers.get("Retry-After")))

    def wait(self, asked: float | None = None) -> bool:
        """Whether there is another try; true once it is time for it."""
        self._made += 1
        if self._made >= self._tries or (asked or 0) > _LONGEST_ASKED:
            return False
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**self._made)
        # spread, so that many clients do not come back at once; never sooner than was asked for
        self._sleep((asked or 0) + random.uniform(0.1, 1) * pause)
        return True


def seconds_asked(header: str | None) -> float | None:
    """The seconds of a `Retry-After`; None without one, or where it is a date."""
    text = (header or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
