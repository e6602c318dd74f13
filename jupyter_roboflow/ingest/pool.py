"""Many pictures checked at once, each in a child process that may crash, hang or eat memory without harm."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ..domain import errors
from ..domain.errors import BackendUnavailable, JobCancelled, RoboflowError, UnreadableImage
from ..settings import Settings
from .filename import display_name, printable
from .incoming import Incoming
from .picture import Limits, Picture
from .process import ChildDied, ChildProcess

AHEAD = 4
"""Pictures in work or waiting to be collected, per child: enough to keep all busy behind one slow picture."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one incoming thing: a picture, or the reason why not. `filename` is fit to be shown."""

    filename: str
    picture: Picture | None = None
    error: RoboflowError | None = None


class DecodePool:
    """Child processes for looking at pictures, started when first needed; usable from many threads.

    HEIC is accepted when `pillow-heif` is installed; `extra_formats=("AVIF",)` accepts AVIF too.
    """

    def __init__(
        self, settings: Settings, *, children: int | None = None, extra_formats: tuple[str, ...] | None = None
    ) -> None:
        self.children = max(1, children or settings.workers)
        self._seconds = settings.decode_seconds
        self._limits = Limits(
            settings.max_pixels,
            settings.max_side,
            settings.max_image_bytes,
            settings.decode_memory_bytes,
            (*installed_formats(), *(extra_formats or ())),
        )
        self._slots = threading.BoundedSemaphore(self.children)
        self._lock = threading.Lock()
        self._idle: list[ChildProcess] = []
        self._busy: set[ChildProcess] = set()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the child processes there are now."""
        with self._lock:
            return tuple(child.pid for child in (*self._idle, *self._busy))

    @property
    def busy_pids(self) -> tuple[int, ...]:
        """The numbers of those that look at a picture now."""
        with self._lock:
            return tuple(child.pid for child in self._busy)

    def check(self, path: Path, filename: str, copy_to: Path | None = None) -> Picture:
        """The picture in a file, which is flushed to disk; with `copy_to` the file is left alone and copied there.

        Raises `Invalid` for the name or the file, `UnreadableImage` (▸ `UnsupportedImage`) or `TooLarge` for the bytes
        (no copy is left then), `JobCancelled` when the pool is closed meanwhile.
        """
        name = display_name(filename)
        request = {"path": str(path), "name": name, "copy_to": str(copy_to) if copy_to else None}
        try:
            facts, thumbnail = self._ask(request, copy_to)
        except BaseException:
            if copy_to:
                copy_to.unlink(missing_ok=True)
            raise
        return Picture(filename=name, path=copy_to or path, thumbnail=thumbnail, **facts)

    def map(self, incoming: Iterable[Incoming]) -> Generator[Outcome]:
        """What becomes of each, in order, only a few ahead of who asks. Closing the iterator early leaves no file.

        Whoever takes a picture owns its file. A full disk or a child that cannot start ends it with
        `BackendUnavailable`; nothing else does.
        """
        pending: deque[tuple[Incoming, Future[Outcome]]] = deque()
        threads = ThreadPoolExecutor(self.children, thread_name_prefix="ingest")
        try:
            for item in incoming:
                pending.append((item, threads.submit(self._outcome, item)))
                while pending and (len(pending) >= AHEAD * self.children or pending[0][1].done()):
                    yield _first(pending)
            while pending:
                yield _first(pending)
        finally:
            for _, future in pending:
                future.cancel()
            threads.shutdown()
            for item, _ in pending:
                item.discard()

    def close(self) -> None:
        """Stop everything now and leave no process behind. Checks under way raise `JobCancelled`."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = tuple(self._busy)
        for child in busy:
            child.kill()
        for child in idle:
            child.close()

    cancel = close

    def _outcome(self, item: Incoming) -> Outcome:
        try:
            item.fetch()
            picture = self.check(item.original or item.path, item.filename, item.path if item.original else None)
        except (BackendUnavailable, JobCancelled):
            item.discard()
            raise
        except RoboflowError as error:
            item.discard()
            return Outcome(printable(item.filename), error=error)
        except BaseException:
            item.discard()
            raise
        return Outcome(picture.filename, picture)

    def _ask(self, request: dict[str, Any], copy_to: Path | None) -> tuple[dict[str, Any], bytes]:
        """A child that dies is asked once more in another: it may have been killed for a neighbour's memory."""
        with self._slots:
            for last in (False, True):
                try:
                    answer, thumbnail = self._ask_once(request)
                except ChildDied as died:
                    if died.timed_out or last:
                        raise self._lost(request["name"], died) from died
                    if copy_to:
                        copy_to.unlink(missing_ok=True)
                    continue
                if "error" in answer:
                    raise _as_error(answer)
                return answer["picture"], thumbnail
        raise AssertionError("the second try raises or returns")

    def _ask_once(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        child = self._take()
        try:
            return child.ask(request, self._seconds)
        except ChildDied:
            if self._closed:
                raise _cancelled() from None
            raise
        finally:
            self._give_back(child)

    def _take(self) -> ChildProcess:
        """A child that is alive, now among the busy ones."""
        while True:
            with self._lock:
                if self._closed:
                    raise _cancelled()
                child = self._idle.pop() if self._idle else None
                if child and child.usable:
                    self._busy.add(child)
                    return child
            if child:
                child.close()
                continue
            self._give_back(ChildProcess(self._limits))

    def _give_back(self, child: ChildProcess) -> None:
        with self._lock:
            self._busy.discard(child)
            if not (child.ended or self._closed):
                self._idle.append(child)  # whoever takes it looks whether it still lives
                return
        child.close()

    def _lost(self, name: str, died: ChildDied) -> UnreadableImage:
        if died.timed_out:
            return UnreadableImage(
                f"{name} was given up after {self._seconds:g} s of decoding: "
                "save it anew with another program, or raise ROBOFLOW_DECODE_SECONDS.",
                code="image_decode_timeout",
            )
        return UnreadableImage(
            f"{name} crashes the decoder: save it anew with another program.", stderr=printable(str(died), 2048)
        )


def installed_formats() -> tuple[str, ...]:
    """What is accepted because its library is installed."""
    from importlib.util import find_spec

    return ("HEIF",) if find_spec("pillow_heif") else ()


def _first(pending: deque[tuple[Incoming, Future[Outcome]]]) -> Outcome:
    outcome = pending[0][1].result()  # still pending if this is interrupted
    pending.popleft()
    return outcome


def _as_error(answer: dict[str, Any]) -> RoboflowError:
    kind: type[RoboflowError] = getattr(errors, answer["error"])
    return kind(answer["message"], code=answer["code"], **answer["details"])


def _cancelled() -> JobCancelled:
    return JobCancelled("Checking the pictures was stopped before it was done: start it again.")
