"""A worker process of the embedded queue: `python -m jupyter_roboflow.jobs.worker`, started by `LocalQueue` only.

Its first line of input is JSON: under which owner's name it works, and which kinds it may run. Every further line says
that there is work; the end of input says that the parent is gone, or wants the worker to go.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from typing import IO

from ..logs import start_logging
from ..settings import Settings
from .interrupt import StopRequest
from .process import end_self
from .run import Runner

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
"""How often a worker looks for jobs that nobody announced."""


def main() -> None:
    """Work until the input ends or SIGTERM comes."""
    settings = Settings.from_environment()
    start_logging(settings, logging.WARNING)
    bell = _private_input()
    hello = json.loads(bell.readline())
    stop, wake = StopRequest(), threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stop.request())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_listen, args=(bell, stop, wake), daemon=True).start()
    with Runner(settings, hello["kinds"], hello["owner"], stop=stop, abandon=end_self) as runner:
        runner.sweep()
        _work(runner, stop, wake)
    sys.stderr.flush()
    os._exit(0)  # the listening thread may sit in a read that nothing ends


def _work(runner: Runner, stop: StopRequest, wake: threading.Event) -> None:
    while not stop.requested:
        wake.clear()
        while not stop.requested and runner.run_next():
            pass
        if not stop.requested:
            wake.wait(POLL_SECONDS)


def _listen(bell: IO[bytes], stop: StopRequest, wake: threading.Event) -> None:
    while bell.readline():
        wake.set()
    stop.request()
    wake.set()


def _private_input() -> IO[bytes]:
    """Standard input, out of reach of the jobs and of the processes they start; what they print goes to the log."""
    bell = os.fdopen(os.dup(0), "rb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return bell


if __name__ == "__main__":
    main()
