"""Deleting a dataset with many images: at once for people, by a job in the rows, and safe to cancel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.backend import open_backend
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.upkeep import Upkeep
from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.jobs.queue import InlineQueue
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage import deletion
from jupyter_roboflow.storage.check import check


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalBackend]:
    """Where three images are many. Jobs wait until somebody works."""
    monkeypatch.setattr(deletion, "AT_ONCE", 2)
    opened = open_backend(Settings.from_environment({}, data_dir=tmp_path, queue="local", workers=0))
    yield opened
    opened.close()


@pytest.fixture
def cells(backend: LocalBackend) -> rf.Dataset:
    with rf.connect(data_dir=backend.installation.settings.data_dir, progress=False) as ws:
        made = ws.create_dataset("cells")
        made.upload([np.full((8, 8, 3), shade, np.uint8) for shade in (0, 90, 255)])
        assert len(made) == 3
    return made


def test_a_large_dataset_is_gone_at_once_and_its_rows_later(backend: LocalBackend, cells: rf.Dataset) -> None:
    image = backend.images(cells.id).items[0]
    job = backend.delete_dataset(cells.id)
    assert job is not None and job.state is JobState.QUEUED and job.params["name"] == "cells"
    with pytest.raises(rf.NotFound):
        backend.get_dataset(cells.id)
    with pytest.raises(rf.NotFound):
        backend.get_image(image.id)
    assert backend.create_dataset("cells").id != cells.id
    with InlineQueue(backend.installation.settings) as worker:
        worker.submit(job.id)
    assert backend.job(job.id).state is JobState.SUCCEEDED and dict(backend.job(job.id).result or {}) == {"images": 3}
    assert _hidden(backend) == () and check(backend.installation.database, backend.installation.store).ok


def test_a_small_dataset_needs_no_job(backend: LocalBackend) -> None:
    assert backend.delete_dataset(backend.create_dataset("small").id) is None
    assert backend.jobs().total == 0


def test_a_cancelled_deletion_is_finished_by_the_next_look_after_things(
    backend: LocalBackend, cells: rf.Dataset
) -> None:
    job = backend.delete_dataset(cells.id)
    assert job is not None and _hidden(backend) == ()
    backend.cancel_job(job.id)
    assert backend.job(job.id).state is JobState.CANCELLED and _hidden(backend) == (cells.id,)
    assert backend.list_datasets().total == 0, "it does not come back"
    assert Upkeep(backend.installation).finish_deletions() == 3
    assert _hidden(backend) == () and check(backend.installation.database, backend.installation.store).ok


def _hidden(backend: LocalBackend) -> tuple[int, ...]:
    with backend.installation.database.read() as conn:
        return deletion.hidden(conn)
