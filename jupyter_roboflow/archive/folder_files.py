"""The files below a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..domain.errors import NotFound, TooLarge, UnreadableDataset
from ..domain.manifest import Losses
from .files import MAX_ENTRIES, Files, is_kept, too_many_entries


@dataclass(frozen=True, slots=True)
class FileSource:
    """The bytes of one file on disk."""

    name: str
    path: Path
    size: int
    crc32: int | None = None

    def open(self) -> IO[bytes]:
        return self.path.open("rb")


class FolderFiles(Files):
    """Every regular file below a folder. Links to files inside it count as files; links that lead outside and linked
    folders are left out and noted."""

    def __init__(self, root: Path, *, max_entries: int = MAX_ENTRIES) -> None:
        self.title = str(root)
        self.notes = Losses()
        self._root = Path(root).resolve()
        found: list[str] = []
        for name in self._walk(self._root, ""):
            found.append(name)
            if len(found) > max_entries:
                raise too_many_entries(self.title, max_entries)
        self._names = sorted(found)
        self._known = set(found)

    @property
    def names(self) -> Sequence[str]:
        return self._names

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __exit__(self, *error: object) -> None:
        pass

    def get(self, name: str) -> FileSource:
        if name not in self._known:
            raise NotFound(f"{self.title} has no file {name}.")
        path = self._root / name
        try:
            return FileSource(name, path, path.stat().st_size)
        except OSError as error:
            raise NotFound(f"{self.title}: {name} cannot be read any more ({error.strerror}).") from error

    def read(self, name: str, limit: int = 2**31) -> bytes:
        source = self.get(name)
        try:
            with source.open() as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            raise UnreadableDataset(f"{name} cannot be read: {error.strerror}.", code="file_unreadable") from error
        if len(data) > limit:
            raise TooLarge(f"{name} is larger than {limit:,} bytes.", code="file_too_large")
        return data

    def _walk(self, folder: Path, prefix: str) -> Iterator[str]:
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError as error:
            self.notes.add("noted", prefix or ".", f"the folder cannot be opened: {error.strerror}")
            return
        for entry in listed:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(Path(entry.path), f"{name}/")
            elif self._is_usable(entry, name) and is_kept(name, self.notes):
                yield name

    def _is_usable(self, entry: os.DirEntry[str], name: str) -> bool:
        if any("\ud800" <= c <= "\udfff" for c in name):
            self.notes.add("noted", ascii(name), "the file name is not Unicode, rename the file")
            return False
        if entry.is_symlink():
            return self._is_usable_link(Path(entry.path), name)
        if not entry.is_file(follow_symlinks=False):
            self.notes.add("noted", name, "not a regular file")
            return False
        return True

    def _is_usable_link(self, link: Path, name: str) -> bool:
        try:
            target = link.resolve(strict=True)
            mode = target.stat().st_mode
        except (OSError, RuntimeError):
            self.notes.add("noted", name, "the link leads nowhere")
            return False
        if not target.is_relative_to(self._root):
            self.notes.add("noted", name, "the link leads outside of the folder, copy the files into it")
            return False
        if not stat.S_ISREG(mode):
            self.notes.add("noted", name, "linked folders are not followed")
            return False
        return True
