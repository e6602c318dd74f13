"""A folder of files, complete or not there."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..domain.errors import Conflict
from ..domain.manifest import ByteSource
from .sink import Sink, chunks_of, sync_folder, temporary_beside


class FolderSink(Sink):
    """Writes into a hidden folder beside the target and renames it at the end; the target must be new or empty.

    Single files are not fsynced (100,000 of them would take minutes): after a power cut, write the export again.
    """

    def __init__(self, target: Path) -> None:
        super().__init__()
        self._target = Path(target)
        self._check_target()
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._folder = temporary_beside(self._target.absolute())
        self._folder.mkdir()
        self._made: set[Path] = {self._folder}

    def add(self, name: str, data: bytes) -> None:
        self._place(name).write_bytes(data)

    def copy(self, name: str, source: ByteSource) -> None:
        with self._place(name).open("wb") as out:
            for data in chunks_of(source):
                out.write(data)

    @contextmanager
    def stream(self, name: str) -> Generator[IO[bytes]]:
        with self._place(name).open("wb") as out:
            yield out

    def publish(self) -> None:
        self._check_target()
        if self._target.exists():
            self._target.rmdir()
        self._folder.rename(self._target)
        sync_folder(self._target.absolute().parent)

    def discard(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _place(self, name: str) -> Path:
        self._claim(name)
        path = self._folder / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        return path

    def _check_target(self) -> None:
        if self._target.is_dir():
            if any(self._target.iterdir()):
                raise Conflict(
                    f"The folder {self._target} is not empty: choose a new one, or empty it first.",
                    code="target_not_empty",
                )
        elif self._target.exists():
            raise Conflict(f"{self._target} is a file: choose a folder that is new or empty.", code="target_not_empty")
