"""What holds after everything, however bad the input was: rows and files agree, and nothing half-done is left."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

import jupyter_roboflow as rf
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.opening import check_installation
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage.files.folder import TEMPORARY

STARTED = ("import_started", "export_started", "version_started")
"""Audit rows that a failed job leaves: that somebody tried is worth knowing."""

Rows = dict[str, list[tuple[Any, ...]]]


def local(ws: rf.Workspace) -> LocalBackend:
    """The backend of a workspace on this computer."""
    return cast(LocalBackend, ws.backend)


def settings_of(ws: rf.Workspace) -> Settings:
    return local(ws).installation.settings


def assert_sound(ws: rf.Workspace) -> None:
    """Database and store agree to the last byte, and neither jobs nor uploads left temporary files."""
    settings = settings_of(ws)
    report = check_installation(settings, deep=True)
    assert report.ok, str(report)
    assert report.checked["tables"] > 10, "a check that looked at nothing is no check"
    assert "unfinished temporary files" not in report.notes and "thumbnails missing" not in report.notes, str(report)
    end = time.monotonic() + 60.0  # a worker still empties its folder as its job is over
    while temporary_files(settings) and time.monotonic() < end:
        time.sleep(0.02)
    assert temporary_files(settings) == []


def temporary_files(settings: Settings) -> list[str]:
    """What lies where jobs and uploads keep what is not finished."""
    places = (settings.data_dir / "work", Path(settings.storage_url) / TEMPORARY)
    assert any(place.exists() for place in places), "the places to look at have moved"
    found: list[str] = []
    for place in places:
        for folder, folders, files in os.walk(place):  # what goes while one looks is not there: no error
            found += [str(Path(folder) / name) for name in (*folders, *files)]
    return sorted(found)


def all_rows(ws: rf.Workspace) -> Rows:
    """Every row of the database but those that only tell of jobs."""
    address = settings_of(ws).database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(address)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        rows: Rows = {
            name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
            if name not in ("jobs", "sqlite_sequence")
        }
    rows["audit_log"] = [row for row in rows["audit_log"] if not set(STARTED).intersection(map(str, row))]
    return rows


@contextmanager
def nothing_changes(ws: rf.Workspace) -> Iterator[None]:
    """Whatever happens inside leaves every row as it was, and the installation sound."""
    before = all_rows(ws)
    assert before["datasets"], "there is something that could change"
    yield
    after = all_rows(ws)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert_sound(ws)
