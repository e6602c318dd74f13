"""The threads that write and read files for requests whose bytes come or go piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

THREADS = 8
"""Each piece is short work, so few are enough; they never wait behind whole requests."""


class Disk:
    """Does a piece of work beside the event loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="roboflow-disk")
        self._later: set[asyncio.Future[None]] = set()

    async def do(self, work: Callable[[], T]) -> T:
        """What `work` returns."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Has something done that nobody waits for."""
        task = asyncio.ensure_future(work)
        self._later.add(task)  # the event loop keeps no task alive by itself
        task.add_done_callback(self._later.discard)

    def close(self) -> None:
        """Let the pieces in work end."""
        self._threads.shutdown(wait=True)
