"""A deleted dataset is gone for everybody at once; its rows follow, in pieces."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.errors import NotFound
from jupyter_roboflow.domain.job import JobState
from jupyter_roboflow.domain.user import DatasetRole, Role, User
from jupyter_roboflow.storage import datasets, deletion, jobs, users
from jupyter_roboflow.storage.database import Connection, Database
from jupyter_roboflow.storage.files import ImageStore
from jupyter_roboflow.storage.tables import annotations, images, metadata, version_images
from tests.storage.test_versions import freeze
from tests.storage.things import add_images, annotate, label, one_of_each

LOOKS: dict[str, Callable[[Connection, User, int], object]] = {
    "get": lambda conn, user, key: datasets.get(conn, key, user),
    "by name": lambda conn, user, key: datasets.by_name(conn, user, "cells"),
    "row": lambda conn, user, key: datasets.row(conn, key),
    "role": lambda conn, user, key: datasets.role_in(conn, key, user),
}


@pytest.mark.parametrize("look", LOOKS)
def test_nobody_finds_a_hidden_dataset(db: Database, ada: User, cells: Dataset, look: str) -> None:
    with db.write() as conn:
        kim = users.create(conn, "kim", Role.VIEWER)
        datasets.set_collaborator(conn, cells.id, kim, DatasetRole.ADMIN)
        assert LOOKS[look](conn, kim, cells.id) is not None
        deletion.hide(conn, cells.id)
    for user in (ada, kim):
        with pytest.raises(NotFound), db.read() as conn:
            LOOKS[look](conn, user, cells.id)
        with db.read() as conn:
            assert datasets.list_for(conn, user).total == 0


def test_the_name_of_a_hidden_dataset_is_free(db: Database, ada: User, cells: Dataset) -> None:
    for _ in range(2):
        with db.write() as conn:
            deletion.hide(conn, datasets.by_name(conn, ada, cells.name).id)
            datasets.create(conn, ada, cells.name)
    with db.read() as conn:
        assert datasets.list_for(conn, ada).total == 1 and len(deletion.hidden(conn)) == 2


def test_jobs_of_a_hidden_dataset_are_asked_to_end(db: Database, ada: User, cells: Dataset) -> None:
    with db.write() as conn:
        running, waiting = (jobs.create(conn, ada, "export", cells.id, {}).id for _ in range(2))
        other = jobs.create(conn, ada, "export", datasets.create(conn, ada, "other").id, {}).id
        assert jobs.claim(conn, "a worker", 60, running)
        deletion.hide(conn, cells.id)
        assert jobs.get(conn, running).cancel_requested and jobs.get(conn, waiting).state is JobState.CANCELLED
        assert jobs.get(conn, other).state is JobState.QUEUED


def test_rows_go_in_pieces_and_only_those_of_the_dataset(
    db: Database, store: ImageStore, ada: User, cells: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "AT_ONCE", 2)
    with db.write() as conn:
        kept = datasets.create(conn, ada, "kept").id
    for dataset in (cells.id, kept):
        label(db, dataset, "RBC")
        freeze(db, store, ada, dataset)
        for image in add_images(db, ada, dataset, [10, 11], tags=("blue",)):
            annotate(db, ada, image, one_of_each())
    with db.write() as conn:
        size = deletion.size(conn, cells.id)
        before = {table.name: _rows(conn, table) for table in metadata.sorted_tables}
        deletion.hide(conn, cells.id)
        assert deletion.hidden(conn) == (cells.id,)
    pieces: list[int] = []
    while not pieces or pieces[-1]:
        with db.write() as conn:
            pieces.append(deletion.delete_some(conn, cells.id))
    assert size == sum(pieces) == 5 and max(pieces) <= 2
    with db.read() as conn:
        assert deletion.hidden(conn) == () and deletion.size(conn, kept) == size
        for table in (annotations, images, version_images):
            assert _rows(conn, table) * 2 == before[table.name] > 0
    with db.write() as conn:
        assert deletion.delete_some(conn, cells.id) == 0, "once more does no harm"


def test_what_a_job_is_taking_away_is_left_to_it(db: Database, ada: User, cells: Dataset) -> None:
    with db.write() as conn:
        deletion.hide(conn, cells.id)
        job = jobs.create(conn, ada, deletion.KIND, None, {"dataset": cells.id}).id
        assert deletion.hidden(conn) == ()
        jobs.request_cancel(conn, job)
        assert deletion.hidden(conn) == (cells.id,)


def _rows(conn: Connection, table: object) -> int:
    return conn.execute(select(func.count()).select_from(table)).scalar_one()  # pyright: ignore[reportArgumentType]
