"""Thumbnails: as they were made when a picture came in, or made anew where one is missing."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ..domain.dataset import Image
from ..domain.errors import StorageCorrupt
from ..domain.version import VersionImage
from ..ingest.incoming import fresh_path
from ..storage.files import thumbnail_key
from ..storage.files.place import Stored
from .installation import Installation


def read_thumbnail(here: Installation, image: Image | VersionImage) -> bytes:
    """A small upright JPEG of the image. `StorageCorrupt` (`storage_missing`) when the image is not there either."""
    try:
        return here.store.read_thumbnail(image.sha256)
    except StorageCorrupt:
        return _make(here, image)


def read_thumbnails(here: Installation, images: Sequence[Image]) -> Generator[bytes]:
    """Those of several images in their order, some of them read or made at once; errors as with `read_thumbnail`."""
    if all(_lies_here(here, image) for image in images):  # a file of this computer is read before a thread has begun
        yield from (read_thumbnail(here, image) for image in images)
        return
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="thumbnails") as threads:
        yield from threads.map(partial(read_thumbnail, here), images)


_AT_ONCE = 8
"""A bucket answers each after a while, however small it is."""


def _lies_here(here: Installation, image: Image) -> bool:
    path = here.store.path(thumbnail_key(image.sha256))
    return path is not None and path.is_file()


def find_thumbnail(here: Installation, image: Image | VersionImage) -> Stored:
    """Where it lies, once it is there; errors as with `read_thumbnail`."""
    key = thumbnail_key(image.sha256)
    found = here.store.stat(key)
    if found is None:
        size = len(_make(here, image))
        found = here.store.stat(key) or Stored(key, size, 0.0)
    return found


def _make(here: Installation, image: Image | VersionImage) -> bytes:
    """Store it for next time. Backups may leave thumbnails out, as nothing is lost with them."""
    path = fresh_path(here.store.temp_dir())
    try:
        path.write_bytes(here.store.read_blob(image.sha256))
        thumbnail = here.pool.check(path, image.filename).thumbnail
    finally:
        path.unlink(missing_ok=True)
    here.store.put_bytes(thumbnail_key(image.sha256), thumbnail)
    return thumbnail
