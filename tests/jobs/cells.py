"""Blood cells in an installation, and versions made of them under a test's eyes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

import jupyter_roboflow as rf
from jupyter_roboflow.backend import open_backend
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.domain.job import Job
from jupyter_roboflow.jobs.queue import JobQueue
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage import jobs
from jupyter_roboflow.storage.check import check
from jupyter_roboflow.storage.tables import version_images
from jupyter_roboflow.storage.tables import versions as version_table
from tests.jobs.office import LEASE_SECONDS, PATIENCE_SECONDS, eventually
from tests.jobs.queues import opened

DEMO = Path(rf.__file__).parent / "demo" / "data" / "blood-cells"
RECIPE = {"steps": ["flip", {"step": "rotate", "degrees": 15}], "seed": 5, "multiplier": 2}
_PATIENCE_SECONDS = 2 * PATIENCE_SECONDS
"""Up to eight workers load what makes pictures, each for itself."""


@dataclass
class Cells:
    """The blood cells in an installation, and versions made of them."""

    backend: LocalBackend
    dataset: int
    settings: Settings

    def submit(self, queue: JobQueue, **more: Any) -> int:
        """The id of a job that makes a version."""
        params = {"recipe": RECIPE, "splits": None, "options": {}, **more}
        with self.backend.installation.database.write() as connection:
            job = jobs.create(connection, self.backend.user, "version", self.dataset, params)
        queue.submit(job.id)
        return job.id

    def job(self, job_id: int) -> Job:
        return self.backend.job(job_id)

    def wait(self, job_id: int) -> Job:
        def over() -> Job | None:
            job = self.job(job_id)
            return job if job.state.over else None

        return eventually(over, f"job {job_id} to end", _PATIENCE_SECONDS)

    def parts(self, job_id: int) -> tuple[Job, ...]:
        with self.backend.installation.database.read() as connection:
            return jobs.parts(connection, job_id)

    def content(self, job: Job) -> str:
        assert job.result is not None, job.error
        return str(job.result["content_hash"])

    def nothing_published(self) -> bool:
        with self.backend.installation.database.read() as connection:
            tables = (version_table, version_images)
            return not any(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)

    def sound(self) -> None:
        here = self.backend.installation
        report = check(here.database, here.store, deep=True)
        assert report.ok, str(report)
        assert not list(here.store.list("staged/")) or not self.backend.versions(self.dataset)


def cells_in(folder: Path, source: Path = DEMO, **more: Any) -> Cells:
    """The blood cells, or other annotated pictures, in a new installation."""
    times = {"lease_seconds": LEASE_SECONDS, "heartbeat_seconds": 0.4}
    settings = Settings(data_dir=folder, queue="inline", **{**times, **more}).completed()
    backend = open_backend(settings)
    dataset = backend.create_dataset("cells").id
    backend.wait(backend.start_import(dataset, source).id)
    return Cells(backend, dataset, settings)


def a_few(folder: Path, count: int) -> Path:
    """The first blood cells by name, as a folder to import."""
    for path in sorted((DEMO / "Annotations").iterdir())[:count]:
        for part, suffix in (("Annotations", ".xml"), ("JPEGImages", ".jpg")):
            (folder / part).mkdir(parents=True, exist_ok=True)
            shutil.copy(DEMO / part / f"{path.stem}{suffix}", folder / part)
    return folder


def started(gate: Path, number: int = 1) -> list[tuple[int, int]]:
    """(job id, process id) of parts in the middle of their work, once there are so many."""

    def there() -> list[tuple[int, int]] | None:
        found = [(int(path.name.split("-")[1]), int(path.read_text())) for path in gate.glob("started-*[0-9]")]
        return found if len(found) >= number else None

    return eventually(there, f"{number} parts to begin", _PATIENCE_SECONDS)


def a_queue(name: str, cells: Cells, request: pytest.FixtureRequest, workers: int = 2) -> Any:
    url: Any = request.getfixturevalue("redis").url if name == "rq" else ""
    return opened(name, cells.settings, url, workers)
