"""The fsck of an installation: what the database says, compared with itself and with the store. Changes nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, or_, select

from ..domain.dataset import ImageState
from ..domain.errors import RoboflowError
from ..domain.job import JobState
from ..domain.shapes import KeptShape, check_within
from .check_versions import check_versions
from .database import Connection, Database
from .files import BLOBS, EXPORTS, STAGED, THUMBNAILS, VERSIONS, ImageStore, blob_key, thumbnail_key
from .geometry import read_geometry
from .tables import annotations, datasets, exports, images, jobs, labels, metadata, version_images, versions

KEPT = 100
"""Problems of one kind that are told one by one; the rest is counted."""

YOUNG_SECONDS = 24 * 3600
"""Files without a row may be on their way in for so long."""

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a stable code, where it is, and what it means."""

    code: str
    where: str
    message: str


@dataclass(slots=True)
class Report:
    """What a check found. `notes` are left-overs that harm nobody: they are cleared away in time."""

    checked: Counter[str] = field(default_factory=Counter[str])
    counts: Counter[str] = field(default_factory=Counter[str])
    problems: list[Problem] = field(default_factory=list[Problem])
    notes: Counter[str] = field(default_factory=Counter[str])

    @property
    def ok(self) -> bool:
        """Whether everything that was looked at is as it should be."""
        return not self.counts

    def add(self, code: str, where: str, message: str) -> None:
        """Count a problem, and keep it if there are not too many like it."""
        self.counts[code] += 1
        if self.counts[code] <= KEPT:
            self.problems.append(Problem(code, where, message))

    def as_dict(self) -> dict[str, object]:
        """The report as plain data."""
        told = [{"code": p.code, "where": p.where, "message": p.message} for p in self.problems]
        parts = {"checked": dict(self.checked), "counts": dict(self.counts), "notes": dict(self.notes)}
        return {"ok": self.ok, **parts, "problems": told}

    def __str__(self) -> str:
        lines = [", ".join(f"{number:,} {what}" for what, number in self.checked.items()) + " checked"]
        lines += [f"{p.code}: {p.where}: {p.message}" for p in self.problems]
        lines += [f"note: {number:,} {what}" for what, number in self.notes.items()]
        total = self.counts.total()
        return "\n".join([*lines, "everything is as it should be" if self.ok else f"{total:,} problems"])


def check(db: Database, store: ImageStore, deep: bool = False) -> Report:
    """The state of database and store; `deep` also reads every stored byte and compares it with its hash.

    May run beside writers: rows are read before the store is listed, and a file is stored before its row.
    """
    report = Report()
    with db.snapshot() as conn:
        if deep and db.is_sqlite:
            _check_sqlite(conn, report)
        _check_references(conn, report)
        _check_images(conn, report)
        _check_labels(conn, report)
        _check_jobs(conn, report)
        _check_geometry(conn, report)
        report.checked["versions"] = check_versions(conn, report.add)
        wanted = {row.key: row for row in _wanted_files(conn)}
    _check_files(store, wanted, report, deep=deep)
    return report


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: str
    size: int
    sha256: str
    owner: str


def _wanted_files(conn: Connection) -> Iterator[_Wanted]:
    """Every file that a row speaks of."""
    pictures = select(images.c.path, images.c.size, images.c.sha256, images.c.id)
    frozen = select(version_images.c.path, version_images.c.size, version_images.c.sha256, version_images.c.version_id)
    sources = select(versions.c.sources_path, versions.c.sources_size, versions.c.sources_sha256, versions.c.id)
    published = select(exports.c.path, exports.c.size, exports.c.sha256, exports.c.id)
    for owner, query in (("version", frozen), ("version", sources), ("export", published), ("image", pictures)):
        for path, size, sha256, key in conn.execute(query.where(query.selected_columns[0].is_not(None))):
            yield _Wanted(path, size, sha256, f"{owner} {key}")


def _check_files(store: ImageStore, wanted: dict[str, _Wanted], report: Report, *, deep: bool) -> None:
    report.checked["files"] = len(wanted)
    thumbnails = {thumbnail_key(row.sha256) for row in wanted.values() if row.key.startswith(BLOBS)}
    missing, missing_thumbnails = dict(wanted), set(thumbnails)
    for prefix in (BLOBS, EXPORTS, THUMBNAILS, VERSIONS, STAGED):
        for found in store.list(prefix):
            missing_thumbnails.discard(found.key)
            row = missing.pop(found.key, None)
            if row is not None:
                _check_file(store, row, found.size, report, deep=deep)
            elif found.key not in thumbnails:
                young = time.time() - found.modified < YOUNG_SECONDS
                report.notes["files on their way in" if young else "files that nothing refers to"] += 1
    for row in missing.values():
        if store.stat(row.key) is None:
            report.add("blob_missing", row.owner, f"{row.key} is not in the store: restore it from a backup")
    if missing_thumbnails:
        report.notes["thumbnails missing"] = len(missing_thumbnails)
    if left := sum(1 for _ in store.place.unfinished()):
        report.notes["unfinished temporary files"] = left


def _check_file(store: ImageStore, row: _Wanted, size: int, report: Report, *, deep: bool) -> None:
    if row.key.startswith(BLOBS) and row.key != blob_key(row.sha256):
        report.add("path_mismatch", row.owner, f"{row.key} is not where bytes with the hash {row.sha256} lie")
    if size != row.size:
        report.add("size_mismatch", row.owner, f"{row.key} has {size:,} bytes, not {row.size:,}: restore it")
    elif deep and store.hash(row.key) != row.sha256:
        report.add("checksum_mismatch", row.owner, f"{row.key} has other bytes than were stored: restore it")


def _check_sqlite(conn: Connection, report: Report) -> None:
    for (told,) in conn.exec_driver_sql("PRAGMA integrity_check"):
        if told != "ok":
            report.add("database_corrupt", "database", told)


def _check_references(conn: Connection, report: Report) -> None:
    """Rows that point at rows that are gone, whatever the database itself makes sure of."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            there = key.column.table.alias()
            lost = (
                select(key.parent)
                .select_from(table.outerjoin(there, key.parent == there.c[key.column.name]))
                .where(key.parent.is_not(None), there.c[key.column.name].is_(None))
            )
            for (value,) in conn.execute(lost.limit(KEPT)):
                where = f"{table.name}.{key.parent.name}"
                report.add("dangling_reference", where, f"{key.column.table.name} {value} is not there")
        report.checked["tables"] += 1


def _check_images(conn: Connection, report: Report) -> None:
    """Counts, revisions and states that contradict the annotations there are."""
    report.checked["images"] = conn.execute(select(func.count()).select_from(images)).scalar_one()
    drawn = select(annotations.c.image_id, func.count().label("rows")).group_by(annotations.c.image_id).subquery()
    rows = func.coalesce(drawn.c.rows, 0)
    of_images = (
        select(images.c.id, images.c.state, images.c.revision, images.c.annotation_count, rows.label("rows"))
        .select_from(images.outerjoin(drawn, drawn.c.image_id == images.c.id))
        .order_by(images.c.id)
    )
    without = images.c.state.in_([ImageState.UNLABELED.value, ImageState.EMPTY.value])
    rules: tuple[tuple[str, Any, Callable[[Any], str]], ...] = (
        (
            "annotation_count",
            images.c.annotation_count != rows,
            lambda row: f"says {row.annotation_count} annotations and has {row.rows}",
        ),
        (
            "image_state",
            or_(and_(without, rows > 0), and_(images.c.state == ImageState.LABELED.value, rows == 0)),
            lambda row: f"is {row.state} and has {row.rows} annotations",
        ),
        (
            "revision",
            or_(images.c.revision < 0, and_(images.c.revision == 0, rows > 0)),
            lambda row: f"has {row.rows} annotations at revision {row.revision}",
        ),
    )
    for code, broken, message in rules:
        for row in conn.execute(of_images.where(broken)):
            report.add(code, f"image {row.id}", message(row))


def _check_labels(conn: Connection, report: Report) -> None:
    report.checked["labels"] = conn.execute(select(func.count()).select_from(labels)).scalar_one()
    beyond = (
        select(labels.c.id, labels.c.name, labels.c.export_index)
        .join(datasets, datasets.c.id == labels.c.dataset_id)
        .where(or_(labels.c.export_index >= datasets.c.next_export_index, labels.c.export_index < 0))
    )
    for row in conn.execute(beyond):
        report.add(
            "export_index", f"label {row.id}", f"{row.name!r} has the number {row.export_index}, not given out yet"
        )
    foreign = (
        select(annotations.c.id, annotations.c.image_id)
        .join(images, images.c.id == annotations.c.image_id)
        .join(labels, labels.c.id == annotations.c.label_id)
        .where(labels.c.dataset_id != images.c.dataset_id)
    )
    for row in conn.execute(foreign):
        report.add("foreign_label", f"annotation {row.id}", f"on image {row.image_id} has a label of another dataset")


def _check_jobs(conn: Connection, report: Report) -> None:
    report.checked["jobs"] = conn.execute(select(func.count()).select_from(jobs)).scalar_one()
    lost = select(jobs.c.id).where(
        jobs.c.state == JobState.RUNNING.value, or_(jobs.c.lease_owner.is_(None), jobs.c.lease_until.is_(None))
    )
    for (key,) in conn.execute(lost):
        report.add("job_without_lease", f"job {key}", "is running and nobody holds it")


def _check_geometry(conn: Connection, report: Report) -> None:
    """Stored shapes that cannot be read, or lie outside their picture."""
    fields = (annotations.c.id, annotations.c.image_id, annotations.c.shape_type, annotations.c.geometry)
    last = ""
    while True:
        query = (
            select(*fields, images.c.width, images.c.height)
            .join(images, images.c.id == annotations.c.image_id)
            .where(annotations.c.id > last)
            .order_by(annotations.c.id)
            .limit(_CHUNK)
        )
        rows = conn.execute(query).all()
        for key, image_id, kind, geometry, width, height in rows:
            try:
                shape = read_geometry(kind, geometry)
                if isinstance(shape, KeptShape):
                    report.notes[f"annotations of the unknown kind {kind!r}, kept for a newer version"] += 1
                else:
                    check_within(shape, (width, height))
            except RoboflowError as error:
                code = "geometry_outside" if error.code == "geometry_out_of_bounds" else "geometry_corrupt"
                report.add(code, f"annotation {key} of image {image_id}", error.message)
        report.checked["annotations"] += len(rows)
        if len(rows) < _CHUNK:
            return
        last = rows[-1][0]
