"""The fsck: it is silent about a healthy installation and finds every damage that is done to one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from jupyter_roboflow.domain.dataset import Dataset, Image
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import datasets, exports, jobs, labels
from jupyter_roboflow.storage.check import check
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore, blob_key, thumbnail_key
from tests.storage.things import annotate, box, label, one_of_each, upload


@pytest.fixture
def image(db: Database, store: ImageStore, ada: User, cells: Dataset, tmp_path: Path) -> Image:
    """A picture with annotations, in a dataset with a finished export."""
    label(db, cells.id, "RBC", "WBC")
    made = upload(db, store, ada, cells.id, "a")
    upload(db, store, ada, cells.id, "b")
    annotate(db, ada, made, one_of_each())
    (tmp_path / "x.zip").write_bytes(b"zip")
    artefact = store.put_artefact(tmp_path / "x.zip", "exports/1-1.zip")
    with db.write() as conn:
        job = jobs.create(conn, ada, "export", cells.id, {})
        values: dict[str, Any] = {"format": "coco", "options": {}, "filename": "x.zip", "losses": [], "counts": {}}
        found = {"path": artefact.key, "size": artefact.size, "sha256": artefact.sha256}
        exports.create(conn, ada.id, exports.NewExport(dataset_id=cells.id, job_id=job.id, **values, **found))
    return made


def test_a_healthy_installation_has_no_problems(db: Database, store: ImageStore, image: Image) -> None:
    for deep in (False, True):
        report = check(db, store, deep=deep)
        assert report.ok and not report.problems and not report.notes, str(report)
        assert report.checked["images"] == 2 and report.checked["annotations"] == 4 and report.checked["files"] == 3
        assert "everything is as it should be" in str(report) and report.as_dict()["ok"] is True


def damage_file(store: ImageStore, key: str, data: bytes | None) -> None:
    path = store.path(key)
    assert path is not None
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)


@pytest.mark.parametrize(
    "data, code, deep",
    [
        (None, "blob_missing", False),
        (b"", "size_mismatch", False),
        (b"x" * 5_000, "checksum_mismatch", True),
    ],
    ids=["deleted", "emptied", "bit flip"],
)
def test_a_damaged_picture_is_found_and_left_alone(
    db: Database, store: ImageStore, image: Image, data: bytes | None, code: str, deep: bool
) -> None:
    damage_file(store, blob_key(image.sha256), data)
    for _ in range(2):
        report = check(db, store, deep=deep)
        assert report.counts == {code: 1} and f"image {image.id}" in str(report)
    path = store.path(blob_key(image.sha256))
    assert path is not None and (path.read_bytes() if data is not None else None) == data
    with db.read() as conn:
        assert conn.execute(text("SELECT size FROM images WHERE id = 1")).scalar_one() == 5_000


def test_a_damaged_export_is_found(db: Database, store: ImageStore, image: Image) -> None:
    damage_file(store, "exports/1-1.zip", b"ZIP")
    assert check(db, store, deep=True).counts == {"checksum_mismatch": 1}
    damage_file(store, "exports/1-1.zip", b"")
    assert check(db, store).counts == {"size_mismatch": 1}
    damage_file(store, "exports/1-1.zip", None)
    report = check(db, store)
    assert report.counts == {"blob_missing": 1} and "export 1" in str(report)


OUTSIDE = '{"bbox":[500,500,10,10],"coords_unit":"px"}'


@pytest.mark.parametrize(
    "damage, code",
    [
        ("UPDATE images SET annotation_count = 7 WHERE id = 1", "annotation_count"),
        ("DELETE FROM annotations WHERE position = 0", "annotation_count"),
        ("UPDATE images SET state = 'empty' WHERE id = 1", "image_state"),
        ("UPDATE images SET state = 'labeled' WHERE id = 2", "image_state"),
        ("UPDATE images SET revision = 0 WHERE id = 1", "revision"),
        ("UPDATE images SET path = 'blobs/x' WHERE id = 2", "blob_missing"),
        ("UPDATE labels SET export_index = 9 WHERE id = 1", "export_index"),
        ("UPDATE jobs SET state = 'running'", "job_without_lease"),
        ("UPDATE annotations SET geometry = '{}' WHERE position = 1", "geometry_corrupt"),
        ("UPDATE annotations SET shape_type = 'blob', geometry = '[]' WHERE position = 1", "geometry_corrupt"),
        (f"UPDATE annotations SET geometry = '{OUTSIDE}' WHERE position = 0", "geometry_outside"),
    ],
)
def test_every_contradiction_of_the_database_is_found(
    db: Database, store: ImageStore, image: Image, damage: str, code: str
) -> None:
    with db.write() as conn:
        conn.exec_driver_sql(damage)
    report = check(db, store)
    assert report.counts[code] == 1 and not report.ok and any(problem.code == code for problem in report.problems)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_rows_that_point_nowhere_are_found(db: Database, store: ImageStore, image: Image) -> None:
    with db.engine.connect() as conn:
        conn.exec_driver_sql("COMMIT")
        conn.exec_driver_sql("PRAGMA foreign_keys=OFF")
        conn.exec_driver_sql("DELETE FROM labels WHERE id = 1")
        conn.exec_driver_sql("PRAGMA foreign_keys=ON")
        conn.exec_driver_sql("BEGIN")
    report = check(db, store)
    assert report.counts["dangling_reference"] >= 1 and "annotations.label_id" in str(report)


def test_a_label_of_another_dataset_is_found(db: Database, store: ImageStore, ada: User, image: Image) -> None:
    with db.write() as conn:
        other = datasets.create(conn, ada, "other")
        foreign = labels.add(conn, other.id, "X")
        conn.exec_driver_sql(f"UPDATE annotations SET label_id = {foreign.id} WHERE position = 0")
    assert check(db, store).counts == {"foreign_label": 1}


def test_left_overs_are_noted_and_no_problem(db: Database, store: ImageStore, image: Image) -> None:
    store.put_bytes(blob_key("f" * 64), b"nobody's")
    store.delete(thumbnail_key(image.sha256))
    (store.temp_dir() / "half").write_bytes(b"half")
    report = check(db, store)
    assert report.ok
    expected = {"files on their way in": 1, "thumbnails missing": 1, "unfinished temporary files": 1}
    assert dict(report.notes) == expected


def test_looking_changes_nothing(db: Database, store: ImageStore, image: Image, tmp_path: Path) -> None:
    def state() -> dict[str, bytes]:
        files = [path for path in (tmp_path / "home" / "store").rglob("*") if path.is_file()]
        return {path.as_posix(): path.read_bytes() for path in files}

    before = state()
    check(db, store, deep=True)
    assert state() == before


def test_hundreds_of_problems_are_counted_and_some_are_told(
    db: Database, store: ImageStore, image: Image, ada: User
) -> None:
    annotate(db, ada, image, [box(float(i % 80)) for i in range(500)], revision=1)
    with db.write() as conn:
        conn.exec_driver_sql("UPDATE annotations SET geometry = '{}'")
    report = check(db, store)
    assert report.counts["geometry_corrupt"] == 500 and len(report.problems) == 100
