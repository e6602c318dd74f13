"""Files that no row refers to are deleted in time, and no others."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import images
from jupyter_roboflow.storage.check import check
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore, blob_key, thumbnail_key
from jupyter_roboflow.storage.orphans import collect_orphans
from jupyter_roboflow.storage.tables import orphans as table
from tests.storage.things import picture, upload


def grow_old(db: Database, store: ImageStore, days: float = 2) -> None:
    """As if two days had passed."""
    for found in (*store.list(""),):
        path = store.path(found.key)
        assert path is not None
        then = path.stat().st_mtime - days * 86_400
        os.utime(path, (then, then))
    with db.write() as conn:
        for row in conn.execute(select(table)).all():
            first = row.first_seen - timedelta(days=days)
            conn.execute(update(table).where(table.c.key == row.key).values(first_seen=first))


def test_a_picture_without_rows_goes_at_the_second_look_a_day_later(
    db: Database, store: ImageStore, ada: User, cells: Dataset
) -> None:
    gone = upload(db, store, ada, cells.id, "gone")
    kept = upload(db, store, ada, cells.id, "kept")
    store.put_bytes("exports/9-9.zip", b"never published")
    with db.write() as conn:
        images.delete_images(conn, [gone.id])
    grow_old(db, store)
    assert collect_orphans(db, store) == 0
    assert collect_orphans(db, store) == 0
    assert store.read_blob(gone.sha256)
    grow_old(db, store)
    assert collect_orphans(db, store) == 3
    assert store.stat(blob_key(gone.sha256)) is None and store.stat(thumbnail_key(gone.sha256)) is None
    assert store.read_blob(kept.sha256) and store.read_thumbnail(kept.sha256)
    assert check(db, store, deep=True).ok
    with db.read() as conn:
        assert conn.execute(select(table)).all() == []


def test_a_picture_uploaded_again_is_never_collected(
    db: Database, store: ImageStore, ada: User, cells: Dataset
) -> None:
    first = upload(db, store, ada, cells.id, "a")
    with db.write() as conn:
        images.delete_images(conn, [first.id])
    grow_old(db, store)
    collect_orphans(db, store)
    grow_old(db, store)
    store.put_pictures([picture(store, "a")])  # stored, its row still to come
    assert collect_orphans(db, store) == 0
    again = upload(db, store, ada, cells.id, "a")
    assert store.read_blob(again.sha256) and check(db, store).ok


def test_a_picture_in_use_again_is_forgotten_as_an_orphan(
    db: Database, store: ImageStore, ada: User, cells: Dataset
) -> None:
    first = upload(db, store, ada, cells.id, "a")
    with db.write() as conn:
        images.delete_images(conn, [first.id])
    collect_orphans(db, store)
    upload(db, store, ada, cells.id, "a")
    grow_old(db, store)
    assert collect_orphans(db, store) == 0
    with db.read() as conn:
        assert conn.execute(select(table)).all() == []


def test_old_temporary_files_go_and_young_ones_stay(db: Database, store: ImageStore) -> None:
    old, young = store.temp_dir() / "old", store.temp_dir() / "young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1e9, 1e9))
    assert collect_orphans(db, store) == 1
    assert young.exists() and not old.exists()


def test_what_a_killed_collector_had_moved_aside_comes_back(
    db: Database, store: ImageStore, ada: User, cells: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = upload(db, store, ada, cells.id, "a")
    key, path = blob_key(image.sha256), store.path(blob_key(image.sha256))
    assert path is not None
    aside = tmp_path / "home" / "store" / "taken"
    aside.mkdir()
    path.rename(aside / f"1234@{key.replace('/', '@')}")
    assert check(db, store).counts == {"blob_missing": 1}
    later = time.time() + 3_600
    monkeypatch.setattr(time, "time", lambda: later)
    collect_orphans(db, store)
    assert check(db, store, deep=True).ok


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_collector_beside_uploads_of_the_same_bytes_deletes_nothing_that_is_needed(
    db: Database, store: ImageStore, ada: User, cells: Dataset
) -> None:
    """Two hundred rounds: an old orphan, a collector that may delete it, and an upload of the same bytes at once."""
    first = upload(db, store, ada, cells.id, "a")
    path = store.path(blob_key(first.sha256))
    assert path is not None
    deleted = 0
    for number in range(200):
        with db.write() as conn:
            images.delete_images(conn, [row.id for row in images.by_sha256(conn, cells.id, [first.sha256]).values()])
        if path.exists():
            os.utime(path, (1e9, 1e9))
        collect_orphans(db, store)
        with db.write() as conn:
            conn.execute(update(table).values(first_seen=datetime(2020, 1, 1, tzinfo=UTC)))
        told: list[int] = []
        collector = threading.Thread(target=lambda told=told: told.append(collect_orphans(db, store)))
        collector.start()
        if number % 2:
            time.sleep(0.0005 * (number % 20))
        upload(db, store, ada, cells.id, "a")
        collector.join()
        deleted += told[0]
        report = check(db, store, deep=True)
        assert report.ok, str(report)
    assert deleted > 0, "the collector never came first: the test shows nothing"
