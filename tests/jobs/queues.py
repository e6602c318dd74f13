"""The three queues behind one face, with the workers each of them needs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from jupyter_roboflow.jobs.local_queue import LocalQueue
from jupyter_roboflow.jobs.queue import InlineQueue, JobQueue
from jupyter_roboflow.jobs.rq_queue import RqQueue
from jupyter_roboflow.settings import Settings
from tests.jobs.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]


class ThreadedInline(InlineQueue):
    """An inline queue whose caller is a thread, so that a test can look on."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, kinds=KINDS)
        self._callers: list[threading.Thread] = []

    def submit(self, job_id: int) -> None:
        caller = threading.Thread(target=super().submit, args=(job_id,), daemon=True)
        self._callers.append(caller)
        caller.start()

    def close(self) -> None:
        for caller in self._callers:
            caller.join(120)
        super().close()


@contextmanager
def opened(name: str, settings: Settings, redis_url: str = "", workers: int = 2) -> Iterator[JobQueue]:
    """A queue of that name with its workers running."""
    settings = replace(settings, workers=workers, redis_url=redis_url)
    if name == "inline":
        with ThreadedInline(settings) as queue:
            yield queue
    elif name == "local":
        with LocalQueue(settings, KINDS) as queue:
            yield queue
    else:
        with RqQueue(settings, KINDS) as queue, rq_worker(settings), rq_worker(settings):
            yield queue


@contextmanager
def rq_worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process in a group of its own, ended at the end whatever happened to it."""
    environment = {**os.environ, **settings.to_environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.jobs.rq_worker"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
