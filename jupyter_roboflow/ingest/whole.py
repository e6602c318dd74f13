"""Whether a file is all there: its last marker, chunk or block, which decoders are happy to do without."""

from __future__ import annotations

import re
import struct
import zlib

from ..domain.errors import UnreadableImage

_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_EOI, _SOS, _TEM = 0xD9, 0xDA, 0x01


def check_whole(kind: str, data: bytes, name: str) -> int:
    """The number of frames as far as the outer structure tells (GIF), else 1.

    Raises `UnreadableImage`: `image_truncated` when the end is missing, `image_undecodable` for a wrong PNG checksum.
    """
    if kind == "GIF":
        return _gif_frames(data, name)
    if kind == "PNG":
        _check_png(data, name)
    elif kind == "JPEG" and not data.endswith(b"\xff\xd9") and not _jpeg_ends(data):
        raise truncated(name, "the end marker is missing")
    elif kind == "WEBP" and len(data) < 8 + int.from_bytes(data[4:8], "little"):
        raise truncated(name, "it is shorter than its header says")
    return 1


def truncated(name: str, how: str) -> UnreadableImage:
    """The error for a file that was cut off."""
    return UnreadableImage(f"{name} is cut off: {how}. Copy it again from the original.", code="image_truncated")


def _jpeg_ends(data: bytes) -> bool:
    """True when the end marker follows the scans; one inside an embedded preview does not count (ITU-T T.81, B.1)."""
    at, scanned = 2, False
    while marker := _MARKER.search(data, at):
        kind, at = marker[1][0], marker.end()
        if kind == _EOI and scanned:
            return True
        scanned = scanned or kind == _SOS
        if kind != _TEM:
            at += int.from_bytes(data[at : at + 2], "big")
    return False


def _check_png(data: bytes, name: str) -> None:
    """Every critical chunk is whole and its CRC right, and the last is IEND (PNG 3rd edition, 5.3)."""
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            break
        critical = not kind[0] & 0x20
        if critical and zlib.crc32(memoryview(data)[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise UnreadableImage(
                f"{name} is damaged: the checksum of its {kind.decode('latin-1')!r} chunk at byte {at} is wrong. "
                "Copy it again from the original."
            )
        if kind == b"IEND":
            return
        at = end
    raise truncated(name, "its last chunk (IEND) is missing")


def _gif_frames(data: bytes, name: str) -> int:
    """How many frames there are up to the trailer (GIF89a, 17–27)."""
    at, frames = 13 + _color_table(data[10:11]), 0
    while at < len(data):
        block = data[at]
        if block == 0x3B:
            return frames
        if block == 0x2C:
            frames += 1
            at = _after_sub_blocks(data, at + 11 + _color_table(data[at + 9 : at + 10]))
        elif block == 0x21:
            at = _after_sub_blocks(data, at + 2)
        else:
            at += 1  # stray bytes between blocks are skipped, as decoders do
    raise truncated(name, "its end marker is missing")


def _color_table(flags: bytes) -> int:
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1
