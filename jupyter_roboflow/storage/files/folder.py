"""A local folder as a place for bytes.

obstore's own local store renames without fsync, which a power cut turns into empty files; so the order
write, fsync, rename, fsync of the folder is kept here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import IO
from uuid import uuid4

from ...domain.errors import BackendUnavailable
from ..database import make_private_folder
from .flush import Together, flush, flush_folder, write_flushed
from .place import Place, Stored

TEMPORARY = "tmp"
TAKEN = "taken"
"""Folder of files that are being deleted: they are taken out of the way first, looked at, then deleted."""

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


class Folder(Place):
    """Files below a root folder that only its owner may enter."""

    def __init__(self, root: Path) -> None:
        self._root = root.expanduser().absolute()

    def put(self, items: Sequence[tuple[str, Path | bytes]], *, flushed: bool = False, filename: str = "") -> None:
        """Contents are flushed first, then all are renamed, then the folders flushed: each step is cheap in bulk."""
        written: list[tuple[Path, bytes]] = []
        try:
            with self._failures(), Together() as together:
                files = [(key, self._file_of(item, written)) for key, item in items]
                together.do(lambda new: write_flushed(*new), written)
                if not flushed:
                    together.do(flush, [item for _, item in items if isinstance(item, Path)])
                folders: set[Path] = set()
                for key, path in files:
                    self._move_in(path, key, folders)
                together.do(flush_folder, folders)
        except BaseException:
            for path, _ in written:
                path.unlink(missing_ok=True)
            raise

    def _file_of(self, item: Path | bytes, written: list[tuple[Path, bytes]]) -> Path:
        """The file to be renamed; bytes are noted with the one they shall be written to."""
        if isinstance(item, Path):
            os.utime(item)  # young again: the collector of orphans leaves it alone
            return item
        path = (written[0][0].parent if written else self.temp_dir()) / uuid4().hex
        written.append((path, item))
        return path

    def _move_in(self, path: Path, key: str, folders: set[Path]) -> None:
        """Rename to the final path; what was there, whole or damaged, gives way to what is known to be whole."""
        final = self._file(key)
        folders.update(self._make_folder(final.parent))
        try:
            path.replace(final)
        except OSError as error:
            if error.errno == errno.EXDEV:
                self._copy_in(path, final)
            elif isinstance(error, PermissionError) and _same_bytes(path, final):
                path.unlink()  # Windows does not replace a file that somebody reads
            else:
                raise
        folders.add(final.parent)

    def _copy_in(self, path: Path, final: Path) -> None:
        """From another file system: copied to a temporary name here, then renamed."""
        temporary = self.temp_dir() / uuid4().hex
        try:
            with path.open("rb") as source, temporary.open("xb") as target:
                while data := source.read(1 << 20):
                    target.write(data)
                target.flush()
                os.fsync(target.fileno())
            temporary.replace(final)
        finally:
            temporary.unlink(missing_ok=True)
        path.unlink()

    def _make_folder(self, folder: Path) -> list[Path]:
        """Make the folder where it is missing; those above that got a new entry, to be flushed."""
        if folder.is_dir():
            return []
        above = self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        return [*above, folder.parent]

    def read(self, key: str) -> bytes:
        with self._failures():
            return self._file(key).read_bytes()

    def open(self, key: str) -> IO[bytes]:
        with self._failures():
            return self._file(key).open("rb")

    def stat(self, key: str) -> Stored | None:
        with self._failures():
            try:
                found = self._file(key).stat()
            except FileNotFoundError:
                return None
        return Stored(key, found.st_size, found.st_mtime)

    def delete(self, key: str) -> None:
        with self._failures():
            self._file(key).unlink(missing_ok=True)

    def delete_older(self, key: str, before: float) -> bool:
        """A file put there between looking and deleting must not be lost: so it is moved aside, looked at, deleted."""
        taken = self._make_taken() / f"{uuid4().hex}@{key.replace('/', '@')}"
        with self._failures():
            try:
                if self._file(key).stat().st_mtime > before:
                    return False
                self._file(key).replace(taken)
            except FileNotFoundError:
                return False
            if taken.stat().st_mtime <= before:
                taken.unlink(missing_ok=True)
                return True
            self._put_back(taken, key)
            return False

    def recover(self) -> None:
        """Put back what a collector that died had moved aside."""
        if not (self._root / TAKEN).is_dir():
            return
        with self._failures():
            for taken in sorted((self._root / TAKEN).iterdir()):
                key = taken.name.partition("@")[2].replace("@", "/")
                if time.time() - taken.stat().st_ctime > 60:
                    self._put_back(taken, key)

    def _put_back(self, taken: Path, key: str) -> None:
        if self._file(key).exists():
            taken.unlink(missing_ok=True)
        else:
            with contextlib.suppress(FileNotFoundError):
                taken.replace(self._file(key))

    def list(self, prefix: str) -> Iterator[Stored]:
        yield from self._walk(self._root / prefix)

    def unfinished(self) -> Iterator[Stored]:
        yield from self._walk(self._root / TEMPORARY)

    def _walk(self, folder: Path) -> Iterator[Stored]:
        if not folder.is_dir():
            return
        with self._failures(), os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(Path(entry.path))
                continue
            with contextlib.suppress(FileNotFoundError):
                stat = entry.stat(follow_symlinks=False)
                yield Stored(Path(entry.path).relative_to(self._root).as_posix(), stat.st_size, stat.st_mtime)

    def path(self, key: str) -> Path | None:
        return self._file(key)

    def temp_dir(self) -> Path:
        folder = self._root / TEMPORARY
        with self._failures():
            make_private_folder(folder)
        return folder

    def _make_taken(self) -> Path:
        folder = self._root / TAKEN
        with self._failures():
            make_private_folder(folder)
        return folder

    def _file(self, key: str) -> Path:
        return self._root / key

    @contextlib.contextmanager
    def _failures(self) -> Generator[None]:
        """What the file system refuses, as our own errors."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _unavailable(self._root, error) from error


def _unavailable(root: Path, error: OSError) -> BackendUnavailable:
    if error.errno in _FULL:
        return BackendUnavailable(
            f"The store {root} is full: free some space and try again. What was stored before is whole.",
            code="storage_full",
        )
    if error.errno in _FORBIDDEN:
        return BackendUnavailable(
            f"The store {root} cannot be written or read ({error}): give this user the right to, or mount it writable.",
            code="storage_read_only",
        )
    return BackendUnavailable(
        f"The store {root} does not answer ({error}): check the disk and try again.", code="storage_unavailable"
    )


def _same_bytes(one: Path, other: Path) -> bool:
    if not other.exists() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as a, other.open("rb") as b:
        while data := a.read(1 << 20):
            if data != b.read(len(data)):
                return False
    return True
