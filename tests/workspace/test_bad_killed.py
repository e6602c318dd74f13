"""Workers that die in the middle of an export or import."""

from __future__ import annotations

import os
import signal
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.opening import check_installation
from jupyter_roboflow.jobs.local_queue import LocalQueue

from .datasets_on_disk import png, write_folder
from .invariants import local, settings_of, temporary_files


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("kind", ["export", "import"])
def test_a_worker_killed_in_the_middle_is_replaced_and_the_work_done_once_job_001(
    ws: rf.Workspace, ds: rf.Dataset, tmp_path: Path, kind: str
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 300, 300, 3), dtype=np.uint8)
    if kind == "export":
        ds.upload(list(noise))
    else:
        files = {f"images/{n}.png": png(n + 100, 300, 300) for n in range(40)}
        labels = {f"labels/{n}.txt": b"0 .5 .5 .5 .5\n" for n in range(40)}
        write_folder(tmp_path / "source", {"data.yaml": b"names: [cat]\n", **files, **labels})
    expected = len(ds) if kind == "export" else len(ds) + 40
    home = settings_of(ws).data_dir
    with rf.connect(data_dir=home, progress=False, workers=1, queue="local", heartbeat_seconds=0.5) as other:
        backend = local(other)
        if kind == "export":
            job = backend.start_export(ds.id, "coco", {"include_unlabeled": True})
        else:
            job = backend.start_import(ds.id, tmp_path / "source")
        killed = _kill_who_works(backend, job.id)
        done = backend.wait(job.id)
    assert killed and done.attempt == 2 and done.result is not None
    assert check_installation(settings_of(ws), deep=True).ok
    with rf.connect(data_dir=home, progress=False, queue="local", workers=1) as later:
        local(later).wait(local(later).start_export(ds.id, "voc", {"images": False}).id)
    assert list((home / "work").iterdir()) == [], "the next worker clears away what the killed one left"
    if kind == "import":
        assert len(ds) == expected and ds.info.annotation_count == 40
        return
    published = [path for path in (settings_of(ws).data_dir / "store" / "exports").rglob("*") if path.is_file()]
    assert len(published) == 2, "one of the killed job, one of the job after it"
    saved = local(ws).save_export(done.result["export_id"], tmp_path / "out.zip")
    with zipfile.ZipFile(saved) as archive:
        assert archive.testzip() is None
        assert sum(name.endswith(".png") for name in archive.namelist()) == expected


def _kill_who_works(backend: LocalBackend, job_id: int) -> bool:
    """Kill the worker as soon as files show that it is in the middle of the job."""
    settings = backend.installation.settings
    queue = backend.installation.queue
    assert isinstance(queue, LocalQueue)
    (worker,) = queue._workers  # pyright: ignore[reportPrivateUsage]
    end = time.monotonic() + 240
    while time.monotonic() < end and not backend.job(job_id).state.over:
        if worker.pid is not None and (settings.data_dir / "work").exists() and len(temporary_files(settings)) >= 2:
            os.kill(worker.pid, signal.SIGKILL)
            return True
        time.sleep(0.002)
    return False
