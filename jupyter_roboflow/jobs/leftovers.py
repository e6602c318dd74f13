"""Temporary files of workers that were killed: they go once their job is over."""

from __future__ import annotations

import shutil

from ..domain.errors import NotFound
from ..settings import Settings
from ..storage import jobs
from ..storage.database import Database
from .kind import work_folder


def delete_leftovers(settings: Settings, database: Database) -> None:
    """Remove the work folders, on this computer, of jobs that are over or deleted."""
    for folder in work_folder(settings).glob("job-*-*-*"):
        if _is_over(database, int(folder.name.split("-")[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_over(database: Database, job_id: int) -> bool:
    try:
        with database.read() as connection:
            return jobs.get(connection, job_id).state.over
    except NotFound:
        return True
