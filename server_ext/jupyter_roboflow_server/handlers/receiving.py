"""How a body comes in: not too long, not too slowly, and to its end where it is refused, so that the answer arrives."""

from __future__ import annotations

import asyncio
from asyncio import Future
from typing import Any

from tornado.http1connection import HTTP1Connection

from jupyter_roboflow.backend.wire.model import Request
from jupyter_roboflow.domain.errors import Invalid, TooLarge

from .watched import Watched

LEAST_BYTES_PER_SECOND = 1_000
"""Whoever sends a body more slowly than that, seen over `SLOW_BODY_SECONDS`, holds a connection for nothing."""

SLOW_BODY_SECONDS = 30.0
"""Jupyter sets no limit of its own. The setting `roboflow_slow_body_seconds` of the application goes before it."""

_DISCARDED = {False: 1024 * 1024, True: 64 * 1024 * 1024}
"""Longest body, by whether the caller is known, that is read and thrown away so that a refusal is heard.

A connection that is closed while its client still sends is reset, and the answer often lost with it.
"""


class Receiving(Watched):
    """Keeps the body of a request, or gets rid of it."""

    most_bytes: int = Request.most_bytes
    """Longest body that is read."""

    _body: bytearray
    _received = 0
    _overflown = False

    def expect_body(self) -> None:
        """To be called first: refuses what says that it is too long, and lets nobody send for ever."""
        self._body = bytearray()
        headers = self.request.headers
        if headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Invalid("Send the body as it is, without Content-Encoding.", code="unsupported_media_type")
        if self._length() < 0:
            raise Invalid("Content-Length is the length of the body in bytes, said once.", code="bad_length")
        if self._length() > self.most_bytes:
            raise self.too_long()
        if self._length() or "Transfer-Encoding" in headers:
            take = self.data_received

            def counted(chunk: bytes) -> Any:
                self._received += len(chunk)
                return take(chunk)

            self.data_received = counted  # in front of what a handler that streams has of its own
            self._look_again(0)

    def data_received(self, chunk: bytes) -> Any:
        """Keeps the body, up to `most_bytes`; `whole_body` refuses one that went on (in chunks, with no length)."""
        if self._overflown or len(self._body) + len(chunk) > self.most_bytes:
            self._overflown = True
            self._body.clear()
        else:
            self._body += chunk

    def whole_body(self) -> bytes:
        """What was received. `TooLarge` when that was more than is read."""
        if self._overflown:
            raise self.too_long()
        return bytes(self._body)

    def too_long(self) -> TooLarge:
        """The refusal of a body over `most_bytes`."""
        return TooLarge(f"The body is longer than {self.most_bytes:,} bytes: send less at once.", code="body_too_large")

    async def discard_body(self, *, known: bool) -> None:
        """Reads a refused request to its end if that is near; otherwise tells that the connection will be closed.

        Without a body too: Tornado closes the connection of whatever is answered before it has seen the end.
        """
        prepared: Future[None] | None = getattr(self, "_prepared_future", None)
        complete: Future[None] | None = getattr(self.request, "_body_future", None)
        if prepared is None or complete is None or prepared.done():
            return
        if not 0 <= self._length() <= _DISCARDED[known]:
            self.set_header("Connection", "close")
            return
        self.data_received = _throw_away
        prepared.set_result(None)  # what Tornado waits for before it reads on
        await asyncio.wait([complete], timeout=self._slow_body_seconds())
        if not complete.done():
            self.set_header("Connection", "close")

    def _length(self) -> int:
        """What the request says, 0 without a word; -1 for what is no length. (One that is said twice is `5,5`.)"""
        said = self.request.headers.get("Content-Length") or "0"
        if not (said.isascii() and said.isdigit()):
            return -1
        return int(said) if len(said) < 20 else 2**63

    def _slow_body_seconds(self) -> float:
        return float(self.settings.get("roboflow_slow_body_seconds", SLOW_BODY_SECONDS))

    def _look_again(self, seen: int) -> None:
        """Closes the connection unless enough came since the last look, or everything is there."""
        seconds = self._slow_body_seconds()

        def look() -> None:
            complete: Future[None] | None = getattr(self.request, "_body_future", None)
            if self._finished or complete is None or complete.done():
                return
            if self._received - seen < LEAST_BYTES_PER_SECOND * seconds:
                self.log.warning("A body came too slowly, the connection is closed: %s", self.request.path)
                if isinstance(self.request.connection, HTTP1Connection):
                    self.request.connection.close()
            else:
                self._look_again(self._received)

        asyncio.get_running_loop().call_later(seconds, look)


def _throw_away(chunk: bytes) -> None:
    pass
