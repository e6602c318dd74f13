"""Pictures on their way to a server: hashed, asked for, and those it does not have sent in parallel."""

from __future__ import annotations

import hashlib
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...domain.dataset import Split, clean_name
from ...domain.errors import Invalid, RoboflowError, TooLarge
from ...ingest.filename import display_name, printable
from ...ingest.incoming import Incoming
from ...ingest.report import UploadReport
from ...ingest.sources import open_sources
from ...settings import Settings
from ..backend import OnProgress
from .client import Client
from .multipart import OutgoingFile
from .sending import Outcome, known_images, send_pictures

CONNECTIONS = 4
LOOKED_UP = 64
"""Pictures that the server is asked for at once."""

FILES = 16
BYTES = 8_000_000
"""Pictures, and about how many bytes of them, in one request: little to send again after a lost connection."""

_AHEAD = 3 * CONNECTIONS


@dataclass(slots=True)
class _Item:
    """One picture: its name, where its bytes are, and what became of it once that is known."""

    incoming: Incoming
    name: str
    file: OutgoingFile | None = None
    outcome: Outcome | None = None
    same_as: _Item | None = None
    """An earlier one with the same bytes: sent once."""


class Upload:
    """One upload into one dataset. What was sent stays, so that the same upload begun again goes on where it ended."""

    def __init__(
        self, client: Client, settings: Settings, dataset_id: int, split: Split | None, tags: tuple[str, ...]
    ) -> None:
        self._client, self._settings, self._dataset_id = client, settings, dataset_id
        self._fields = [*([("split", str(split))] if split else []), *(("tags", tag) for tag in tags)]
        for tag in tags:
            clean_name(tag, "tag")
        self._first: dict[str, _Item] = {}
        self._sending: deque[tuple[list[_Item], Future[None]]] = deque()
        self._waiting: deque[_Item] = deque()
        self._done = 0
        self.report = UploadReport()

    def run(self, sources: Any, on_progress: OnProgress | None) -> UploadReport:
        """The report once everything went through."""
        threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="upload")
        with tempfile.TemporaryDirectory(prefix="roboflow-upload-", ignore_cleanup_errors=True) as folder:
            try:
                incoming = open_sources(sources, self._settings, Path(folder), self.report.skipped)
                for group in _groups(incoming, LOOKED_UP):
                    self._send(threads, self._unknown([self._looked_at(each) for each in group]))
                    self._settle(on_progress, most=_AHEAD)
                self._settle(on_progress, most=0)
            finally:
                threads.shutdown(wait=True, cancel_futures=True)
        return self.report

    def _looked_at(self, incoming: Incoming) -> _Item:
        """The picture with its bytes hashed; or with the error that it is refused for."""
        item = _Item(incoming, printable(incoming.filename))
        self._waiting.append(item)
        try:
            item.name = display_name(incoming.filename)
            incoming.fetch()
            item.file = _hashed(incoming.original or incoming.path, item.name)
        except RoboflowError as error:
            item.outcome = error
            return item
        sha256 = item.file.sha256 or ""
        item.same_as = self._first.get(sha256)
        self._first.setdefault(sha256, item)
        return item

    def _unknown(self, items: list[_Item]) -> Iterator[_Item]:
        """Those that the server does not have; the others are settled."""
        new = [item for item in items if item.file and item.same_as is None]
        known = known_images(self._client, self._dataset_id, [item.file.sha256 or "" for item in new if item.file])
        for item in new:
            assert item.file is not None
            item.outcome = known.get(item.file.sha256 or "")
            if item.outcome is None:
                yield item

    def _send(self, threads: ThreadPoolExecutor, items: Iterable[_Item]) -> None:
        for batch in _batches(items):
            self._sending.append((batch, threads.submit(self._send_batch, batch)))

    def _send_batch(self, batch: list[_Item]) -> None:
        """Sends some pictures in one request. One that is refused alone is refused; several are tried one by one."""
        files = [item.file for item in batch if item.file]
        try:
            outcomes = send_pictures(self._client, self._dataset_id, files, self._fields)
        except (Invalid, TooLarge) as error:
            if len(batch) == 1:
                batch[0].outcome = error
                return
            for item in batch:
                self._send_batch([item])
            return
        for item, outcome in zip(batch, outcomes, strict=True):
            item.outcome = outcome

    def _settle(self, on_progress: OnProgress | None, *, most: int) -> None:
        """Waits until at most that many requests are under way, and reports what is over, in the order it came."""
        while len(self._sending) > most or (self._sending and self._sending[0][1].done()):
            _, sent = self._sending.popleft()
            sent.result()
        last: _Item | None = None
        while self._waiting and (self._waiting[0].outcome or _outcome_of_same(self._waiting[0])):
            last = self._waiting.popleft()
            self._report(last)
        if last and on_progress:
            on_progress(self._done, 0, last.name)

    def _report(self, item: _Item) -> None:
        outcome = item.outcome or _outcome_of_same(item)
        item.incoming.discard()
        self._done += 1
        if isinstance(outcome, RoboflowError):
            self.report.refuse(item.name, outcome)
        elif outcome is not None:
            note = self.report.know if outcome.known or item.same_as else self.report.add
            note(outcome.filename, outcome.image_id)


def _outcome_of_same(item: _Item) -> Outcome | None:
    return item.same_as.outcome if item.same_as else None


def _hashed(path: Path, name: str) -> OutgoingFile:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
                size += len(piece)
    except OSError as error:
        raise Invalid(f"{name} cannot be read: {error.strerror or error}.", code="file_unreadable") from error
    return OutgoingFile(path, name, size, digest.hexdigest())


def _groups(incoming: Iterable[Incoming], most: int) -> Iterator[list[Incoming]]:
    group: list[Incoming] = []
    for item in incoming:
        group.append(item)
        if len(group) == most:
            yield group
            group = []
    if group:
        yield group


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """What goes into one request each: a few files, not many bytes; a large file alone."""
    batch: list[_Item] = []
    size = 0
    for item in items:
        length = item.file.size if item.file else 0
        if batch and (len(batch) == FILES or size + length > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch
