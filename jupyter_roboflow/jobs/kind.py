"""What a job kind is: one file with one class that does one sort of long work."""

from __future__ import annotations

import math
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from ..domain.job import Job
from ..settings import Settings
from ..storage import jobs
from ..storage.database import Connection, Database, make_private_folder
from ..storage.files import ImageStore, open_store
from .lease import Lease
from .patience import patiently

OnProgress: TypeAlias = "Callable[[float, float, str], None]"
"""Told (done, total, message) from time to time; total is 0 while it is not known."""

RunPart: TypeAlias = "Callable[[int, OnProgress], object]"
"""Runs a part of a job, by its id, in this thread."""

_LISTENER_SECONDS = 0.1
_PART_SECONDS = 0.2


class JobKind(ABC):
    """One sort of long work. A new object for every attempt; any worker, any process."""

    name: ClassVar[str]

    def check_params(self, params: Mapping[str, Any]) -> None:  # noqa: B027 – a kind without rules has nothing to do
        """Raise `Invalid` for params that can never work, so that nobody waits for a job that is bound to fail."""

    @abstractmethod
    def run(self, context: JobContext) -> Mapping[str, Any]:
        """Do the work and return its result, as JSON.

        An attempt can die at any line and be followed by another. So: call `context.check()` often, build artefacts in
        `context.workdir`, and let the world see the work only through `context.publish` (once, at the end) or
        `context.effect` (in parts, each of which may safely happen again).
        """


class JobContext:
    """What a job kind gets to do its work with."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        lease: Lease,
        on_progress: OnProgress | None = None,
        run_part: RunPart | None = None,
    ) -> None:
        self.settings = settings
        self.db = db
        self.job: Job = lease.job
        self._lease = lease
        self._on_progress = on_progress
        self._run_part = run_part
        self._told = -math.inf
        self._store: ImageStore | None = None
        self._workdir: tempfile.TemporaryDirectory[str] | None = None

    @property
    def store(self) -> ImageStore:
        """The object store, opened when first asked for."""
        if self._store is None:
            self._store = open_store(self.settings)
        return self._store

    @property
    def workdir(self) -> Path:
        """A folder for temporary files, removed when the attempt is over."""
        if self._workdir is None:
            parent = work_folder(self.settings)
            make_private_folder(parent)
            prefix = f"job-{self.job.id}-{self.job.attempt}-"
            self._workdir = tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True)
        return Path(self._workdir.name)

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Say how far the work is; `total` 0 when unknown. Cheap enough to call for every item."""
        share = done / total if total else 0.0
        if math.isfinite(share):
            self._lease.progress = 100.0 * min(max(share, 0.0), 1.0)
        self._lease.message = message
        if self._on_progress is not None and (done == total or time.monotonic() - self._told >= _LISTENER_SECONDS):
            self._told = time.monotonic()
            self._on_progress(done, total, message)

    def check(self) -> None:
        """Raise `JobCancelled`, `TimedOut`, `HandedBack` or `LeaseLost` if the work has to end. Let it pass through."""
        self._lease.check()

    def effect(self) -> AbstractContextManager[Connection]:
        """A write transaction that only the current attempt may make; raises like `check` otherwise.

        If the worker dies after it the next attempt does it again: what happens inside must bear that.
        """
        return self._lease.transaction()

    def publish(self, write: Callable[[Connection], Mapping[str, Any]]) -> Mapping[str, Any]:
        """The last transaction: `write(connection)` returns the result, and the job has succeeded with it, or neither.

        This is what makes an effect happen once. While the database is away it is tried again. Raises like `check`.
        """
        return self._lease.publish(write)

    def parts(self) -> tuple[Job, ...]:
        """The parts of this job; none before `hand_out`."""

        def once() -> tuple[Job, ...]:
            with self.db.read() as connection:
                return jobs.parts(connection, self.job.id)

        return patiently(once)

    def hand_out(self, create: Callable[[Connection], Sequence[int]], items: int) -> tuple[Job, ...] | None:
        """Make the parts of this job in one transaction, for all workers; the parts once they are over.

        None where the workers are others: return from the job at once. It is not held meanwhile, so that one worker is
        enough, and is run again when its parts are over. `create(connection)` returns their ids; `items` is how many
        things there are to do in all of them, about as many in each.
        """
        if self._run_part is None:
            self._lease.hand_out(create)
            return None
        with self.effect() as connection:
            ids = create(connection)
        for number, part in enumerate(ids):
            self.check()
            self._run_part(part, partial(self._part_progress, number, len(ids), items))
        return self._all_over(self._run_part, items)

    def _all_over(self, run_part: RunPart, items: int) -> tuple[Job, ...]:
        """The parts, once workers of other processes are done with those that they have taken."""
        while True:
            parts = self.parts()
            if all(part.state.over for part in parts):
                return parts
            self._lease.pause(_PART_SECONDS)
            for number, part in enumerate(parts):
                run_part(part.id, partial(self._part_progress, number, len(parts), items))  # if it was handed back

    def _part_progress(self, part: int, parts: int, items: int, done: float, total: float, message: str) -> None:
        share = (part + (done / total if total else 0.0)) / parts
        self.progress(share * items, items, message)

    def close(self) -> None:
        """Remove the temporary files."""
        if self._workdir is not None:
            self._workdir.cleanup()


def work_folder(settings: Settings) -> Path:
    """Where jobs keep temporary files."""
    return settings.data_dir / "work"
