"""How often one may guess: failed logins of the last minute, in this process."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TypeAlias

from ...domain.errors import TooManyRequests

WINDOW_SECONDS = 60.0
PER_ADDRESS = 20
PER_NAME_AND_ADDRESS = 10
PER_NAME = 20
UNDER_ATTACK = 3
"""Guesses at a name from one address once `PER_NAME` failed from anywhere: whoever knows the password still gets in."""

_SWEEP_AT = 10_000

_Key: TypeAlias = tuple[str, ...]


class LoginLimit:
    """A sliding minute per address, per name, and per both. Time is that of a clock that never jumps."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: dict[_Key, deque[float]] = {}

    def check(self, name: str, address: str) -> None:
        """Raise `TooManyRequests` (with `retry_after`, in seconds) when it is not yet time for another guess."""
        by_address, by_name, by_both = _keys(name, address)
        with self._lock:
            now = self._clock()
            attacked = len(self._recent(by_name, now)) >= PER_NAME
            wait = max(
                self._wait(by_address, PER_ADDRESS, now),
                self._wait(by_both, UNDER_ATTACK if attacked else PER_NAME_AND_ADDRESS, now),
            )
        if wait > 0:
            seconds = math.ceil(wait)
            raise TooManyRequests(f"Too many failed logins: try again in {seconds} seconds.", retry_after=seconds)

    def failed(self, name: str, address: str) -> None:
        """Count a wrong guess."""
        with self._lock:
            now = self._clock()
            if len(self._failed) > _SWEEP_AT:
                self._failed = {key: times for key, times in self._failed.items() if times[-1] > now - WINDOW_SECONDS}
            for key in _keys(name, address):
                self._failed.setdefault(key, deque()).append(now)

    def _recent(self, key: _Key, now: float) -> deque[float]:
        times = self._failed.get(key)
        if times is None:
            return deque()
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        if not times:
            del self._failed[key]
        return times

    def _wait(self, key: _Key, limit: int, now: float) -> float:
        """Seconds until fewer than `limit` failures are left in the window."""
        times = self._recent(key, now)
        return times[len(times) - limit] + WINDOW_SECONDS - now if len(times) >= limit else 0.0


def _keys(name: str, address: str) -> tuple[_Key, _Key, _Key]:
    return ("address", address), ("name", name), ("both", name, address)
