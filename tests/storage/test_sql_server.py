"""SQL Server, as far as it goes without one: everything that storage asks has words there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects import mssql
from sqlalchemy.exc import CompileError

from jupyter_roboflow.domain.dataset import Dataset, ImageState, Split
from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.domain.page import SORTS, Cell, ImageFilter, Range
from jupyter_roboflow.domain.user import DatasetRole, Role, Scope, User
from jupyter_roboflow.storage import (
    access_tokens,
    annotations,
    audit,
    columns,
    datasets,
    deletion,
    exports,
    idempotency,
    image_changes,
    images,
    jobs,
    labels,
    relabeling,
    sessions,
    users,
)
from jupyter_roboflow.storage.bulk import Addition, BulkWriter, bulk_rows, existing_rows, remove_all
from jupyter_roboflow.storage.check import check
from jupyter_roboflow.storage.database import Connection, Database
from jupyter_roboflow.storage.files import ImageStore
from jupyter_roboflow.storage.orphans import collect_orphans
from tests.storage import sql_server
from tests.storage.test_datasets import an_export
from tests.storage.things import box, new_image, one_of_each

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def test_everything_storage_asks_can_be_asked_of_sql_server(
    db: Database, store: ImageStore, ada: User, cells: Dataset
) -> None:
    before = sql_server.said()
    with db.write() as conn:
        people(conn, ada, cells)
        accounts(conn, ada)
        work(conn, ada, cells)
        queue(conn, ada, cells)
        deletion.delete_dataset(conn, cells.id)
    store.put_bytes("blobs/x", b"orphan")
    assert check(db, store).checked
    collect_orphans(db, store)
    said = sql_server.said()
    assert len(said) >= 90, len(said - before)
    assert any("WITH (UPDLOCK, ROWLOCK)" in statement for statement in said)
    assert any("OFFSET" in statement and "ROWS ONLY" in statement for statement in said)


def people(conn: Connection, ada: User, cells: Dataset) -> None:
    eve = users.ensure(conn, "eve", Role.ANNOTATOR)
    users.set_role(conn, eve.id, Role.VIEWER)
    users.list_users(conn)
    users.count(conn)
    datasets.set_collaborator(conn, cells.id, eve, DatasetRole.VIEWER)
    datasets.list_for(conn, eve, search="c", page=2)
    datasets.by_name(conn, eve, "cells")
    datasets.list_collaborators(conn, cells.id)
    datasets.role_in(conn, cells.id, eve)
    datasets.update_dataset(conn, cells.id, name="Cells", metadata={})
    datasets.touch(conn, cells.id)
    audit.list_page(conn, cells.id, page=2)
    assert ada


def accounts(conn: Connection, ada: User) -> None:
    now = datetime.now(UTC)
    assert users.ensure_local(conn) and users.has_people(conn) and not users.is_unclaimed(conn)
    users.lock_all(conn)
    users.lock_user(conn, ada.id)
    users.create(conn, "hubert", Role.VIEWER, identity="hub:hubert")
    found = users.account_of_identity(conn, "hub:hubert")
    assert found is not None and users.credentials(conn, "ada") and users.list_accounts(conn)
    assert users.other_admins(conn, found.user.id)
    users.set_disabled(conn, found.user.id, True)
    users.set_password(conn, found.user.id, "x")
    users.replace_hash(conn, found.user.id, "x", "y")
    users.raise_token_version(conn, found.user.id)
    users.release_identity(conn, found.user.id)
    sessions.add(conn, ada.id, "f", "h", created_at=now, expires_at=now)
    token = sessions.find(conn, "h")
    assert token is not None and sessions.use(conn, token.id, now)
    sessions.is_live(conn, ada.id, "f", now)
    sessions.revoke_family(conn, "f", now)
    sessions.revoke_all(conn, ada.id, now)
    sessions.delete_expired(conn, ada.id, now)
    made = access_tokens.add(conn, ada.id, "x", Scope.READ, token_hash="h", prefix="p", created_at=now)
    access_tokens.note_use(conn, made.id, now)
    assert access_tokens.find(conn, "h") and access_tokens.list_tokens(conn, ada.id) and access_tokens.count(conn, 1)
    access_tokens.revoke(conn, ada.id, made.id, now)
    access_tokens.revoke_all(conn, ada.id, now)
    claim = idempotency.begin(conn, ada.id, "k", "h", now)
    assert isinstance(claim, idempotency.Claim)
    taken = idempotency.begin(conn, ada.id, "k", "h", now + timedelta(hours=1))
    assert isinstance(taken, idempotency.Claim)
    idempotency.finish(conn, taken, 200, {})
    idempotency.give_up(conn, claim)
    idempotency.forget_old(conn, now)
    audit.list_all(conn, 2, action="x", user_id=1)


def work(conn: Connection, ada: User, cells: Dataset) -> None:
    for name in ("RBC", "WBC", "X"):
        labels.add(conn, cells.id, name)
    (a, _), (b, _) = images.add(conn, cells.id, ada, [new_image(1, tags=("t",)), new_image(2)])
    saved = annotations.save(conn, ada, a.id, one_of_each(), 0)
    annotations.save(conn, ada, a.id, [*saved.annotations[1:], box(3)], 1)
    writer = BulkWriter(conn, ada, {label.name: label.id for label in labels.list_labels(conn, cells.id)})
    writer.write([Addition(b.id, bulk_rows([box(label="X")]), ImageState.LABELED)])
    existing_rows(conn, [a.id, b.id])
    assert list(annotations.stream(conn, cells.id)) and list(columns.image_columns(conn, cells.id))
    assert list(columns.annotation_columns(conn, cells.id))
    every: dict[str, Any] = {"label": "RBC", "state": ImageState.LABELED, "split": Split.TRAIN, "tag": "t", "name": "j"}
    every |= {f"{end}_{what}": 1 for end in ("min", "max") for what in ("width", "height", "objects")}
    for sort in SORTS:
        images.list_page(conn, cells.id, ImageFilter(**every, ids=(1, 2)), 2, 10, sort)
    images.list_page(conn, cells.id, ImageFilter(unsplit=True))
    names = {f"exclude_{name}": value for name, value in every.items() if name in ("label", "state", "split", "tag")}
    ranges: dict[str, Any] = {f"exclude_{what}": (Range(1, 2), Range(4)) for what in ("width", "height", "objects")}
    others = ImageFilter(**names, **ranges, exclude_name="q", exclude_size=((3, 4),), exclude_ids=(3,))
    images.list_page(
        conn, cells.id, ImageFilter(box=(Range(1, 2),), at=(Cell(1, 31),), exclude_at=(Cell(0, 1, "RBC"),))
    )
    images.list_page(conn, cells.id, others)
    image_changes.before(conn, cells.id, others, ["t"])
    assert image_changes.tag_counts(conn, cells.id) == {"t": 1}
    by_name = {label.name: label.id for label in labels.list_labels(conn, cells.id)}
    moved = relabeling.relabel(conn, [a.id, b.id], None, by_name["WBC"])
    assert moved.annotations and relabeling.take_back(conn, moved.moves) == (moved.images, moved.annotations, ())
    relabeling.relabel(conn, [a.id, b.id], by_name["WBC"], by_name["RBC"])
    images.by_filename(conn, cells.id, ["a"])
    images.check_ids(conn, cells.id, [a.id])
    images.labels_by_image(conn, cells.id)
    images.set_split(conn, {a.id: Split.TRAIN})
    images.set_tags(conn, [a.id], add=["u"], remove=["t"])
    images.set_state(conn, [a.id], ImageState.REVIEWED)
    labels.rename(conn, cells.id, "X", "Y")
    labels.recolor(conn, cells.id, "Y", "#000000")
    labels.reorder(conn, cells.id, ["Y", "WBC", "RBC"])
    labels.merge(conn, cells.id, "Y", "WBC")
    labels.delete_label(conn, cells.id, "WBC", "RBC")
    remove_all(conn, [b.id])
    images.delete_images(conn, [a.id])


def queue(conn: Connection, ada: User, cells: Dataset) -> None:
    made = jobs.create(conn, ada, "export", cells.id, {})
    claimed = jobs.claim(conn, "me", 60.0)
    assert claimed is not None
    jobs.heartbeat(conn, claimed, "me", 60.0, 50.0)
    jobs.list_page(conn, ada, cells.id, JobState.RUNNING)
    jobs.reconcile(conn)
    jobs.request_cancel(conn, made.id)
    jobs.finish(conn, claimed, "me", JobState.SUCCEEDED, result={})
    exports.get(conn, exports.create(conn, ada.id, an_export(cells.id, made.id)))
    exports.list_for(conn, cells.id)


def test_what_sql_server_cannot_do_is_noticed(db: Database, tmp_path: Path) -> None:
    from jupyter_roboflow.storage.tables import users as table

    with pytest.raises(CompileError), db.read() as conn:
        conn.execute(select(table).limit(5).offset(5))  # no order
    with pytest.raises(AssertionError), db.read() as conn:
        conn.execute(select(table).where(table.c.id.in_(range(3_000))))
    assert str(func.now().compile(dialect=mssql.dialect())) == "CURRENT_TIMESTAMP"
