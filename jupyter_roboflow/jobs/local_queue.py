"""The embedded queue: worker processes of this process, watched, restarted, and gone when it is gone."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from ..domain.errors import RoboflowError
from ..settings import Settings
from ..storage import jobs
from .kinds import KINDS
from .process import end_tree, own_group
from .queue import JobQueue
from .run import new_owner

log = logging.getLogger(__name__)

LEAVE_SECONDS = 9.0
"""How long a worker may take to finish or hand back its job when the queue closes."""
_HEALTHY_SECONDS = 10.0
_PAUSE_SECONDS = (0.2, 10.0)


class LocalQueue(JobQueue):
    """Runs jobs in `settings.workers` child processes, which also find what was queued before they started.

    Without any (0), jobs wait for the workers of another process on the same database.
    """

    def __init__(self, settings: Settings, kinds: Mapping[str, str] = KINDS) -> None:
        super().__init__(settings, kinds)
        self._closing = threading.Event()
        _ = self._db  # fails here, not in a thread, when the database cannot be opened
        self._workers = [LocalWorker(settings, kinds, self._release) for _ in range(settings.workers)]
        self._reconciler = threading.Thread(target=self._reconcile_on, name="job-reconciler", daemon=True)
        self._reconciler.start()

    def submit(self, job_id: int) -> None:
        self._ring()

    def tend(self) -> None:
        self._ring()  # lost jobs are looked for by a thread of this queue

    def close(self) -> None:
        self._closing.set()
        for worker in self._workers:
            worker.leave()
        end = time.monotonic() + LEAVE_SECONDS
        for worker in self._workers:
            worker.join(max(0.0, end - time.monotonic()))
        self._reconciler.join()
        super().close()

    def _ring(self) -> None:
        for worker in self._workers:
            worker.ring()

    def _release(self, owner: str) -> None:
        """Queue the job of a dead worker again, at once."""
        self._tend(lambda: self._reopen(owner))
        self._ring()

    def _reopen(self, owner: str) -> None:
        with self._db.write() as connection:
            jobs.release(connection, owner)

    def _reconcile_on(self) -> None:
        while not self._closing.wait(self._settings.heartbeat_seconds):
            self._tend(self._reconcile)

    def _reconcile(self) -> None:
        with self._db.read() as connection:
            silent = {owner for _, owner in jobs.expired(connection)}
        for worker in self._workers:
            worker.end_if(silent)
        with self._db.write() as connection:
            reopened = jobs.reconcile(connection)
        if reopened:
            self._ring()

    def _tend(self, action: Callable[[], None]) -> None:
        """The lease of a job that cannot be tended now ends later by itself."""
        try:
            action()
        except RoboflowError as error:
            log.warning("jobs could not be tended: %s", error)


class LocalWorker:
    """One worker process after another: a dead one is replaced, with growing pauses when it dies young."""

    def __init__(self, settings: Settings, kinds: Mapping[str, str], on_death: Callable[[str], None]) -> None:
        self._settings, self._kinds, self._on_death = settings, kinds, on_death
        self._bell, self._closing, self._ended = threading.Event(), threading.Event(), threading.Event()
        self._owner = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="job-worker", daemon=True)
        self._keeper.start()
        threading.Thread(target=self._ring_on, name="job-bell", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """The process id, None between two processes."""
        process = self._process
        return None if process is None else process.pid

    def ring(self) -> None:
        """Wake the worker up. Never blocks, however deaf the worker is."""
        self._bell.set()

    def leave(self) -> None:
        """Ask the process to end and do not replace it."""
        self._closing.set()
        self._bell.set()

    def join(self, seconds: float) -> None:
        """Wait until the process is gone; after `seconds` see to it."""
        self._keeper.join(seconds)
        if self._keeper.is_alive():
            self._kill()
            self._keeper.join()

    def end_if(self, owners: set[str]) -> None:
        """Kill the process if it works under one of these names: it was not heard of for a whole lease."""
        if self._owner in owners:
            log.error("worker %s does not answer and is replaced", self._owner)
            self._kill()

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            end_tree(process.pid)

    def _keep(self) -> None:
        shortest, longest = _PAUSE_SECONDS
        pause = shortest
        while not self._closing.is_set():
            born = time.monotonic()
            self._live()
            pause = shortest if time.monotonic() - born > _HEALTHY_SECONDS else min(2 * pause, longest)
            self._closing.wait(pause)
        self._ended.set()
        self._bell.set()

    def _live(self) -> None:
        """One process from its start to its end, and the job it left behind."""
        owner = new_owner("local")
        process = self._start(owner)
        self._owner, self._process = owner, process
        self._bell.set()
        code = process.wait()
        self._owner, self._process = "", None
        with suppress(OSError):
            _input(process).close()
        if code != 0:
            log.warning("worker %s ended with code %d", owner, code)
        end_tree(process.pid)
        self._on_death(owner)

    def _start(self, owner: str) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).resolve().parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        process: subprocess.Popen[bytes] = subprocess.Popen(  # pyright: ignore[reportAssignmentType]
            [sys.executable, "-P", "-m", "jupyter_roboflow.jobs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, **self._settings.to_environment(), "PYTHONPATH": os.pathsep.join(paths)},
            **own_group(),
        )
        with suppress(OSError):  # it may have died already; then waiting for it returns
            _input(process).write(json.dumps({"owner": owner, "kinds": dict(self._kinds)}).encode() + b"\n")
        return process

    def _ring_on(self) -> None:
        while not self._ended.is_set():
            self._bell.wait()
            self._bell.clear()
            process = self._process
            if process is not None:
                self._tell(process)

    def _tell(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(OSError, ValueError):  # it died: the next one looks for work when it starts
            if self._closing.is_set():
                _input(process).close()
            else:
                _input(process).write(b"\n")


def _input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None
    return process.stdin
