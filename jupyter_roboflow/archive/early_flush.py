"""A large file is flushed to disk while it is being written, so that little is left to flush at its end."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor

EVERY = 8 << 20
"""Bytes between two flushes."""


class EarlyFlush:
    """Flushes a file in a thread of its own. Without `fdatasync` (Windows, macOS) it does nothing."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting = 0
        self._thread: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None

    def wrote(self, size: int) -> None:
        """Note bytes written; what a flush said of the disk is raised here or in `finish`."""
        self._waiting += size
        if self._waiting < EVERY or not hasattr(os, "fdatasync"):
            return
        if self._last is not None:
            if not self._last.done():
                return
            self._last.result()
        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="flush")
        self._waiting = 0
        self._last = self._thread.submit(os.fdatasync, self._descriptor)

    def finish(self) -> None:
        """Wait for the flush in hand; call it before the file is closed."""
        if self._thread is not None:
            self._thread.shutdown()
        last, self._last = self._last, None
        if last is not None:
            last.result()
