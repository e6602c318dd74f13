"""One step of the work behind the rest: while a batch is being stored, the next one is being decoded."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self


class Behind:
    """Runs one call at a time in a thread of its own. Leaving the block waits for the last one."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="behind")
        self._last: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._thread.shutdown()
        if kind is None:
            self.wait()

    def do(self, call: Callable[[], None]) -> None:
        """Start a call once the one before is over; what that one raised is raised here."""
        self.wait()
        self._last = self._thread.submit(call)

    def wait(self) -> None:
        """Wait for the call in hand; what it raised is raised here."""
        last, self._last = self._last, None
        if last is not None:
            last.result()
