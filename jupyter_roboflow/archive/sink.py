"""Where a format writes: a zip archive or a folder. The same calls give the same bytes."""

from __future__ import annotations

import os
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO

from ..domain.errors import Invalid, StorageCorrupt
from ..domain.manifest import ByteSource
from .files import same_name_key

CHUNK = 1 << 20

_UNSAFE = re.compile(r"[\\\x00-\x1f\x7f]|\A/|\A[A-Za-z]:|(?:\A|/)\.{0,2}(?:/|\Z)")


class Sink(AbstractContextManager["Sink"], ABC):
    """Takes files one after another; names are relative with `/`, each only once (`duplicate_entry`).

    Nothing is visible at the target before the `with` block ends without an error; an error leaves nothing behind.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    @abstractmethod
    def add(self, name: str, data: bytes) -> None:
        """One file from bytes."""

    @abstractmethod
    def copy(self, name: str, source: ByteSource) -> None:
        """One file from stored bytes, copied once; a known CRC-32 and size are used, not computed again."""

    @abstractmethod
    def stream(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A file written piece by piece, its length not known beforehand; one at a time."""

    @abstractmethod
    def publish(self) -> None:
        """Make everything visible under the target's name."""

    @abstractmethod
    def discard(self) -> None:
        """Remove everything that was written."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.discard()
            return
        try:
            self.publish()
        except BaseException:
            self.discard()
            raise

    def _claim(self, name: str) -> None:
        """Raise `Invalid` for a name that is unsafe or was used before."""
        if _UNSAFE.search(name):
            raise Invalid(f"{name!r} is not a plain relative path with '/'.", code="unsafe_path")
        key = same_name_key(name)
        if key in self._taken:
            raise Invalid(f"{name!r} was written already, perhaps in other case.", code="duplicate_entry")
        self._taken.add(key)


def temporary_beside(target: Path) -> Path:
    """A name that nobody uses, in the folder of the target, so that a rename puts it into place at once."""
    return target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")


def chunks_of(source: ByteSource) -> Iterator[bytes]:
    """The bytes of a source in pieces; `StorageCorrupt` when there are more or fewer than its size says."""
    size, count = source.size, 0
    with source.open() as stream:
        while data := stream.read(min(CHUNK, size - count) or 1):  # no larger buffer than needed, then a look for more
            count += len(data)
            if count > size:
                break
            yield data
    if count != size:
        raise StorageCorrupt(f"{source.name} has {count:,} bytes where {source.size:,} were expected: run the check.")


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder last through a power cut, where the system has a way to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
