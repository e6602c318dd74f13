"""Large files from a server: whole or not at all, and going on where a connection broke."""

from __future__ import annotations

import hashlib
import os
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from ...domain.errors import BackendUnavailable, Invalid, StorageCorrupt
from .client import Client

_CHUNK = 1 << 18


def download(client: Client, path: str, target: Path, size: int, sha256: str) -> Path:
    """The file at `path` below the interface, checked against size and hash, then put where `target` says."""
    check_target(target)
    part = target.with_name(f".{target.name[:100]}.{uuid4().hex[:8]}.part")
    try:
        with part.open("xb") as out:
            digest = _Fetching(client, path, size, out).run()
            out.flush()
            os.fsync(out.fileno())
        if digest != sha256:
            raise StorageCorrupt(
                f"What came of {path} is not what was published: try again, or export again.", code="storage_corrupt"
            )
        part.replace(target)
    except OSError as error:
        raise Invalid(f"{target} cannot be written ({error}): choose another place.", code="not_writable") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def check_target(target: Path) -> None:
    """Raise `Invalid` for a place where no file can be."""
    if "\0" in str(target):
        raise Invalid("A file name cannot hold NUL: choose another name.", code="not_writable")
    if not target.parent.is_dir():
        raise Invalid(f"There is no folder {target.parent}: make it first.", code="no_such_folder")


class _Fetching:
    """Asks for the rest until everything is there; a try that brought something does not count as one."""

    def __init__(self, client: Client, path: str, size: int, out: IO[bytes]) -> None:
        self._client, self._path, self._size, self._out = client, path, size, out
        self._digest: Any = hashlib.sha256()
        self._have = 0
        self._etag = ""

    def run(self) -> str:
        """The SHA-256 of everything."""
        retrying, before = self._client.retrying("GET"), 0
        while failed := self._fetch():
            if self._have > before:
                retrying, before = self._client.retrying("GET"), self._have
            if not retrying.wait():
                raise failed
        return self._digest.hexdigest()

    def _fetch(self) -> BackendUnavailable | None:
        """Writes what comes, from where the last try ended; why it ended too early, if it did."""
        headers = {"Range": f"bytes={self._have}-", "If-Range": self._etag} if self._have and self._etag else {}
        try:
            with self._client.stream(self._path, {"Accept-Encoding": "identity", **headers}) as response:
                if response.status_code != HTTPStatus.PARTIAL_CONTENT:
                    self._start_over()
                self._etag = response.headers.get("ETag", "")
                for piece in response.iter_raw(_CHUNK):
                    self._take(piece)
        except BackendUnavailable as error:
            return error
        if self._have < self._size:
            return BackendUnavailable("The file ended too early.", code="server_unreachable")
        return None

    def _start_over(self) -> None:
        self._out.seek(0)
        self._out.truncate()
        self._have, self._digest = 0, hashlib.sha256()

    def _take(self, piece: bytes) -> None:
        self._have += len(piece)
        if self._have > self._size:
            raise StorageCorrupt(f"{self._path} is longer than the {self._size:,} bytes that were published.")
        self._digest.update(piece)
        self._out.write(piece)
