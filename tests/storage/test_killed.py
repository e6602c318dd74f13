"""Processes and servers that die at any moment: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.errors import BackendUnavailable
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.storage import datasets, images, users
from jupyter_roboflow.storage.check import Report, check
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore
from jupyter_roboflow.storage.tables import audit_log
from tests.storage.postgres import PostgresServer
from tests.storage.things import new_image
from tests.storage.uploader import upload_for_ever

ROUNDS = int(os.environ.get("KILL_ROUNDS", "40"))
"""How often a writer is killed; `KILL_ROUNDS=1000 pytest tests/storage/test_killed.py` for a long look."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def kill_uploader(url: str, home: Path, mode: str, rng: random.Random) -> list[tuple[int, str]]:
    """What a process acknowledged before it was killed, at a random moment soon after its first upload."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.storage.uploader"])
    told = home / f"told-{rng.randrange(1 << 60)}"
    process = context.Process(target=upload_for_ever, args=(url, str(home / "store"), mode, str(told)))
    process.start()
    while not (told.exists() and told.stat().st_size):
        assert process.exitcode is None, "the uploader ended before its first upload"
        time.sleep(0.002)
    time.sleep(rng.uniform(0, 0.06))
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    lines = [line.split() for line in told.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return [(int(image_id), sha256) for _, image_id, sha256 in lines]


def look(db: Database, store: ImageStore, acknowledged: list[tuple[int, str]]) -> Report:
    """The report of a check by which everything acknowledged was found."""
    with db.read() as conn:
        for image_id, sha256 in acknowledged:
            assert images.get(conn, image_id).sha256 == sha256
    for _, sha256 in acknowledged:
        store.read_blob(sha256)
    with db.read() as conn:
        stored = sum(images.counts(conn, 1).values())
        uploads = conn.execute(select(func.count()).where(audit_log.c.action == "upload")).scalar_one()
    assert uploads == stored, "a picture without its audit row, or the other way round"
    return check(db, store, deep=True)


def test_a_killed_upload_leaves_everything_whole(
    db: Database, url: str, ada: User, cells: Dataset, tmp_path: Path
) -> None:
    rounds = ROUNDS if db.is_sqlite else max(ROUNDS // 5, 1)
    rng, home = random.Random(5), tmp_path / "home"
    home.mkdir(exist_ok=True)
    acknowledged: list[tuple[int, str]] = []
    for _ in range(rounds):
        acknowledged += kill_uploader(url, home, "safe", rng)
    report = look(db, ImageStore(str(home / "store")), acknowledged)
    assert report.ok, str(report)
    assert len(acknowledged) >= rounds


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_same_check_finds_what_row_first_would_do(
    db: Database, url: str, ada: User, cells: Dataset, tmp_path: Path
) -> None:
    rng, home = random.Random(6), tmp_path / "home"
    for _ in range(60):
        kill_uploader(url, home, "row-first", rng)
        report = check(db, ImageStore(str(home / "store")))
        if report.counts["blob_missing"]:
            return
    pytest.fail("the mutant was not noticed: this test would not notice a mistake either")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_a_database_server_killed_in_the_middle_of_a_batch_keeps_all_of_it_or_nothing() -> None:
    server = PostgresServer(settings="")  # as careful as it comes: what it confirmed it keeps
    try:
        address = server.new_database()
        database = Database(address)
        database.migrate()
        with database.write() as conn:
            user = users.ensure(conn, "ada", Role.ADMIN)
            made = datasets.create(conn, user, "cells")
        done = 0
        for attempt in range(3):
            timer = threading.Timer(0.05 + 0.1 * attempt, server.kill)
            with pytest.raises(BackendUnavailable) as caught:
                timer.start()
                for part in range(100):
                    with database.write() as conn:
                        images.add(conn, made.id, user, [new_image(f"{attempt} {part} {i}") for i in range(500)])
                    done += 1
            assert caught.value.code == "database_unavailable"
            timer.join()
            server.restart()
            with database.read() as conn:
                stored = sum(images.counts(conn, made.id).values())
            assert stored in (500 * done, 500 * (done + 1)), "a batch is whole or absent"
            done = stored // 500
        with database.write() as conn:
            images.add(conn, made.id, user, [new_image("after")])
        database.close()
    finally:
        server.close()
