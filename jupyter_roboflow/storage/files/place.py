"""What a place for bytes is: keys with whole files behind them. A local folder and a bucket are such places."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of the store: its size in bytes, and when it was put there (seconds since 1970)."""

    key: str
    size: int
    modified: float


class Place(ABC):
    """Keys are relative paths with `/`. What lies under a key is whole at any moment, also after a crash.

    A place that is full, read-only or away raises `BackendUnavailable`; a missing key raises `FileNotFoundError`.
    """

    @abstractmethod
    def put(self, items: Sequence[tuple[str, Path | bytes]], *, flushed: bool = False, filename: str = "") -> None:
        """Store bytes, or finished files which are taken over; on return all survive a crash. Old ones are replaced.

        `flushed` when the bytes of all these files are on the disk already. `filename` is what somebody saves them as
        who fetches them by a link.
        """

    @abstractmethod
    def read(self, key: str) -> bytes:
        """All bytes of a key."""

    @abstractmethod
    def open(self, key: str) -> IO[bytes]:
        """A stream at a key's first byte, which can seek."""

    @abstractmethod
    def stat(self, key: str) -> Stored | None:
        """Size and time of a key, None when there is none."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Take a key away; one that is not there is fine."""

    @abstractmethod
    def delete_older(self, key: str, before: float) -> bool:
        """Take a key away unless it was put there again after `before` (seconds since 1970); whether it was."""

    @abstractmethod
    def list(self, prefix: str) -> Iterator[Stored]:
        """Everything whose key starts with the prefix."""

    @abstractmethod
    def path(self, key: str) -> Path | None:
        """The file behind a key where it is one of this computer."""

    def link(self, key: str, seconds: int) -> str | None:
        """An address from which anybody can fetch a key for so long; None where there is no such thing."""
        return None

    @abstractmethod
    def temp_dir(self) -> Path:
        """A folder for files on their way in, from which `put` is cheap."""

    @abstractmethod
    def unfinished(self) -> Iterator[Stored]:
        """Temporary files that somebody left behind, or that are just being written."""

    def recover(self) -> None:
        """Finish what a process that died while deleting has left."""
        return
