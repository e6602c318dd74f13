"""A multipart/form-data body, written to disk as it comes in: never more than a piece of it in memory."""

from __future__ import annotations

import base64
import errno
import hashlib
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from jupyter_roboflow.domain.errors import BackendUnavailable, Invalid, RoboflowError, TooLarge
from jupyter_roboflow.ingest.filename import printable

FILES = 1_000
FIELDS = 1_000
FIELD_BYTES = 64 * 1024
HEADER_BYTES = 8 * 1024
HEADERS = 8

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


@dataclass(slots=True)
class SentFile:
    """One file of a body. `error` says why it was not taken whole: then the bytes are not all there."""

    filename: str
    path: Path
    digest: Any = field(default_factory=hashlib.sha256, repr=False)
    size: int = 0
    promised: str | None = None
    error: RoboflowError | None = None

    @property
    def sha256(self) -> str:
        return self.digest.hexdigest()

    def check_digest(self) -> None:
        """Note an `error` when the sender said what the bytes are and they are not."""
        if self.error is None and self.promised not in (None, self.sha256):
            self.error = Invalid(
                f"{printable(self.filename)} is not what its sender said (SHA-256): send it again.",
                code="checksum_mismatch",
                sha256=self.sha256,
            )


@dataclass(frozen=True, slots=True)
class Form:
    """What a body held: files in their order, other fields by name."""

    files: tuple[SentFile, ...]
    fields: dict[str, list[str]]


class MultipartSpool:
    """Takes a body piece by piece (`feed`, in a thread) and puts its files into a new folder; `close` deletes that.

    A file over `most_bytes` gets an `error`, and the rest of it is thrown away. What makes the whole body useless is
    raised: `Invalid` `bad_multipart`, `TooLarge` `too_many_files`.
    """

    def __init__(self, content_type: str, parent: Callable[[], Path], most_bytes: int, most_files: int = FILES) -> None:
        self._boundary = _boundary(content_type)
        self._parent, self._most_bytes, self._most_files = parent, most_bytes, most_files
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: list[SentFile] = []
        self._fields: dict[str, list[str]] = {}
        self._field_count = 0
        self._complete = False
        self._part: _Part = _Part()
        self._out: IO[bytes] | None = None
        self._parser = MultipartParser(
            self._boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finished,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Work on the next bytes of the body."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise bad_multipart(f"its parts cannot be told apart ({error})") from error
        except OSError as error:
            raise _cannot_write(error) from error

    def form(self) -> Form:
        """Everything, once the whole body was fed."""
        if not self._complete:
            raise bad_multipart("it ends before its last boundary")
        return Form(tuple(self._files), self._fields)

    def close(self) -> None:
        """Delete whatever is still in the folder."""
        if self._out is not None:
            self._out.close()
            self._out = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    # what the parser finds

    def _begin(self) -> None:
        self._part = _Part()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._part.take(self._part.name, data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.take(self._part.value, data[start:end])

    def _header_end(self) -> None:
        self._part.end_header()

    def _headers_finished(self) -> None:
        kind, options = parse_options_header(self._part.headers.get("content-disposition"))
        if kind != b"form-data" or b"name" not in options:
            raise bad_multipart("a part has no Content-Disposition: form-data with a name")
        name = options[b"name"].decode("utf-8", "surrogateescape")
        if b"filename" in options:
            self._part.file = self._new_file(options[b"filename"].decode("utf-8", "surrogateescape"))
        elif name.startswith("file") or "content-type" in self._part.headers:
            raise bad_multipart("a file has no filename")
        else:
            self._new_field(name)

    def _new_file(self, filename: str) -> SentFile:
        if not filename:
            raise bad_multipart("a file has no filename")
        if len(self._files) >= self._most_files:
            raise TooLarge(
                f"There are more than {self._most_files:,} files in one request: send the rest in another one.",
                code="too_many_files",
            )
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="sent-", dir=self._parent(), ignore_cleanup_errors=True)
        file = SentFile(filename, Path(self._folder.name, uuid4().hex), promised=_promised(self._part.headers))
        self._files.append(file)
        self._out = file.path.open("xb")
        return file

    def _new_field(self, name: str) -> None:
        self._field_count += 1
        if self._field_count > FIELDS:
            raise bad_multipart(f"it has more than {FIELDS:,} fields")
        self._part.field_name = printable(name)

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece = memoryview(data)[start:end]
        if self._part.file is not None:
            self._write(self._part.file, piece)
            return
        self._part.text += piece
        if len(self._part.text) > FIELD_BYTES:
            raise bad_multipart(f"the field {self._part.field_name} is longer than {FIELD_BYTES:,} bytes")

    def _write(self, file: SentFile, piece: memoryview) -> None:
        file.size += len(piece)
        if file.size > self._most_bytes:
            if file.error is None:
                file.error = TooLarge(
                    f"{printable(file.filename)} has more than the {self._most_bytes:,} bytes allowed: make it "
                    "smaller, or have the limit raised.",
                    code="image_too_large",
                )
                assert self._out is not None
                self._out.truncate(0)
            return
        file.digest.update(piece)
        assert self._out is not None
        self._out.write(piece)

    def _end(self) -> None:
        if self._part.file is not None:
            assert self._out is not None
            self._out.close()
            self._out = None
            self._part.file.check_digest()
        elif self._part.field_name:
            try:
                text = self._part.text.decode()
            except UnicodeDecodeError as error:
                raise bad_multipart(f"the field {self._part.field_name} is not UTF-8") from error
            self._fields.setdefault(self._part.field_name, []).append(text)

    def _finished(self) -> None:
        self._complete = True


@dataclass(slots=True)
class _Part:
    """The part that is being read."""

    headers: dict[str, str] = field(default_factory=dict[str, str])
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    header_bytes: int = 0
    file: SentFile | None = None
    field_name: str = ""
    text: bytearray = field(default_factory=bytearray)

    def take(self, into: bytearray, data: bytes) -> None:
        self.header_bytes += len(data)
        if self.header_bytes > HEADER_BYTES:
            raise bad_multipart(f"the headers of a part are longer than {HEADER_BYTES:,} bytes")
        into += data

    def end_header(self) -> None:
        if len(self.headers) >= HEADERS:
            raise bad_multipart(f"a part has more than {HEADERS} headers")
        self.headers.setdefault(self.name.decode("latin-1").lower(), self.value.decode("latin-1"))
        self.name, self.value = bytearray(), bytearray()


def bad_multipart(why: str) -> Invalid:
    """The refusal of a body that cannot be taken apart."""
    return Invalid(f"The body is not multipart/form-data as it should be: {why}.", code="bad_multipart")


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise Invalid("Send files as multipart/form-data.", code="unsupported_media_type")
    boundary = options.get(b"boundary", b"")
    if not 0 < len(boundary) <= 70:
        raise bad_multipart("Content-Type has no boundary of 1 to 70 characters")
    return boundary


def _promised(headers: dict[str, str]) -> str | None:
    """What the sender says of a file's bytes, as `Content-Digest: sha-256=:…:` (RFC 9530), in hex."""
    found = _DIGEST.search(headers.get("content-digest", ""))
    return base64.b64decode(found[1]).hex() if found else None


def _cannot_write(error: OSError) -> BackendUnavailable:
    if error.errno in _FULL:
        return BackendUnavailable("The server's disk is full: nothing was changed.", code="storage_full")
    return BackendUnavailable(f"The server cannot write ({error.strerror}).", code="storage_unavailable")
