"""The table of contents of a zip archive, read strictly: what is ambiguous or dangerous is refused.

Own code rather than `zipfile`, because it must say no to a million entries, to overlapping members (bombs without
recursion), to links and to names that mean different things to different readers, before any object is built.
Source of the layout: PKWARE APPNOTE 6.3.9, sections 4.3 and 4.5.
"""

from __future__ import annotations

import re
import stat
import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

from ..domain.errors import UnreadableDataset
from .files import too_many_entries

STORED, DEFLATED = 0, 8

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_MAX_DIRECTORY = 1 << 30
_RATIO_LIMIT = 250
_RATIO_FROM = 50_000_000
_UNSAFE = re.compile(r"[\\\x00-\x1f\x7f]|\A/|\A[A-Za-z]:|(?:\A|/)\.\.(?:/|\Z)")


class Entry(NamedTuple):
    """One regular file in the archive; offset and sizes in bytes, `offset` that of its local header."""

    name: str
    raw_name: bytes
    method: int
    crc32: int
    packed: int
    size: int
    offset: int


class _End(NamedTuple):
    entries: int
    length: int
    start: int
    shift: int


def corrupt(title: str, why: str) -> UnreadableDataset:
    """The refusal of a damaged archive."""
    return UnreadableDataset(f"{title} is damaged or not a zip archive ({why}): make it again.", code="archive_corrupt")


def check_name(name: str, title: str) -> str:
    """The name without `.` and empty components; `UnreadableDataset` (`unsafe_path`) when it could lead elsewhere."""
    if _UNSAFE.search(name):
        raise UnreadableDataset(
            f"{title} has an entry {name!r} whose name is not a plain relative path with '/': nothing was read. "
            "Make the archive again from its folder.",
            code="unsafe_path",
        )
    if "//" in name or name.startswith("./") or "/./" in name:
        name = "/".join(part for part in name.split("/") if part not in ("", "."))
    return name


def read_directory(stream: IO[bytes], title: str, *, max_entries: int, max_bytes: int) -> Iterator[Entry]:
    """The archive's regular files, in its own order. Raises `UnreadableDataset` for anything unsafe."""
    end = _find_end(stream, title)
    if end.entries > max_entries:
        raise too_many_entries(title, max_entries)
    if end.length > _MAX_DIRECTORY:
        raise too_many_entries(title, max_entries)
    stream.seek(end.start)
    table = stream.read(end.length)
    if len(table) != end.length:
        raise corrupt(title, "its table of contents is cut off")
    total = position = count = 0
    while position < len(table):
        count += 1
        if count > max_entries:
            raise too_many_entries(title, max_entries)
        entry, position = _read_entry(table, position, end.shift, title)
        if entry is None:
            continue
        total += entry.size
        _check_size(entry, total, max_bytes, title)
        if entry.offset + 30 + len(entry.raw_name) + entry.packed > end.start:
            raise corrupt(title, f"{entry.name} lies behind its end")
        yield entry
    if count & 0xFFFF != end.entries & 0xFFFF:
        raise corrupt(title, f"it says {end.entries:,} entries and lists {count:,}")


def _find_end(stream: IO[bytes], title: str) -> _End:
    length = stream.seek(0, 2)
    tail_at = max(0, length - 65_557)
    stream.seek(tail_at)
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise corrupt(title, "no end record; was the copy or download complete?")
    _, disk, first_disk, _, entries, size, offset, _ = _END.unpack_from(tail, at)
    position = tail_at + at
    if entries == 0xFFFF or size == 0xFFFFFFFF or offset == 0xFFFFFFFF:
        found = _find_end64(stream, position, title)
        if found is not None:
            return found
    if disk or first_disk:
        raise corrupt(title, "it is one volume of several")
    return _placed(entries, size, offset, position, title)


def _find_end64(stream: IO[bytes], before: int, title: str) -> _End | None:
    """The zip64 end record named by the locator in front of the plain one; None when there is no locator."""
    if before < _END64_LOCATOR.size:
        return None
    stream.seek(before - _END64_LOCATOR.size)
    signature, _, at, _ = _END64_LOCATOR.unpack(stream.read(_END64_LOCATOR.size))
    if signature != b"PK\x06\x07":
        return None
    for position in (at, before - _END64_LOCATOR.size - _END64.size):
        if position < 0 or position > before:
            continue
        stream.seek(position)
        data = stream.read(_END64.size)
        if len(data) == _END64.size and data[:4] == b"PK\x06\x06":
            _, _, _, _, _, _, _, entries, size, offset = _END64.unpack(data)
            return _placed(entries, size, offset, position, title)
    raise corrupt(title, "no zip64 end record")


def _placed(entries: int, size: int, offset: int, end: int, title: str) -> _End:
    """Archives may have something in front (a self-extractor): offsets are relative to where the archive starts."""
    start = end - size
    if start < 0 or start < offset:
        raise corrupt(title, "its table of contents lies outside of it")
    return _End(entries, size, start, start - offset)


def _read_entry(table: bytes, position: int, shift: int, title: str) -> tuple[Entry | None, int]:
    """The entry at a position of the table (None for a folder), and where the next one starts."""
    if position + _CENTRAL.size > len(table):
        raise corrupt(title, "its table of contents is cut off")
    (signature, _, _, flags, method, _, _, crc, packed, size, n_name, n_extra, n_comment, _, _, attributes, offset) = (
        _CENTRAL.unpack_from(table, position)
    )
    if signature != b"PK\x01\x02":
        raise corrupt(title, "its table of contents is broken")
    name_at = position + _CENTRAL.size
    following = name_at + n_name + n_extra + n_comment
    if following > len(table):
        raise corrupt(title, "its table of contents is cut off")
    raw = table[name_at : name_at + n_name]
    name = check_name(_decode(raw, flags, title), title)
    _check_kind(attributes, name, title)
    if name.endswith("/") or not name:
        return None, following
    _check_readable(flags, method, name, title)
    if 0xFFFFFFFF in (packed, size, offset):
        extra = table[name_at + n_name : name_at + n_name + n_extra]
        size, packed, offset = _sizes64(extra, size, packed, offset, f"{title}: {name}")
    return Entry(name, raw, method, crc, packed, size, offset + shift), following


def _decode(raw: bytes, flags: int, title: str) -> str:
    """The name as text: UTF-8 when the flag says so or it is UTF-8 anyway (many tools forget the flag), else CP437."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        if flags & 0x800:
            raise corrupt(title, f"the name {raw[:80]!r} is not UTF-8") from None
        return raw.decode("cp437")


def _check_kind(attributes: int, name: str, title: str) -> None:
    kind = stat.S_IFMT(attributes >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a symbolic link" if kind == stat.S_IFLNK else "a device or another special file"
        raise UnreadableDataset(
            f"{title}: {name} is {what}; only regular files are accepted. Make the archive again with the files "
            "themselves (zip without -y).",
            code="unsafe_entry",
        )


def _check_readable(flags: int, method: int, name: str, title: str) -> None:
    if flags & 0x41:
        raise corrupt(title, f"{name} is encrypted, remove the password")
    if method not in (STORED, DEFLATED):
        raise corrupt(title, f"{name} uses compression method {method}, use deflate or none")


def _sizes64(extra: bytes, size: int, packed: int, offset: int, where: str) -> tuple[int, int, int]:
    position = 0
    while position + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, position)
        if tag == 1:
            field = extra[position + 4 : position + 4 + length]
            values = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            try:
                size = next(values) if size == 0xFFFFFFFF else size
                packed = next(values) if packed == 0xFFFFFFFF else packed
                offset = next(values) if offset == 0xFFFFFFFF else offset
            except StopIteration:
                raise corrupt(where, "its zip64 sizes are missing") from None
            return size, packed, offset
        position += 4 + length
    return size, packed, offset


def _check_size(entry: Entry, total: int, max_bytes: int, title: str) -> None:
    if total > max_bytes:
        raise UnreadableDataset(
            f"{title} unpacks to more than {max_bytes:,} bytes: import it in parts, or raise "
            "ROBOFLOW_MAX_ARCHIVE_BYTES.",
            code="archive_bomb",
        )
    if entry.size > _RATIO_FROM and entry.size > _RATIO_LIMIT * max(entry.packed, 1):
        raise UnreadableDataset(
            f"{title}: {entry.name} would unpack {entry.packed:,} bytes to {entry.size:,}; that is a zip bomb, "
            "not a dataset.",
            code="archive_bomb",
        )
    if entry.method == STORED and entry.packed != entry.size:
        raise corrupt(title, f"{entry.name} has two sizes")
