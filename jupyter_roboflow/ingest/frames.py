"""How parent and child talk over a pipe: a frame is two lengths, a JSON object and some bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

_LENGTHS = struct.Struct(">II")


def write_frame(stream: IO[bytes], message: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one frame. Lone surrogates in file names travel as JSON escapes."""
    text = json.dumps(message, ensure_ascii=True).encode("ascii")
    stream.write(_LENGTHS.pack(len(text), len(body)) + text + body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, or None when the other side is gone."""
    head = stream.read(_LENGTHS.size)
    if len(head) < _LENGTHS.size:
        return None
    text_size, body_size = _LENGTHS.unpack(head)
    text, body = stream.read(text_size), stream.read(body_size)
    if len(text) < text_size or len(body) < body_size:
        return None
    return json.loads(text), body
