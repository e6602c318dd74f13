"""Jobs over HTTP: progress, cancelling, the way to the result, and how long results are kept."""

from __future__ import annotations

import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.jobs.office import eventually
from tests.jupyter_server import TOKEN, JupyterServer
from tests.server import watching
from tests.server.large_dataset import IMAGES, make_large_dataset, multiply_images

pytestmark = pytest.mark.xdist_group("server-jobs")
BOXES = 700
MANY = 2 * BOXES
"""Enough that a job is not over while the machine has no time for whoever cancels it."""


@pytest.fixture
def busy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[JupyterServer, int]]:
    """A server and a dataset whose export takes a second or more; workers report often."""
    dataset_id = make_large_dataset(tmp_path, getattr(request, "param", BOXES))
    environment = {"ROBOFLOW_HEARTBEAT_SECONDS": "0.3"}
    server = JupyterServer(tmp_path, environment=environment)
    with closing(server):
        yield server, dataset_id


def test_an_export_tells_its_progress_and_leads_to_its_file(busy: tuple[JupyterServer, int]) -> None:
    server, dataset_id = busy
    job_id = watching.start_export(server, dataset_id)
    halfway = watching.under_way(server, job_id)
    assert 0 < halfway["progress"] < 100 and halfway["result_url"] is None and halfway["attempt"] == 1
    done = watching.over(server, job_id)
    assert done["progress"] == 100 and done["result"]["counts"]["images"] == IMAGES
    watching.assert_one_whole_export(server, dataset_id, done, IMAGES)
    listed = server.ask("jobs")[2]["items"]
    assert [each["id"] for each in listed] == [job_id]
    watching.assert_sound(server.folder)


@pytest.mark.parametrize("busy", [MANY], indirect=True, ids=["many"])
def test_a_cancelled_job_ends_soon_and_publishes_nothing(busy: tuple[JupyterServer, int]) -> None:
    server, dataset_id = busy
    running, waiting = (watching.start_export(server, dataset_id) for _ in range(2))
    watching.under_way(server, running)
    for job_id in (running, waiting):
        assert server.ask(f"jobs/{job_id}/cancel", "POST")[0] == 200
    assert [watching.over(server, job_id)["state"] for job_id in (running, waiting)] == ["cancelled", "cancelled"]
    assert server.ask(f"datasets/{dataset_id}/exports")[2]["items"] == []
    assert watching.published(server.folder) == []
    watching.assert_sound(server.folder)
    again = server.ask(f"jobs/{running}/cancel", "POST")
    assert again[0] == 200 and again[2]["state"] == "cancelled"


def test_a_dataset_deleted_while_it_is_exported_takes_its_job_along(busy: tuple[JupyterServer, int]) -> None:
    server, dataset_id = busy
    job_id = watching.start_export(server, dataset_id)
    watching.under_way(server, job_id)
    assert server.ask(f"datasets/{dataset_id}", "DELETE")[0] in (200, 204)
    assert server.ask(f"jobs/{job_id}")[0] == 404
    other = make_large_dataset(server.folder, 1, "small")
    next_job = watching.start_export(server, other)
    assert watching.over(server, next_job)["state"] == "succeeded"
    assert not any("failed unexpectedly" in line for line in server.log().splitlines())
    watching.assert_sound(server.folder)


def test_a_large_dataset_is_deleted_by_a_job_and_hidden_before(
    tmp_path: Path,
) -> None:
    dataset_id = make_large_dataset(tmp_path, 3)
    with closing(JupyterServer(tmp_path, environment={"ROBOFLOW_HEARTBEAT_SECONDS": "0.3"})) as server:
        with closing(sqlite3.connect(tmp_path / "roboflow.db")) as db, db:
            multiply_images(db, 8)
        assert server.ask(f"datasets/{dataset_id}")[2]["image_count"] == 8 * IMAGES
        status, _, told = server.ask(f"datasets/{dataset_id}", "DELETE")
        assert status == 202 and server.ask(f"datasets/{dataset_id}")[0] == 404
        done = watching.over(server, told["job_id"])
        assert (done["state"], done["result"]["images"], done["progress"]) == ("succeeded", 8 * IMAGES, 100)
        with closing(sqlite3.connect(tmp_path / "roboflow.db")) as db:
            left = [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("images", "annotations")]
        assert left == [0, 0]
        watching.assert_sound(tmp_path)


def test_without_workers_of_its_own_a_server_leaves_jobs_to_others(tmp_path: Path) -> None:
    dataset_id = make_large_dataset(tmp_path, 1)
    with closing(
        JupyterServer(tmp_path, environment={"ROBOFLOW_WORKERS": "0", "ROBOFLOW_HEARTBEAT_SECONDS": "0.3"})
    ) as idle:
        job_id = watching.start_export(idle, dataset_id)
        eventually(lambda: metric(idle, 'roboflow_jobs{state="queued"}') == 1 or None, "the job to be counted")
        assert watching.job(idle, job_id)["state"] == "queued"
        idle.stop()
        idle.start(ROBOFLOW_WORKERS="1")
        assert watching.over(idle, job_id)["state"] == "succeeded"


def metric(server: JupyterServer, name: str) -> float | None:
    """The value of one line of `/metrics`."""
    request = urllib.request.Request(f"{server.url}metrics", headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=30) as response:
        lines = response.read().decode().splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), None)


def test_exports_past_their_time_are_deleted_with_a_line_in_the_audit_log(tmp_path: Path) -> None:
    dataset_id = make_large_dataset(tmp_path, 1)
    with closing(JupyterServer(tmp_path, environment={"ROBOFLOW_HEARTBEAT_SECONDS": "0.3"})) as server:
        old, new = (watching.over(server, watching.start_export(server, dataset_id)) for _ in range(2))
        server.stop()
        with closing(sqlite3.connect(tmp_path / "roboflow.db")) as db, db:
            db.execute(
                "UPDATE exports SET created_at = datetime('now', '-31 days') WHERE id = ?",
                (old["result"]["export_id"],),
            )
        server.start()
        eventually(lambda: server.ask(old["result_url"])[0] == 404 or None, "the old export to go")
        assert server.ask(new["result_url"])[0] == 200
        eventually(lambda: len(watching.published(tmp_path)) == 1 or None, "its file to go")
        told = [
            line
            for line in server.ask(f"datasets/{dataset_id}/audit")[2]["items"]
            if line["action"] == "export_expired"
        ]
        assert [line["details"]["export"] for line in told] == [old["result"]["export_id"]]
        assert watching.job(server, old["id"])["state"] == "succeeded"
        watching.assert_sound(tmp_path)
