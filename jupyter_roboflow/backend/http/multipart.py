"""Files as the body of a request, read while they are sent."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ...domain.errors import Invalid

_CHUNK = 1 << 18
_QUOTED = re.compile(r'(["\\])')
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file under the name it is sent with; `sha256` (hex), where it is known, lets the server see damage."""

    path: Path
    name: str
    size: int
    sha256: str | None = None


class MultipartBody:
    """`multipart/form-data` with files in the field `file`, as pieces; the same bytes every time it is walked.

    `on_sent` is told on the way how many bytes have gone.
    """

    def __init__(
        self,
        files: Sequence[OutgoingFile],
        fields: Sequence[tuple[str, str]],
        on_sent: Callable[[int], None] | None = None,
    ) -> None:
        self._on_sent = on_sent
        self._boundary = uuid4().hex
        texts = [self._head(f'name="{name}"') + value.encode() + b"\r\n" for name, value in fields]
        self._start = b"".join(texts)
        self._files = [(self._file_head(file), file) for file in files]
        self._end = f"--{self._boundary}--\r\n".encode()
        between = sum(len(head) + file.size + 2 for head, file in self._files)
        self.size = len(self._start) + between + len(self._end)

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Type": f"multipart/form-data; boundary={self._boundary}", "Content-Length": str(self.size)}

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        for piece in self._walk():
            yield piece
            sent += len(piece)
            if self._on_sent:
                self._on_sent(sent)

    def _walk(self) -> Iterator[bytes]:
        yield self._start
        for head, file in self._files:
            yield head
            yield from _pieces(file)
            yield b"\r\n"
        yield self._end

    def _file_head(self, file: OutgoingFile) -> bytes:
        name = _QUOTED.sub(r"\\\1", _UNSENDABLE.sub("_", file.name))
        more = ["Content-Type: application/octet-stream"]
        if file.sha256 is not None:
            digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
            more.append(f"Content-Digest: sha-256=:{digest}:")
        return self._head(f'name="file"; filename="{name}"', *more)

    def _head(self, disposition: str, *more: str) -> bytes:
        lines = [f"--{self._boundary}", f"Content-Disposition: form-data; {disposition}", *more]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _pieces(file: OutgoingFile) -> Iterator[bytes]:
    """The bytes of a file; `Invalid` (`source_changed`) when there are not as many as there were."""
    left = file.size
    try:
        with file.path.open("rb") as stream:
            while left and (piece := stream.read(min(_CHUNK, left))):
                left -= len(piece)
                yield piece
    except OSError as error:
        raise Invalid(f"{file.name} cannot be read: {error.strerror or error}.", code="file_unreadable") from error
    if left:
        raise Invalid(f"{file.name} became shorter while it was sent: try again.", code="source_changed")
