"""The least a zip writer can do: stored members, no zip64, no flushing to disk."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_LOCAL = struct.Struct("<4s5H3L2H").pack
_CENTRAL = struct.Struct("<4s6H3L5H2L").pack


class StoredZip:
    """For fewer than 4 GiB; more than 65,535 members leave the count in the last record wrong, which readers accept."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._out = path.open("wb", buffering=1 << 20)
        self._at = 0
        self._members: list[bytes] = []

    def add(self, name: str, data: bytes) -> None:
        """Add one member."""
        raw, crc, size = name.encode(), zlib.crc32(data), len(data)
        self._out.write(_LOCAL(b"PK\x03\x04", 20, 0, 0, 0, 33, crc, size, size, len(raw), 0) + raw)
        self._out.write(data)
        self._members.append(
            _CENTRAL(b"PK\x01\x02", 20, 20, 0, 0, 0, 33, crc, size, size, len(raw), 0, 0, 0, 0, 0, self._at) + raw
        )
        self._at += 30 + len(raw) + size

    def close(self) -> None:
        """Write the table of contents."""
        directory = b"".join(self._members)
        count = min(len(self._members), 0xFFFF)
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), self._at, 0)
        self._out.write(directory + end)
        self._out.close()
