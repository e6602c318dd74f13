"""What is in a folder or a zip archive, as names and bytes; hostile archives are refused before anything is read."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from ..domain.errors import UnreadableDataset
from ..domain.manifest import ByteSource, Losses

MAX_ENTRIES = 500_000
MAX_BYTES = 200_000_000_000

_JUNK_FILES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_JUNK_FOLDERS = frozenset({"__macosx", ".git", ".ipynb_checkpoints", ".trash", "__pycache__"})
_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")


class Files(AbstractContextManager["Files"], ABC):
    """The regular files below a folder or in an archive. Names are relative, with `/`, sorted.

    Safe to use from several threads. Files that systems leave behind (`__MACOSX`, `.DS_Store`, …) are not among the
    names; every other file left out is in `notes`.
    """

    title: str
    """What to call it in messages: the path that was opened."""

    notes: Losses
    """Files that were left out, and why: links that lead outside, hidden files, archives in the archive."""

    chosen: str | None = None
    """The one file of annotations that was asked for: pictures that it does not list stay out. None: all files."""

    @property
    @abstractmethod
    def names(self) -> Sequence[str]:
        """Every file's name, relative to the root, with `/`, sorted."""

    @abstractmethod
    def __contains__(self, name: object) -> bool:
        """Whether there is a file of exactly that name."""

    @abstractmethod
    def get(self, name: str) -> ByteSource:
        """The bytes of one file; `NotFound` when there is none of that name."""

    @abstractmethod
    def read(self, name: str, limit: int = 2**31) -> bytes:
        """A file's bytes whole; `TooLarge` over the limit, `Invalid` (`archive_corrupt`) when they are damaged."""


def is_kept(name: str, notes: Losses) -> bool:
    """Whether a file belongs to the dataset; left-overs of systems do not, and hidden files are noted and left out."""
    *folders, base = name.lower().split("/")
    if base in _JUNK_FILES or base.startswith("._") or not _JUNK_FOLDERS.isdisjoint(folders):
        return False
    if base.startswith(".") or any(folder.startswith(".") for folder in folders):
        notes.add("noted", name, "hidden files are left out")
        return False
    if base.endswith(_ARCHIVES):
        notes.add("noted", name, "archives inside are not opened")
    return True


def same_name_key(name: str) -> str:
    """Equal for names that some file system cannot tell apart: other case, or composed otherwise."""
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


def too_many_entries(title: str, limit: int) -> UnreadableDataset:
    """The refusal of a folder or archive with more than `limit` files."""
    return UnreadableDataset(
        f"{title} has more than {limit:,} files: import it in parts, or raise ROBOFLOW_MAX_ARCHIVE_ENTRIES.",
        code="too_many_entries",
    )
