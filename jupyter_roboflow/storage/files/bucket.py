"""An S3-compatible bucket as a place for bytes. obstore is loaded on first use, and again in a forked child."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ...domain.errors import BackendUnavailable, Invalid
from .place import Place, Stored
from .stored_headers import START, stored_headers

if TYPE_CHECKING:
    from obstore.store import S3Store

RETRIES = 5
PARALLEL = 8
"""Uploads at a time."""

_BUFFER = 1 << 20
_FIRST_WAIT = timedelta(milliseconds=100)
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")


class Bucket(Place):
    """`s3://bucket/prefix`; address and credentials come from the usual `AWS_*` variables.

    obstore tries again up to five times, waiting longer each time, before a bucket counts as away.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._opened: S3Store | None = None
        self._pid = 0
        self._temporary: Path | None = None

    @property
    def _store(self) -> S3Store:
        if self._opened is None or self._pid != os.getpid():
            self._opened, self._pid = _open(self._url), os.getpid()
        return self._opened

    def put(self, items: Sequence[tuple[str, Path | bytes]], *, flushed: bool = False, filename: str = "") -> None:
        with self._failures(), ThreadPoolExecutor(PARALLEL) as pool:
            for done in [pool.submit(self._put, key, item, filename) for key, item in items]:
                done.result()
        for _, item in items:
            if isinstance(item, Path):
                item.unlink(missing_ok=True)

    def _put(self, key: str, item: Path | bytes, filename: str) -> None:
        """With the headers it is to be sent with: obstore cannot sign a link that asks for others."""
        import obstore

        if isinstance(item, bytes):
            obstore.put(self._store, key, item, attributes={**stored_headers(item[:START], filename)})
            return
        with item.open("rb") as file:
            headers = stored_headers(file.read(START), filename)
            file.seek(0)
            obstore.put(self._store, key, file, attributes={**headers})

    def read(self, key: str) -> bytes:
        import obstore

        with self._failures():
            return bytes(obstore.get(self._store, key).bytes())

    def open(self, key: str) -> IO[bytes]:
        import obstore

        with self._failures():
            reader = obstore.open_reader(self._store, key, buffer_size=_BUFFER)
        return io.BufferedReader(_Stream(reader, self._failures), _BUFFER)

    def stat(self, key: str) -> Stored | None:
        import obstore

        try:
            with self._failures():
                found = obstore.head(self._store, key)
        except FileNotFoundError:
            return None
        return Stored(key, found["size"], found["last_modified"].timestamp())

    def delete(self, key: str) -> None:
        import obstore

        with self._failures(), contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, key)

    def delete_older(self, key: str, before: float) -> bool:
        """S3 has no way to do both at once; between the two calls lie milliseconds."""
        found = self.stat(key)
        if found is None or found.modified > before:
            return False
        self.delete(key)
        return True

    def list(self, prefix: str) -> Iterator[Stored]:
        import obstore

        with self._failures():
            chunks: Iterator[Sequence[Any]] = obstore.list(self._store, prefix, chunk_size=1000)  # pyright: ignore[reportUnknownMemberType]
            for chunk in chunks:
                for found in chunk:
                    yield Stored(found["path"], found["size"], found["last_modified"].timestamp())

    def unfinished(self) -> Iterator[Stored]:
        return iter(())  # S3 shows an object when it is whole

    def path(self, key: str) -> Path | None:
        return None

    def link(self, key: str, seconds: int) -> str | None:
        import obstore

        with self._failures():
            return obstore.sign(self._store, "GET", key, timedelta(seconds=seconds))

    def temp_dir(self) -> Path:
        if self._temporary is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="jupyter-roboflow-"))
            weakref.finalize(self, shutil.rmtree, self._temporary, ignore_errors=True)
        return self._temporary

    @contextlib.contextmanager
    def _failures(self) -> Generator[None]:
        """What the bucket refuses, as our own errors."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError) as error:
            if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
                raise
            raise BackendUnavailable(
                f"The store {self._url} does not answer ({_first_line(error)}): check the address, the credentials "
                "(AWS_* variables) and the network, then try again.",
                code="storage_unavailable",
            ) from error


class _Stream(io.RawIOBase):
    """A bucket's object as an ordinary stream."""

    def __init__(self, reader: Any, failures: Callable[[], contextlib.AbstractContextManager[None]]) -> None:
        self._reader, self._failures = reader, failures

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with self._failures():
            return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self._reader.tell())

    def readinto(self, buffer: Any) -> int:
        with self._failures():
            data = bytes(self._reader.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)


def _open(url: str) -> S3Store:
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    endpoint = (
        os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT")
    )
    more: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
    try:
        return S3Store.from_url(
            url,
            client_options={"allow_http": bool(endpoint and endpoint.startswith("http://")), "timeout": "60s"},
            retry_config={
                "max_retries": RETRIES,
                "retry_timeout": timedelta(seconds=60),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=5),
                    "base": 2,
                },
            },
            **more,
        )
    except (BaseError, ValueError) as error:
        raise Invalid(f"ROBOFLOW_STORAGE_URL={url!r}: {error}.", code="bad_setting") from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:300]
