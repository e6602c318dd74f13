"""A file of the store that somebody may have, and what has to be known to send it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, cast

from ..domain.dataset import Image
from ..domain.export import Export
from ..domain.version import VersionImage
from ..storage.files import ImageStore, blob_key, corrupt
from ..storage.files.checked import CheckedStream
from .installation import Installation
from .thumbnails import find_thumbnail


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that never change. `etag` differs where they do; `size` is in bytes; `crc32` of all of them, if known."""

    key: str
    size: int
    etag: str
    media_type: str
    filename: str
    store: ImageStore
    crc32: int | None = None

    def open(self, start: int = 0, length: int | None = None) -> IO[bytes]:
        """A stream at that byte. Read from the first to the last byte, damage is found: `StorageCorrupt` then."""
        stream = self.store.open(self.key)
        if start == 0 and length in (None, self.size) and self.crc32 is not None:
            checked = CheckedStream(stream, self.size, self.crc32, lambda why: corrupt(self.key, why))
            return cast(IO[bytes], checked)
        stream.seek(start)
        return stream

    def link(self, seconds: int) -> str | None:
        """An address of the store's own from which anybody can fetch it for so long, where there is such a thing."""
        return self.store.link(self.key, seconds)


def image_file(store: ImageStore, image: Image | VersionImage) -> StoredFile:
    """An image's original bytes."""
    key = blob_key(image.sha256)
    return StoredFile(key, image.size, image.sha256, image.media_type, image.filename, store, image.crc32)


def thumbnail_file(here: Installation, image: Image | VersionImage) -> StoredFile:
    """An image's thumbnail, made anew when it is missing."""
    found = find_thumbnail(here, image)
    # it may be made anew, by another version of the decoder: its size and time tell the two apart
    etag = f"{image.sha256}-{found.size:x}-{int(found.modified):x}"
    stem = image.filename.rpartition(".")[0] or image.filename
    return StoredFile(found.key, found.size, etag, "image/jpeg", f"{stem}.thumbnail.jpg", here.store)


def export_file(store: ImageStore, export: Export) -> StoredFile:
    """A finished export."""
    return StoredFile(export.path, export.size, export.sha256, "application/zip", export.filename, store)
