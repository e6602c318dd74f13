"""The requests that are being worked on: who stops waits for them."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any
from weakref import WeakSet

GRACE_SECONDS = 10.0
"""How long a server that stops waits for requests."""

_LOOK_SECONDS = 0.05


class UnderWay:
    """Handlers from the arrival of their headers to the end of their answer. Those whose client left vanish."""

    def __init__(self) -> None:
        self._handlers: WeakSet[Any] = WeakSet()
        self.stopping = False

    def __len__(self) -> int:
        return len(self._handlers)

    def add(self, handler: Any) -> None:
        """A request has arrived."""
        self._handlers.add(handler)

    def discard(self, handler: Any) -> None:
        """Its answer is out."""
        self._handlers.discard(handler)

    async def over(self, seconds: float = GRACE_SECONDS) -> bool:
        """Wait until no request is worked on, and refuse new ones; False when the time was too short."""
        self.stopping = True
        end = monotonic() + seconds
        while self._alive() and monotonic() < end:
            await asyncio.sleep(_LOOK_SECONDS)
        return not self._alive()

    def _alive(self) -> bool:
        return any(not handler.request.connection.stream.closed() for handler in list(self._handlers))
