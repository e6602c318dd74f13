"""Job kinds for tests: small, real, and under the test's control through files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from jupyter_roboflow.domain.errors import BackendUnavailable, Conflict
from jupyter_roboflow.jobs.kind import JobContext, JobKind
from jupyter_roboflow.storage.database import Connection


def leave_a_mark(context: JobContext, connection: Connection) -> None:
    """An effect that can be counted."""
    values = {"job": context.job.id, "attempt": context.job.attempt}
    connection.execute(text("INSERT INTO marks (job, attempt) VALUES (:job, :attempt)"), values)


class Steps(JobKind):
    """Takes `steps` steps of `seconds`, then leaves one mark."""

    name = "steps"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        steps = int(context.job.params.get("steps", 3))
        for step in range(steps):
            context.check()
            context.progress(step, steps, f"step {step}")
            time.sleep(context.job.params.get("seconds", 0.0))
        context.progress(steps, steps)
        return context.publish(lambda connection: self._mark(context, connection))

    def _mark(self, context: JobContext, connection: Connection) -> Mapping[str, Any]:
        leave_a_mark(context, connection)
        return {"steps": context.job.params.get("steps", 3), "attempt": context.job.attempt}


class Gate(JobKind):
    """Says that it started (its process id and attempt in a file), waits for the file `open`, then leaves a mark.

    With `deaf` it never asks whether it should end.
    """

    name = "gate"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        folder = Path(context.job.params["folder"])
        (context.workdir / "half-written").write_text("not yet")
        self._say(folder, context)
        context.progress(1, 2, "waiting")
        while not (folder / "open").exists():
            if not context.job.params.get("deaf"):
                context.check()
            time.sleep(0.02)
        return context.publish(lambda connection: self._mark(context, connection))

    def _say(self, folder: Path, context: JobContext) -> None:
        told = folder / f"started-{context.job.attempt}"
        told.with_suffix(".tmp").write_text(f"{os.getpid()} {context.workdir}")
        told.with_suffix(".tmp").replace(told)

    def _mark(self, context: JobContext, connection: Connection) -> Mapping[str, Any]:
        leave_a_mark(context, connection)
        return {"attempt": context.job.attempt}


class Plain(JobKind):
    """Returns without publishing."""

    name = "plain"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        return {"answer": 42}


class Refused(JobKind):
    name = "refused"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        raise Conflict("The name is taken: choose another.", code="name_taken", name="cells")


class Broken(JobKind):
    name = "broken"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        return {"never": 1 / context.job.params["zero"]}


class Poison(JobKind):
    """Kills its worker, every time."""

    name = "poison"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        if sys.platform == "win32":
            os._exit(1)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("killed")


class Stuck(JobKind):
    """Starts a child process and waits for it, deaf to everything."""

    name = "stuck"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
        Path(context.job.params["folder"], "child").write_text(str(child.pid))
        child.wait()
        return {}


class FullDisk(JobKind):
    """Writes to a device that is always full."""

    name = "full-disk"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        (context.workdir / "artefact").write_bytes(b"half")
        with Path("/dev/full").open("wb") as device:
            device.write(b"x" * 10_000)
        return {}


class StoreAway(JobKind):
    """The object store does not answer until attempt `works_at`."""

    name = "store-away"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        if context.job.attempt < context.job.params["works_at"]:
            raise BackendUnavailable("The object store does not answer.", code="storage_unavailable")
        return {"attempt": context.job.attempt}


KINDS = {
    kind.name: f"{__name__}:{kind.__name__}"
    for kind in (Steps, Gate, Plain, Refused, Broken, Poison, Stuck, FullDisk, StoreAway)
} | {
    "version": "jupyter_roboflow.jobs.version:Version",
    "version_chunk": "tests.jobs.version_kinds:GatedChunk",
}
