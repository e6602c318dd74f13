"""Work that tests let other processes do, several at once: `python -m tests.storage.processes WHAT URL …`."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.errors import BackendUnavailable, Conflict
from jupyter_roboflow.domain.shapes import BBox
from jupyter_roboflow.storage import annotations, users
from jupyter_roboflow.storage.database import Database

ROOT = Path(__file__).parents[2]


def run_at_once(number: int, what: str, *words: str) -> list[str]:
    """What each of `number` processes prints at its end. They start working at the same moment."""
    command = [sys.executable, "-W", "error", "-m", "tests.storage.processes", what, *words]
    started = [
        subprocess.Popen(
            [*command, str(n)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(number)
    ]
    for process in started:
        assert process.stdout is not None and process.stdout.readline() == "ready\n", process.communicate()[1]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told: list[str] = []
    for process in started:
        out, errors = process.communicate()
        assert process.returncode == 0, errors
        told.append(out.strip())
    return told


def migrate(url: str, _number: str) -> str:
    database = Database(url)
    database.migrate()
    return str(database.schema_revision())


def draw(url: str, image_id: str, times: str, number: str) -> str:
    """Add boxes to one image, each in a save of its own, loading again whenever somebody else was faster."""
    database = Database(url)
    with database.read() as conn:
        user = users.get(conn, 1)
    conflicts = 0
    for i in range(int(times)):
        with database.read() as conn:
            current = annotations.load(conn, int(image_id))
        while True:
            mine = Annotation(BBox(0, 0, 1 + int(number), 1 + i), "RBC")
            try:
                with database.write() as conn:
                    annotations.save(conn, user, int(image_id), (*current.annotations, mine), current.revision)
                break
            except Conflict as error:
                conflicts += error.code == "stale_revision"
                with database.read() as conn:
                    current = annotations.load(conn, int(image_id))
    return str(conflicts)


def read_then_write(url: str, mode: str, times: str, _number: str) -> str:
    """How many of `times` transactions that read first and write then went through.

    Mode `read` is the mutant: it begins as a reader does, and SQLite refuses some of its writes as locked.
    """
    database, done = Database(url), 0
    for _ in range(int(times)):
        with contextlib.suppress(BackendUnavailable), getattr(database, mode)() as conn:
            row = conn.exec_driver_sql("SELECT name FROM datasets WHERE id = 1").one()
            conn.exec_driver_sql(f"UPDATE datasets SET name = '{int(row[0]) + 1}' WHERE id = 1")
            done += 1
    return str(done)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    say("ready")
    sys.stdin.readline()
    work = {"migrate": migrate, "draw": draw, "read_then_write": read_then_write}[sys.argv[1]]
    say(work(*sys.argv[2:]))
