"""A stream that knows what it has to give, and says so when it does not."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import IO, Any

from ...domain.errors import StorageCorrupt


class CheckedStream(io.BufferedIOBase):
    """Passes bytes on and compares length and CRC-32 at the end, so that damaged bytes never pass for good ones.

    Read from the start to the end; there is no seeking back.
    """

    def __init__(self, source: IO[bytes], size: int, crc32: int, failure: Callable[[str], StorageCorrupt]) -> None:
        self._source, self._size, self._crc32, self._failure = source, size, crc32, failure
        self._seen = self._crc = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._source.read(-1 if size is None else size)
        self._crc = zlib.crc32(data, self._crc)
        self._seen += len(data)
        if self._seen > self._size or (not data and size != 0 and self._seen != self._size):
            raise self._failure(f"it has another length than the {self._size:,} bytes that were stored")
        if self._seen == self._size and self._crc != self._crc32:
            raise self._failure("its checksum is not that of the bytes that were stored")
        return data

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(size if size >= 0 else io.DEFAULT_BUFFER_SIZE)

    def readinto(self, buffer: Any, /) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()
