"""One child process that looks at pictures, as its parent holds it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, cast

from ..domain.errors import BackendUnavailable
from .frames import read_frame, write_frame
from .picture import Limits
from .watchdog import Watchdog

STDERR_LIMIT = 2048
_START_SECONDS = 120.0
_BUFFER = 1 << 16
"""Bytes: an answer with its thumbnail comes in one read. Between two reads other threads take their turns."""
_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
# The parent's own search path, without the current folder: a `PIL.py` lying beside a notebook is not ours to run.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from jupyter_roboflow.ingest.child import main; main()"
)

# What a process needs to start; passwords and tokens of the parent are not for one that reads hostile bytes.
_ENVIRONMENT = frozenset(
    ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "HOME")
    + ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "USERPROFILE", "COMSPEC")
)


class ChildDied(Exception):
    """The process ended before it answered; `timed_out` when we ended it. The text is what it wrote to stderr."""

    def __init__(self, stderr: str, *, timed_out: bool) -> None:
        super().__init__(stderr)
        self.timed_out = timed_out


class ChildProcess:
    """Answers one request at a time; safe to kill from another thread."""

    def __init__(self, limits: Limits) -> None:
        self._overdue = threading.Event()
        self._stderr: bytearray = bytearray()
        self._watchdog = Watchdog(self._stop_overdue)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, json.dumps(_search_path()), limits.as_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=_BUFFER,
            env={name: value for name, value in os.environ.items() if name.upper() in _ENVIRONMENT},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._drain = threading.Thread(target=self._drain_stderr, name="ingest-stderr", daemon=True)
        self._drain.start()
        self._wait_until_ready()

    @property
    def pid(self) -> int:
        """The process's number in this system."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it was ended from here, as far as that is known without asking the system."""
        return self._overdue.is_set() or self._process.returncode is not None

    @property
    def usable(self) -> bool:
        """Whether it can take another request; also knows of one that ended by itself."""
        return not self._overdue.is_set() and self._process.poll() is None

    def ask(self, request: Mapping[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """The answer to one request. Raises `ChildDied` when there is none in time; the process is gone then."""
        self._stderr.clear()
        try:
            with self._watchdog.watch(seconds):
                write_frame(cast("IO[bytes]", self._process.stdin), request)
                answer = read_frame(cast("IO[bytes]", self._process.stdout))
        except (OSError, ValueError):  # the pipe is closed or broken
            answer = None
        if answer is None:
            self.kill()
            raise ChildDied(self._stderr_text(), timed_out=self._overdue.is_set())
        return answer

    def kill(self) -> None:
        """End it now and wait until it is gone."""
        self._process.kill()
        self._process.wait()

    def close(self, seconds: float = 2.0) -> None:
        """Let it end by itself, or end it; frees its pipes."""
        try:
            cast("IO[bytes]", self._process.stdin).close()
            self._process.wait(seconds)
        except (OSError, subprocess.TimeoutExpired):
            self.kill()
        self._watchdog.close()
        self._drain.join(seconds)
        for pipe in (self._process.stdout, self._process.stderr):
            cast("IO[bytes]", pipe).close()

    def _wait_until_ready(self) -> None:
        with self._watchdog.watch(_START_SECONDS):
            ready = read_frame(cast("IO[bytes]", self._process.stdout))
        if ready is None:
            self.kill()
            text = self._stderr_text()
            self.close()
            raise BackendUnavailable(
                f"The process that checks pictures does not start: {text or 'it ended without a word'}.",
                code="ingest_child_failed",
            )

    def _stop_overdue(self) -> None:
        self._overdue.set()
        self._process.kill()

    def _drain_stderr(self) -> None:
        """Take all it writes, so that it never waits for us, and keep the beginning."""
        pipe = cast("BufferedReader", self._process.stderr)
        while chunk := pipe.read1(65536):
            room = STDERR_LIMIT - len(self._stderr)
            self._stderr += chunk[: max(room, 0)]

    def _stderr_text(self) -> str:
        self._drain.join(1.0)
        return self._stderr.decode("utf-8", "replace").strip()


def _search_path() -> list[str]:
    return [_PACKAGE_ROOT, *(entry for entry in sys.path if entry and entry != _PACKAGE_ROOT)]
