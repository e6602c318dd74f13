"""The files in a zip archive."""

from __future__ import annotations

import io
import struct
import threading
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ..domain.errors import NotFound, TooLarge, UnreadableDataset
from ..domain.manifest import Losses
from .files import MAX_BYTES, MAX_ENTRIES, Files, is_kept, same_name_key
from .zip_directory import STORED, Entry, corrupt, read_directory

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class MemberSource:
    """The bytes of one file in an archive. The CRC-32 is the archive's claim; reading to the end checks it."""

    files: ZipFiles
    entry: Entry

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def size(self) -> int:
        return self.entry.size

    @property
    def crc32(self) -> int | None:
        return None

    def open(self) -> IO[bytes]:
        return io.BufferedReader(_Member(self.files, self.entry), _CHUNK)


class ZipFiles(Files):
    """The regular files of a zip archive. Everything unsafe is refused on opening, damage when it is read."""

    def __init__(self, path: Path, *, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self.title = str(path)
        self.notes = Losses()
        self._short = Path(path).name
        self._lock = threading.Lock()
        self._stream = Path(path).open("rb")  # noqa: SIM115 - closed on exit
        try:
            entries = list(read_directory(self._stream, self._short, max_entries=max_entries, max_bytes=max_bytes))
            _check_unique(entries, self._short)
            _check_apart(entries, self._short)
        except BaseException:
            self._stream.close()
            raise
        self._entries = {entry.name: entry for entry in entries if is_kept(entry.name, self.notes)}
        self._names = sorted(self._entries)

    @property
    def names(self) -> Sequence[str]:
        return self._names

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def get(self, name: str) -> MemberSource:
        return MemberSource(self, self._entry(name))

    def read(self, name: str, limit: int = 2**31) -> bytes:
        entry = self._entry(name)
        if entry.size > limit:
            raise TooLarge(f"{self._short}: {name} is larger than {limit:,} bytes.", code="file_too_large")
        packed = self.read_at(self.data_offset(entry), entry.packed)
        if len(packed) != entry.packed:
            raise self.damaged(entry, "it is cut off")
        data = packed if entry.method == STORED else self._inflate(packed, entry)
        if zlib.crc32(data) != entry.crc32:
            raise self.damaged(entry, "its checksum is wrong")
        return data

    def read_at(self, offset: int, length: int) -> bytes:
        """Bytes of the archive itself, from any thread."""
        with self._lock:
            self._stream.seek(offset)
            return self._stream.read(length)

    def data_offset(self, entry: Entry) -> int:
        """Where the member's bytes start; its local header must name the same file as the table of contents."""
        header = self.read_at(entry.offset, 30 + len(entry.raw_name))
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise self.damaged(entry, "its header is missing")
        name_length, extra_length = struct.unpack_from("<HH", header, 26)
        if name_length != len(entry.raw_name) or header[30:] != entry.raw_name:
            raise self.damaged(entry, "its header has another name")
        return entry.offset + 30 + name_length + extra_length

    def damaged(self, entry: Entry, why: str) -> UnreadableDataset:
        return corrupt(f"{self._short}: {entry.name}", why)

    def _entry(self, name: str) -> Entry:
        entry = self._entries.get(name)
        if entry is None:
            raise NotFound(f"{self.title} has no file {name}.")
        return entry

    def _inflate(self, packed: bytes, entry: Entry) -> bytes:
        inflater = zlib.decompressobj(-15)
        try:
            data = inflater.decompress(packed, entry.size + 1)
        except zlib.error as error:
            raise self.damaged(entry, str(error)) from error
        if len(data) != entry.size:
            raise self.damaged(entry, "it is longer or shorter than it says")
        return data


class _Member(io.RawIOBase):
    """A member's bytes as a stream. Never more bytes than the table of contents says; read from start to end in order,
    the checksum is compared at the end."""

    def __init__(self, files: ZipFiles, entry: Entry) -> None:
        self._files = files
        self._entry = entry
        self._start = files.data_offset(entry)
        self._rewind()

    def _rewind(self) -> None:
        self._position = 0
        self._fetched = 0
        self._crc: int | None = 0
        self._inflater = None if self._entry.method == STORED else zlib.decompressobj(-15)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._entry.size}[whence]
        target = max(0, base + offset)
        if target == self._position:
            return target
        if self._inflater is None:
            self._position = self._fetched = target
            self._crc = 0 if target == 0 else None
            return target
        if target < self._position:
            self._rewind()
        while self._position < min(target, self._entry.size) and self._next(min(_CHUNK, target - self._position)):
            pass
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._next(len(view))
        view[: len(data)] = data
        return len(data)

    def _next(self, length: int) -> bytes:
        left = self._entry.size - self._position
        if left <= 0 or length <= 0:
            return b""
        data = self._stored(min(length, left)) if self._inflater is None else self._inflated(min(length, left))
        if not data:
            raise self._files.damaged(self._entry, "it is cut off")
        self._position += len(data)
        if self._crc is not None:
            self._crc = zlib.crc32(data, self._crc)
            if self._position == self._entry.size and self._crc != self._entry.crc32:
                raise self._files.damaged(self._entry, "its checksum is wrong")
        return data

    def _stored(self, length: int) -> bytes:
        data = self._files.read_at(self._start + self._position, length)
        self._fetched += len(data)
        return data

    def _inflated(self, length: int) -> bytes:
        assert self._inflater is not None
        try:
            while not self._inflater.eof:
                packed = self._inflater.unconsumed_tail
                if not packed:
                    wanted = min(_CHUNK, self._entry.packed - self._fetched)
                    packed = self._files.read_at(self._start + self._fetched, wanted)
                    self._fetched += len(packed)
                data = self._inflater.decompress(packed, length)
                if data or not packed:
                    return data
        except zlib.error as error:
            raise self._files.damaged(self._entry, str(error)) from error
        return b""


def _check_unique(entries: Iterable[Entry], title: str) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        other = seen.setdefault(same_name_key(entry.name), entry.name)
        if other is not entry.name:
            raise UnreadableDataset(
                f"{title} has two entries {other!r} and {entry.name!r} that are one name on some systems: rename one.",
                code="duplicate_entry",
            )


def _check_apart(entries: Iterable[Entry], title: str) -> None:
    """Members that share bytes are how a small archive unpacks to petabytes without being nested."""
    end = 0
    for entry in sorted(entries, key=lambda e: e.offset):
        if entry.offset < end:
            raise UnreadableDataset(
                f"{title}: {entry.name} overlaps another entry; that is a zip bomb, not a dataset.", code="archive_bomb"
            )
        end = entry.offset + 30 + len(entry.raw_name) + entry.packed
