"""The ImageStore: pictures by the hash of their bytes, thumbnails beside them, exports."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast
from uuid import uuid4

from ...domain.errors import Conflict, Invalid, StorageCorrupt
from ...domain.manifest import ByteSource
from ...settings import Settings
from .checked import CheckedStream
from .folder import Folder
from .place import Place, Stored

BLOBS = "blobs/"
THUMBNAILS = "thumbnails/"
EXPORTS = "exports/"
IMPORTS = "imports/"
"""Files that were sent to be imported, until their job is over."""
VERSIONS = "versions/"
"""What versions were made from: one JSON line a picture."""
STAGED = "staged/"
"""What parts of jobs hand to each other, by the id of the whole job, until that is over."""

_CHUNK = 1 << 20


class Incoming(Protocol):
    """A checked picture: a finished file of ours, the hash of its bytes, and a thumbnail."""

    @property
    def path(self) -> Path: ...
    @property
    def sha256(self) -> str: ...
    @property
    def thumbnail(self) -> bytes: ...


class Blob(Protocol):
    """A stored picture: what it is called and what its bytes are."""

    @property
    def filename(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def crc32(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Artefact:
    """A published file of the store; it never changes."""

    key: str
    size: int
    sha256: str


def open_store(settings: Settings) -> ImageStore:
    """The store of an installation."""
    return ImageStore(settings.storage_url)


def blob_key(sha256: str) -> str:
    """Where a picture's original bytes lie."""
    return f"{BLOBS}{sha256[:2]}/{sha256[2:4]}/{sha256}"


def thumbnail_key(sha256: str) -> str:
    """Where a picture's thumbnail lies."""
    return f"{THUMBNAILS}{sha256[:2]}/{sha256}.jpg"


class ImageStore:
    """Bytes in a folder or in `s3://bucket/prefix`. Opened on first use; safe in threads and after a fork.

    A store that is full, read-only or away raises `BackendUnavailable`; bytes that are missing or are not what was
    stored raise `StorageCorrupt`. Nothing is ever repaired or deleted on reading.
    """

    def __init__(self, url: str) -> None:
        self.title = url
        self.place: Place = _place(url)

    def temp_dir(self) -> Path:
        """A folder for files on their way in; from there `put_…` need not copy."""
        return self.place.temp_dir()

    def put_pictures(self, pictures: Sequence[Incoming], *, flushed: bool = False) -> None:
        """Take over the files of checked pictures and their thumbnails; on return they survive a crash.

        Their rows come after this, never before. `flushed` when the files are on the disk, as `ingest` leaves them.
        """
        once = {picture.sha256: picture for picture in pictures}
        thumbnails = [(thumbnail_key(sha256), picture.thumbnail) for sha256, picture in once.items()]
        blobs = [(blob_key(sha256), picture.path) for sha256, picture in once.items()]
        self.place.put([*thumbnails, *blobs], flushed=flushed)
        for picture in pictures:
            if once[picture.sha256] is not picture:
                picture.path.unlink(missing_ok=True)

    def put_file(self, path: Path, sha256: str) -> str:
        """Take over one finished file whose hash is known; its key."""
        self.place.put([(blob_key(sha256), path)])
        return blob_key(sha256)

    def put_import(self, path: Path, suffix: str) -> str:
        """Take over a file that a job is to import, wherever its worker is; its key, which is new."""
        key = f"{IMPORTS}{uuid4().hex}{suffix}"
        self.place.put([(key, path)])
        return key

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes under a key, whole or not at all."""
        self.place.put([(key, data)])

    def put_artefact(self, path: Path, key: str, filename: str = "") -> Artefact:
        """Publish a finished file; `filename` is what it is saved as from a link.

        `Conflict` when the key is taken: what was published never changes.
        """
        if self.place.stat(key) is not None:
            raise Conflict(f"{key} is published already and never changes: use a new key.", code="artefact_exists")
        size, sha256 = _measure(path)
        self.place.put([(key, path)], filename=filename)
        return Artefact(key, size, sha256)

    def read(self, key: str) -> bytes:
        """All bytes of a key, unchecked; for blobs use `read_blob`."""
        try:
            return self.place.read(key)
        except FileNotFoundError as error:
            raise _missing(key) from error

    def read_blob(self, sha256: str) -> bytes:
        """A picture's original bytes, checked against their hash."""
        data = self.read(blob_key(sha256))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise corrupt(blob_key(sha256), "its bytes are not those that were stored")
        return data

    def read_thumbnail(self, sha256: str) -> bytes:
        """A picture's thumbnail, a JPEG."""
        return self.read(thumbnail_key(sha256))

    def blob_source(self, image: Blob) -> ByteSource:
        """A picture's bytes for a format to copy; size and CRC-32 are known beforehand and checked while reading."""
        return _BlobSource(self, image)

    def open(self, key: str) -> IO[bytes]:
        """A stream at a key's first byte, which can seek; unchecked."""
        try:
            return self.place.open(key)
        except FileNotFoundError as error:
            raise _missing(key) from error

    def download(self, key: str, path: Path, size: int, sha256: str) -> Path:
        """Copy a published file to `path`, whole or not at all, checked against size and hash."""
        if not path.parent.is_dir():
            raise Invalid(f"There is no folder {path.parent}: make it first.", code="no_such_folder")
        part = path.with_name(f".{path.name[:100]}.{uuid4().hex[:8]}.part")
        digest, copied = hashlib.sha256(), 0
        try:
            with self.open(key) as source, part.open("xb") as target:
                while data := source.read(_CHUNK):
                    digest.update(data)
                    copied += len(data)
                    target.write(data)
                target.flush()
                os.fsync(target.fileno())
            if (copied, digest.hexdigest()) != (size, sha256):
                raise corrupt(key, "its bytes are not those that were published: export again")
            part.replace(path)
        except OSError as error:
            raise Invalid(f"{path} cannot be written ({error}): choose another place.", code="not_writable") from error
        finally:
            part.unlink(missing_ok=True)
        return path

    def stat(self, key: str) -> Stored | None:
        """Size and time of a key, None when there is none."""
        return self.place.stat(key)

    def link(self, key: str, seconds: int) -> str | None:
        """An address from which anybody can fetch a key for so long; None where the server has to send it."""
        return self.place.link(key, seconds)

    def path(self, key: str) -> Path | None:
        """The file behind a key where it is one of this computer."""
        return self.place.path(key)

    def list(self, prefix: str) -> Iterator[Stored]:
        """Everything whose key starts with the prefix."""
        return self.place.list(prefix)

    def delete(self, key: str) -> None:
        """Take a key away; one that is not there is fine."""
        self.place.delete(key)

    def hash(self, key: str) -> str:
        """The SHA-256 of what lies under a key now."""
        digest = hashlib.sha256()
        with self.open(key) as stream:
            while data := stream.read(_CHUNK):
                digest.update(data)
        return digest.hexdigest()


class _BlobSource:
    """A stored picture as a `ByteSource`."""

    __slots__ = ("_image", "_store")

    def __init__(self, store: ImageStore, image: Blob) -> None:
        self._store, self._image = store, image

    @property
    def name(self) -> str:
        return self._image.filename

    @property
    def size(self) -> int:
        return self._image.size

    @property
    def crc32(self) -> int | None:
        return self._image.crc32

    def open(self) -> IO[bytes]:
        key = blob_key(self._image.sha256)
        stream = self._store.open(key)
        size, crc32 = self._image.size, self._image.crc32
        return cast(IO[bytes], CheckedStream(stream, size, crc32, lambda why: corrupt(key, why)))


def corrupt(key: str, why: str) -> StorageCorrupt:
    """The error for stored bytes that are not what they were."""
    return StorageCorrupt(
        f"{key} is damaged: {why}. Run `jupyter roboflow check --deep` for the whole extent and restore from a backup.",
        code="storage_corrupt",
        key=key,
    )


def _missing(key: str) -> StorageCorrupt:
    return StorageCorrupt(
        f"{key} is missing from the store: run `jupyter roboflow check` for everything that is, and restore it from a "
        "backup, or delete what it belongs to.",
        code="storage_missing",
        key=key,
    )


def _measure(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def _place(url: str) -> Place:
    if url.startswith("s3://"):
        from .bucket import Bucket

        return Bucket(url)
    if "://" in url:
        raise Invalid(f"ROBOFLOW_STORAGE_URL={url!r}: a folder or s3://bucket/prefix.", code="bad_setting")
    return Folder(Path(url))
