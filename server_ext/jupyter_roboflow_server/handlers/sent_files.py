"""Handlers that take files: their bodies go to disk, off the event loop, and nothing of a broken one is left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from tornado.http1connection import HTTP1Connection

from jupyter_roboflow.domain.errors import RoboflowError
from jupyter_roboflow.domain.user import Action

from .handler import Handler
from .multipart import FILES, Form, MultipartSpool

T = TypeVar("T")

PIECE_BYTES = 512 * 1024
"""As much of a body is in memory at a time."""

_DROPPED_BYTES = 64 * 1024 * 1024
"""So much of a body is read on after it was refused, so that the answer is heard; then the connection is closed."""


class SentFilesHandler(Handler):
    """The base of everything that is sent files into a dataset. Other methods of the same path are as everywhere."""

    most_files: ClassVar[int] = FILES
    action: ClassVar[Action] = Action.UPLOAD

    _spool: MultipartSpool | None = None
    _refusal: Exception | None = None
    _taken = _dropped = 0
    _worked_on = False

    @property
    def takes_files(self) -> bool:
        """Whether it is this request that files come with."""
        return self.operation is not None and self.operation.takes == "multipart/form-data"

    def most_file_bytes(self) -> int:
        """Longest single file."""
        return self.most_bytes

    def expect_body(self) -> None:
        """As for every request, but for the limits: they are those of uploads, and not those of Jupyter."""
        if self.takes_files:
            self.most_bytes = self.service.settings.max_upload_bytes
        super().expect_body()

    async def prepare(self) -> None:
        """Refuses whoever may not send anything here before they do, and gets ready to write."""
        await super().prepare()
        if not self.takes_files or self._finished:
            return
        if isinstance(self.request.connection, HTTP1Connection):
            # Tornado resets the connection at its limit; ours, which comes before, is answered
            self.request.connection.set_max_body_size(self.most_bytes + 2 * _DROPPED_BYTES)
        self._pending = bytearray()
        try:
            await self.service.in_thread(self._require)
            content_type = self.request.headers.get("Content-Type", "")
            self._spool = MultipartSpool(content_type, self._folder, self.most_file_bytes(), self.most_files)
        except RoboflowError:
            await self.discard_body(known=True)
            raise

    def _require(self) -> None:
        assert self.caller is not None
        self.service.backend(self.caller).require(self.dataset_id, self.action)

    @property
    def dataset_id(self) -> int:
        """The number in the path."""
        return int(self.path_parts(self.path_kwargs)["dataset_id"])

    def _folder(self) -> Path:
        return self.service.installation().store.temp_dir()

    async def data_received(self, chunk: bytes) -> None:
        """Writes on. The connection is not read from meanwhile, so that a fast sender waits for a slow disk."""
        if not self.takes_files:
            super().data_received(chunk)
        elif self._refusal is not None:
            self._drop(len(chunk), self._refusal)
        else:
            self._taken += len(chunk)
            self._pending += chunk
            if self._taken > self.most_bytes:
                await self._refuse(self.too_long())
            elif len(self._pending) >= PIECE_BYTES:
                await self._write_on()

    async def _write_on(self) -> None:
        spool, piece = self._spool, bytes(self._pending)
        self._pending.clear()
        if spool is None or not piece:
            return
        try:
            await self.service.disk.do(lambda: spool.feed(piece))
        except Exception as error:  # answered once the body is over: nobody listens who still sends
            await self._refuse(error)

    async def _refuse(self, error: Exception) -> None:
        self._refusal = error
        self._pending.clear()
        await self._clean_up()

    def _drop(self, size: int, refusal: Exception) -> None:
        self._dropped += size
        if self._dropped > _DROPPED_BYTES and not self._finished:
            self.set_header("Connection", "close")
            try:
                raise refusal
            except Exception as error:
                self.log_exception(type(error), error, error.__traceback__)
                self.send_error(exc_info=sys.exc_info())

    async def with_form(self, work: Callable[[Form], T]) -> T:
        """What `work` returns, in a thread, for the files that were sent; afterwards those it did not take are gone."""
        self._worked_on = True
        try:
            if self._refusal is None:
                await self._write_on()
            if self._refusal is not None:
                raise self._refusal
            spool = self._spool
            assert spool is not None
            return await self.service.in_thread(lambda: work(spool.form()))
        finally:
            await self._clean_up()

    def on_connection_close(self) -> None:
        """Whoever hangs up in the middle leaves nothing behind."""
        super().on_connection_close()
        self._abandon()

    def on_finish(self) -> None:
        """The same for whoever was refused in the middle."""
        super().on_finish()
        self._abandon()

    def _abandon(self) -> None:
        if self._spool is not None and not self._worked_on:
            self.service.disk.later(self._clean_up())

    async def _clean_up(self) -> None:
        spool, self._spool = self._spool, None
        if spool is not None:
            await self.service.disk.do(spool.close)
