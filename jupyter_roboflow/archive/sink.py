"""Where a format writes: a zip archive or a folder. The same calls give the same bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import IO

from ..domain.manifest import ByteSource


class Sink(AbstractContextManager["Sink"], ABC):
    """Takes files one after another; names are relative with `/`, each only once."""

    @abstractmethod
    def add(self, name: str, data: bytes) -> None:
        """One file from bytes."""

    @abstractmethod
    def copy(self, name: str, source: ByteSource) -> None:
        """One file from stored bytes, copied once; a known CRC-32 and size are used, not computed again."""

    @abstractmethod
    def stream(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A file written piece by piece, its length not known beforehand; one at a time."""


class ZipSink(Sink):
    pass


class FolderSink(Sink):
    pass
