"""What the job tests look at: an installation with a database, a user, and a count of effects."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from jupyter_roboflow.domain.job import Job, JobState
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage import jobs, users
from jupyter_roboflow.storage.database import Database

PATIENCE_SECONDS = 120.0
"""What is waited for takes a second; on a machine that does other things it takes what it takes."""
LEASE_SECONDS = 60.0
"""A lease that does not end during a test, however long a heartbeat has to wait for its turn."""


class Office:
    """Creates jobs and watches them, as a person with a look into the database would."""

    def __init__(self, settings: Settings, db: Database, user: User) -> None:
        self.settings, self.db, self.user = settings, db, user
        with db.write() as connection:
            connection.execute(text("CREATE TABLE marks (job INTEGER, attempt INTEGER)"))

    def create(self, kind: str, max_attempts: int = 3, **params: Any) -> int:
        with self.db.write() as connection:
            return jobs.create(connection, self.user, kind, None, params, max_attempts).id

    def job(self, job_id: int) -> Job:
        with self.db.read() as connection:
            return jobs.get(connection, job_id)

    def marks(self, job_id: int) -> list[int]:
        """The attempts that had an effect."""
        with self.db.read() as connection:
            rows = connection.execute(text("SELECT attempt FROM marks WHERE job = :job"), {"job": job_id})
            return list(rows.scalars())

    def wait(self, job_id: int, *states: JobState) -> Job:
        """The job once it is in one of these states, or over."""

        def there() -> Job | None:
            job = self.job(job_id)
            return job if (job.state in states if states else job.state.over) else None

        return eventually(there, f"job {job_id} in {states or 'its end'}: {self.job(job_id)}")

    def holder(self, job_id: int) -> str:
        with self.db.read() as connection:
            owner = connection.execute(text("SELECT lease_owner FROM jobs WHERE id = :id"), {"id": job_id})
            return owner.scalar_one()

    def no_temporary_files(self) -> bool:
        """True once there are none: a kind that publishes by itself still works in its folder as the row is over."""
        folder = self.settings.data_dir / "work"
        return eventually(lambda: not any(folder.glob("*")) or None, f"temporary files to go from {folder}")


@contextmanager
def office_at(settings: Settings) -> Iterator[Office]:
    """An office in a new database with its tables and one user."""
    db = Database(settings.database_url)
    db.migrate()
    with db.write() as connection:
        user = users.create(connection, "ada", Role.ADMIN)
    yield Office(settings, db, user)
    db.close()


class GateWatch:
    """The test's side of the job kind `gate`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def started(self, attempt: int = 1) -> int:
        """The id of the process that works on this attempt, once it does."""
        told = self.folder / f"started-{attempt}"
        eventually(lambda: told.exists() or None, f"attempt {attempt} to start")
        return int(told.read_text().split()[0])

    def open(self) -> None:
        (self.folder / "open").touch()


def eventually(look: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """What `look` returns once it is not None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = look()
        if seen is not None:
            return seen
        time.sleep(0.01)
    raise AssertionError(f"waited {seconds:g} s in vain for {what}")


def is_alive(pid: int) -> bool:
    """Whether a process runs (Linux; a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def timed() -> Iterator[Callable[[], float]]:
    """Seconds since the block was entered."""
    start = time.monotonic()
    yield lambda: time.monotonic() - start
