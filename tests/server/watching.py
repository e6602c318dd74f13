"""What a client of the server sees of jobs, and what has to hold when they are over."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from jupyter_roboflow.backend import check_installation
from jupyter_roboflow.settings import Settings
from tests.jobs.office import eventually
from tests.jupyter_server import JupyterServer

OVER = ("succeeded", "failed", "cancelled")
PATIENCE_SECONDS = 180.0
"""Two cores may have much else to do."""


def start_export(server: JupyterServer, dataset_id: int, format: str = "voc", **options: Any) -> int:
    status, _, body = server.ask(f"datasets/{dataset_id}/export", "POST", body={"format": format, "options": options})
    assert status == 202, body
    return int(body["job_id"])


def job(server: JupyterServer, job_id: int) -> Any:
    status, _, body = server.ask(f"jobs/{job_id}")
    assert status == 200, body
    return body


def wait_for(server: JupyterServer, job_id: int, what: Callable[[Any], bool], told: str) -> Any:
    def look() -> Any:
        seen = job(server, job_id)
        return seen if what(seen) else None

    return eventually(look, f"job {job_id} {told}", PATIENCE_SECONDS)


def over(server: JupyterServer, job_id: int) -> Any:
    return wait_for(server, job_id, lambda seen: seen["state"] in OVER, "to end")


def under_way(server: JupyterServer, job_id: int, worker: int | None = None, *, hold: bool = False) -> Any:
    """The job in the middle of its work; with `hold` it stays there.

    `worker` is the process that works, with its children; if none is named, all of the server's are. It goes on by
    small steps, so that it is not done before this has looked.
    """

    wait_for(server, job_id, lambda seen: seen["state"] != "queued", "to begin")
    workers = [psutil.Process(pid) for pid in ([worker] if worker else _workers_of(server))]

    def look() -> Any:
        stopped = _suspended(workers, with_children=worker is not None)
        seen = job(server, job_id)
        reached = seen["progress"] > 0 or seen["state"] in OVER
        if not (reached and hold):
            for process in stopped:
                with suppress(psutil.NoSuchProcess):
                    process.resume()
        return seen if reached else time.sleep(0.01)

    seen = eventually(look, f"job {job_id} to get on", PATIENCE_SECONDS)
    assert seen["state"] == "running", f"too fast for this test: {seen}"
    return seen


def _suspended(workers: list[psutil.Process], *, with_children: bool) -> list[psutil.Process]:
    """These processes, which stand still now. To look for children takes long, and they go on meanwhile."""
    wanted, stopped = list(workers), list[psutil.Process]()
    for process in wanted:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
            stopped.append(process)
            if with_children:
                wanted += process.children()
    return stopped


def readiness(server: JupyterServer, token: str | None = None) -> tuple[int, Any]:
    """Status and body of `health/ready`, once every part had the time to answer."""

    def look() -> tuple[int, Any] | None:
        status, _, body = server.ask("health/ready", token=token)
        return None if "timeout" in body.get("checks", {}).values() else (status, body)

    return eventually(look, "all parts of the server to answer", PATIENCE_SECONDS)


def worker_of(server: JupyterServer) -> int:
    """The process id of the one worker that the server started."""

    def one() -> int | None:
        found = _workers_of(server)
        return found[0] if len(found) == 1 else None

    return int(eventually(one, "the one worker of the server"))


def _workers_of(server: JupyterServer) -> list[int]:
    found: list[int] = []
    for child in psutil.Process(server.pid).children():
        with suppress(psutil.NoSuchProcess):
            found += [child.pid] if "jupyter_roboflow.jobs.worker" in child.cmdline() else []
    return found


def published(data_dir: Path) -> list[Path]:
    """The files of finished exports, whether or not a row names them."""
    return sorted((data_dir / "store" / "exports").glob("**/*.zip"))


def assert_one_whole_export(server: JupyterServer, dataset_id: int, seen: Any, images: int) -> None:
    """The job's result is one export whose zip is whole, and there is no other."""
    assert seen["state"] == "succeeded", seen
    export_id = seen["result"]["export_id"]
    assert seen["result_url"] == f"exports/{export_id}"
    listed = server.ask(f"datasets/{dataset_id}/exports")[2]["items"]
    assert [export["id"] for export in listed] == [export_id]
    assert server.ask(seen["result_url"])[2]["id"] == export_id
    assert len(published(server.folder)) == 1
    with zipfile.ZipFile(published(server.folder)[0]) as archive:
        assert archive.testzip() is None
        assert sum(name.endswith(".xml") for name in archive.namelist()) == images


def assert_sound(data_dir: Path) -> None:
    """Rows and files agree, and no job left temporary files."""
    report = check_installation(Settings.from_environment({}, data_dir=data_dir), deep=True)
    assert report.ok, str(report)
    assert report.checked["jobs"] > 0
    assert "files that nothing refers to" not in report.notes and "unfinished temporary files" not in report.notes
    end = time.monotonic() + 60
    while any((data_dir / "work").glob("job-*")):
        assert time.monotonic() < end, f"left over: {list((data_dir / 'work').glob('*'))}"
        time.sleep(0.05)
