"""Archives that a test makes itself, good and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Bytes:
    """A ByteSource over bytes in memory. `claimed` is the size it says it has."""

    name: str
    data: bytes
    crc32: int | None = None
    claimed: int | None = None

    @property
    def size(self) -> int:
        return len(self.data) if self.claimed is None else self.claimed

    def open(self) -> IO[bytes]:
        return io.BytesIO(self.data)


def make_zip(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip by Python's own writer."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def zip_with_raw_names(path: Path, names: list[bytes], data: bytes = b"x") -> Path:
    """A zip with stored members under exactly these bytes as names, which Python's writer would change or refuse."""
    out, directory = bytearray(), bytearray()
    crc = zlib.crc32(data)
    for name in names:
        start = len(out)
        out += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0x800, 0, 0, 33, crc, len(data), len(data), len(name), 0)
        out += name + data
        directory += struct.pack(
            "<4s6H3L5H2L",
            b"PK\x01\x02",
            20,
            20,
            0x800,
            0,
            0,
            33,
            crc,
            len(data),
            len(data),
            len(name),
            0,
            0,
            0,
            0,
            0,
            start,
        )
        directory += name
    count = min(len(names), 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(out), 0)
    path.write_bytes(bytes(out + directory + end))
    return path
