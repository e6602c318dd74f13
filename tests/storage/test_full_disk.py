"""A full disk: an upload succeeds or says so, and what was there stays whole."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.errors import BackendUnavailable
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.storage import datasets, images, users
from jupyter_roboflow.storage.check import check
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore
from tests.storage.things import upload


class NthFails:
    """Lets the n-th call that changes the disk fail as a full disk does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
        self.left = n
        for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "open"), (Path, "mkdir"), (os, "utime")):
            monkeypatch.setattr(owner, name, self._wrap(getattr(owner, name)))

    def _wrap(self, call: Any) -> Any:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return call(*args, **kwargs)

        return counted


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_disk_that_is_full_at_the_nth_write(db: Database, store: ImageStore, ada: User, cells: Dataset) -> None:
    acknowledged: list[str] = []
    failed = 0
    for n in range(1, 41):
        with pytest.MonkeyPatch.context() as patch:
            step = NthFails(patch, n)
            try:
                while step.left > 0:
                    acknowledged.append(upload(db, store, ada, cells.id, f"{n} {step.left}").sha256)
            except BackendUnavailable as error:
                failed += error.code == "storage_full"
            except OSError as error:
                # the test's own file, which stands for what ingest writes
                failed += error.errno == errno.ENOSPC
    assert failed == 40
    assert check(db, store, deep=True).ok
    for sha256 in acknowledged:
        store.read_blob(sha256)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of three megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_small_disk_that_really_fills_up(small_disk: Path) -> None:
    db, store = Database(f"sqlite:///{small_disk}/home/x.db"), ImageStore(str(small_disk / "store"))
    db.migrate()
    with db.write() as conn:
        ada = users.create(conn, "ada", Role.ADMIN)
        cells = datasets.create(conn, ada, "cells")
    acknowledged: list[str] = []
    with pytest.raises((BackendUnavailable, OSError)) as caught:
        acknowledged.extend(upload(db, store, ada, cells.id, n, size=20_000).sha256 for n in range(2_000))
    if isinstance(caught.value, BackendUnavailable):
        assert caught.value.code == "storage_full"
    assert len(acknowledged) > 20
    for path in store.temp_dir().iterdir():
        path.unlink()
    assert check(db, store, deep=True).ok
    for sha256 in acknowledged:
        store.read_blob(sha256)
    with db.read() as conn:
        assert set(images.by_sha256(conn, cells.id, acknowledged)) == set(acknowledged)
    db.close()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_database_that_cannot_be_written_says_so_and_still_reads(db: Database, ada: User, cells: Dataset) -> None:
    db.close()
    event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(BackendUnavailable, match="right to write") as caught, db.write() as conn:
        users.create(conn, "eve", Role.VIEWER)
    assert caught.value.code == "database_read_only"
    with db.read() as conn:
        assert datasets.get(conn, cells.id, ada).name == "cells"
