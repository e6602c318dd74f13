"""What is in a folder or a zip archive, as names and bytes; hostile archives are refused before anything is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from ..domain.manifest import ByteSource


class Files(AbstractContextManager["Files"], ABC):
    """The regular files below a folder or in an archive. Names are relative, with `/`, sorted."""

    title: str
    """What to call it in messages: the path that was opened."""

    @property
    @abstractmethod
    def names(self) -> Sequence[str]:
        """Every file's name, relative to the root, with `/`, sorted."""

    @abstractmethod
    def get(self, name: str) -> ByteSource:
        """The bytes of one file; `NotFound` when there is none of that name."""

    @abstractmethod
    def read(self, name: str, limit: int = 2**31) -> bytes:
        """A file's bytes whole; `TooLarge` over the limit, `Invalid` (`archive_corrupt`) when they are damaged."""


def open_files(path: Path, *, max_entries: int = 500_000, max_bytes: int = 200_000_000_000) -> Files:
    """The files of a folder or zip archive."""
    raise NotImplementedError
