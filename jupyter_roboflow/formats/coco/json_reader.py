"""The top level of a large JSON object, read piece by piece: key after key, lists in batches, memory flat."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Generic, TypeVar

import msgspec

from ...domain.errors import UnreadableDataset
from .pause import paused_collection

T = TypeVar("T")

CHUNK = 8 << 20
"""Bytes taken at a time."""

_SPACE = re.compile(rb"[ \t\r\n]*")
_NEXT_OBJECT = re.compile(rb"\}[ \t\r\n]*,[ \t\r\n]*\{")
_LAST_OBJECT = re.compile(rb"\}[ \t\r\n]*\]")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}",]', re.DOTALL)
_SCALAR_END = re.compile(rb"[,\]}\s]")
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_RAW = msgspec.json.Decoder(msgspec.Raw)


@dataclass(frozen=True, slots=True)
class Batch(Generic[T]):
    """Some items of a list: `first` is the index of the first. Either all are typed, or all are raw JSON."""

    first: int
    typed: list[T] | None
    raw: list[msgspec.Raw]


class JsonReader:
    """A JSON object in a stream. For every key take `value`, `batches` or `skip`, before going on to the next."""

    def __init__(self, stream: IO[bytes], where: str, chunk: int = CHUNK) -> None:
        self._stream = stream
        self._where = where
        self._chunk = chunk
        self._buffer = b""
        self._position = 0
        self._offset = 0
        self._ended = False

    def keys(self) -> Iterator[str]:
        """The keys in their order. Raises `UnreadableDataset` for what is not one JSON object."""
        self._start()
        seen: set[str] = set()
        while self._peek() != b"}":
            key = self._key()
            if key in seen:
                raise self._refuse(f"the key {key!r} stands twice at the top level")
            seen.add(key)
            yield key
            if self._peek() == b",":
                self._position += 1
            elif self._peek() != b"}":
                raise self._refuse("a comma or } is missing")
        self._position += 1
        if self._next() is not None:
            raise self._refuse("something follows after the end of the JSON object")

    def value(self) -> Any:
        """The value whole, as plain data; for small ones."""
        return self._parse(self._span("value"), "value")

    def skip(self) -> None:
        """Pass over the value, whatever its size."""
        if self._peek() == b"[":
            for _ in self.batches(_RAW_LIST, "list"):
                pass
        else:
            self._span("value")

    def batches(self, decoder: msgspec.json.Decoder[list[T]], key: str) -> Iterator[Batch[T]]:
        """A list's items in batches, typed where all of a batch fit the decoder; null counts as an empty list."""
        if self._peek() != b"[":
            if self._parse(self._span(key), key) is not None:
                raise self._refuse(f"{key} is not a list")
            return
        self._position += 1
        index = 0
        if self._peek() == b"]":
            self._position += 1
            return
        more = True
        while more:
            with paused_collection():
                batch, more = self._batch(decoder, key, index)
            index += len(batch.raw) if batch.typed is None else len(batch.typed)
            yield batch

    def _batch(self, decoder: msgspec.json.Decoder[list[T]], key: str, first: int) -> tuple[Batch[T], bool]:
        """The next items and whether more follow. A guess at an item's end is good when all before it parses."""
        self._peek()
        self._fill()
        start = self._position
        for cut, more in self._guesses(start):
            batch = _decode(b"[" + self._buffer[start:cut] + b"]", decoder, first)
            if batch is not None:
                self._position = _SPACE.match(self._buffer, cut).end() + 1  # pyright: ignore[reportOptionalMemberAccess]
                return batch, more
        return self._exact(decoder, key, first)

    def _guesses(self, start: int) -> Iterator[tuple[int, bool]]:
        at = self._buffer.rfind(b"}", start)
        for _ in range(64):
            if at < start:
                break
            if _NEXT_OBJECT.match(self._buffer, at):
                yield at + 1, True
                break
            at = self._buffer.rfind(b"}", start, at)
        last = _LAST_OBJECT.search(self._buffer, start)
        if last:
            yield last.start() + 1, False

    def _exact(self, decoder: msgspec.json.Decoder[list[T]], key: str, first: int) -> tuple[Batch[T], bool]:
        """The next items by counting brackets: where guessing fails, and where something is wrong."""
        spans, after, more = self._scan(f"{key}[{first}]")
        payload = b"[" + self._buffer[spans[0][0] : spans[-1][1]] + b"]"
        batch = _decode(payload, decoder, first)
        if batch is None:
            items = [self._item(span, f"{key}[{first + i}]") for i, span in enumerate(spans)]
            batch = Batch[T](first, None, items)
        self._position = after
        return batch, more

    def _item(self, span: tuple[int, int], name: str) -> msgspec.Raw:
        item = self._buffer[span[0] : span[1]]
        try:
            return _RAW.decode(item)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._position = span[0]
            self._parse(item, name)
            raise self._refuse(f"{name} is broken JSON") from None

    def _scan(self, name: str) -> tuple[list[tuple[int, int]], int, bool]:
        """Spans of the whole items from here on, where to go on, and whether more items follow."""
        while True:
            spans: list[tuple[int, int]] = []
            depth, start, after = 0, self._position, self._position
            for token in _TOKEN.finditer(self._buffer, self._position):
                text = token.group()
                if text in b"[{":
                    depth += 1
                elif text in b"]}" and depth:
                    depth -= 1
                elif text == b"}":
                    raise self._refuse(f"{name} is broken JSON: a }} where the list should end")
                elif text in b",]" and not depth:
                    spans.append((start, token.start()))
                    start = after = token.end()
                    if text != b",":
                        return spans, after, False
                elif text == b'"':
                    break
            if spans:
                return spans, after, True
            self._more(name)

    def _span(self, name: str) -> bytes:
        """The bytes of one value; the position moves to just behind it."""
        self._peek()
        while True:
            depth = 0
            first = self._buffer[self._position : self._position + 1]
            if first not in b'[{"':
                end = _SCALAR_END.search(self._buffer, self._position)
                if end:
                    return self._take(end.start())
            else:
                for token in _TOKEN.finditer(self._buffer, self._position):
                    text = token.group()
                    if text == b'"':
                        break
                    depth += (text in b"[{") - (text in b"]}")
                    if depth == 0:
                        return self._take(token.end())
            self._more(name)

    def _take(self, end: int) -> bytes:
        taken = self._buffer[self._position : end]
        self._position = end
        return taken

    def _parse(self, text: bytes, name: str) -> Any:
        try:
            value = json.loads(text, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            at = self._offset + self._position + error.pos
            raise self._refuse(f"{name} is broken JSON ({error.msg})", at) from None
        except UnicodeDecodeError:
            raise self._refuse(f"{name} is not UTF-8") from None
        except (ValueError, RecursionError) as error:
            raise self._refuse(f"{name} {error}") from None
        return value

    def _key(self) -> str:
        if self._peek() != b'"':
            raise self._refuse('a key in "quotes" is missing')
        key = self._parse(self._span("key"), "a key")
        if self._peek() != b":":
            raise self._refuse(f"a colon is missing after {key!r}")
        self._position += 1
        return key

    def _start(self) -> None:
        self._fill()
        if self._buffer.startswith(b"\xef\xbb\xbf"):
            self._position = 3
        elif self._buffer[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise self._refuse("the file is UTF-16: save it as UTF-8")
        if self._peek() == b"[":
            raise self._refuse(
                "this is a list: a COCO results file (detections without images and categories) or another format, "
                "not a dataset; give the dataset's own JSON file",
                code="import_results_list",
            )
        if self._peek() != b"{":
            raise self._refuse("this is not a JSON object")
        self._position += 1

    def _peek(self) -> bytes:
        found = self._next()
        if found is None:
            raise self._refuse("the file ends too early: it was cut off on the way; copy it again")
        return found

    def _next(self) -> bytes | None:
        """The next byte that is not space, without taking it; None at the end."""
        while True:
            self._position = _SPACE.match(self._buffer, self._position).end()  # pyright: ignore[reportOptionalMemberAccess]
            if self._position < len(self._buffer):
                return self._buffer[self._position : self._position + 1]
            if not self._grow(self._chunk):
                return None

    def _fill(self) -> None:
        missing = self._chunk - (len(self._buffer) - self._position)
        if missing > 0:
            self._grow(max(missing, self._chunk // 2))

    def _more(self, name: str) -> None:
        """At least as many bytes again, for an item that is longer than what is there."""
        if not self._grow(max(self._chunk, len(self._buffer) - self._position)):
            raise self._refuse(f"the file ends within {name}: it was cut off on the way; copy it again")

    def _grow(self, size: int) -> bool:
        piece = b"" if self._ended else self._stream.read(size)
        if not piece:
            self._ended = True
            return False
        self._offset += self._position
        self._buffer = self._buffer[self._position :] + piece
        self._position = 0
        return True

    def _refuse(self, why: str, at: int | None = None, code: str = "unreadable_dataset") -> UnreadableDataset:
        offset = self._offset + self._position if at is None else at
        return UnreadableDataset(
            f"{self._where}: {why} (at byte {offset}).", code=code, file=self._where, offset=offset
        )


def _decode(payload: bytes, decoder: msgspec.json.Decoder[list[T]], first: int) -> Batch[T] | None:
    """The items of a list, typed or raw; None when the bytes are not one well-formed list."""
    try:
        return Batch(first, decoder.decode(payload), [])
    except msgspec.ValidationError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    try:
        return Batch(first, None, _RAW_LIST.decode(payload))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _no_constant(name: str) -> float:
    raise ValueError(f"holds {name}, which is not a number")
