"""A time limit for one thing after another, by one thread that sleeps: a `threading.Timer` would be a new one each."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager


class Watchdog:
    """Calls `bite` from a thread of its own when a watched block takes too long. Close it in the end."""

    def __init__(self, bite: Callable[[], None]) -> None:
        self._bite = bite
        self._news = threading.Condition()
        self._deadline = 0.0
        self._wakes = math.inf
        """When the thread looks up by itself. It is not woken for every block: most have ended long before."""
        self._armed = self._closed = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def watch(self, seconds: float) -> Generator[None]:
        """One block at a time. Once it has ended nothing bites any more."""
        with self._news:
            self._deadline, self._armed = time.monotonic() + seconds, True
            if self._thread is None:
                self._thread = threading.Thread(target=self._guard, name="ingest-watchdog", daemon=True)
                self._thread.start()
            elif self._deadline < self._wakes:
                self._news.notify()
        try:
            yield
        finally:
            with self._news:
                self._armed = False

    def close(self) -> None:
        """End the thread."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join()

    def _guard(self) -> None:
        with self._news:
            while not self._closed:
                left = self._deadline - time.monotonic()
                if left > 0:
                    self._wakes = self._deadline
                    self._news.wait(left)
                elif self._armed:
                    self._armed = False
                    self._bite()
                else:
                    self._wakes = math.inf
                    self._news.wait()
