"""Many processes at once: none is locked out, none loses an edit."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import annotations, audit
from jupyter_roboflow.storage.database import Database
from tests.storage.processes import run_at_once
from tests.storage.things import add_images, label


def test_eight_editors_of_one_image_lose_no_edit(db: Database, url: str, ada: User, cells: Dataset) -> None:
    label(db, cells.id, "RBC")
    [image] = add_images(db, ada, cells.id, ["a"])
    conflicts = [int(told) for told in run_at_once(8, "draw", url, str(image.id), "12")]
    with db.read() as conn:
        final = annotations.load(conn, image.id)
        assert audit.list_page(conn, cells.id).total == 8 * 12 + 1
    drawn = {annotation.shape.bounds()[2:] for annotation in final.annotations}
    assert drawn == {(1.0 + editor, 1.0 + i) for editor in range(8) for i in range(12)}
    assert final.revision == 8 * 12
    assert sum(conflicts) > 0, "the editors never met: the test shows nothing"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("writers, times", [(2, 100), (8, 30)])
def test_writers_that_read_first_are_never_locked_out(
    db: Database, url: str, cells: Dataset, writers: int, times: int
) -> None:
    with db.write() as conn:
        conn.execute(text("UPDATE datasets SET name = '0' WHERE id = 1"))
    assert run_at_once(writers, "read_then_write", url, "write", str(times)) == [str(times)] * writers
    with db.read() as conn:
        assert conn.execute(text("SELECT name FROM datasets WHERE id = 1")).scalar_one() == str(writers * times)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_beginning_as_a_reader_would_lock_writers_out(db: Database, url: str, cells: Dataset) -> None:
    with db.write() as conn:
        conn.execute(text("UPDATE datasets SET name = '0' WHERE id = 1"))
    for _ in range(20):  # they meet at the first go, unless the machine lets one run after the other
        if sum(int(told) for told in run_at_once(4, "read_then_write", url, "read", "100")) < 400:
            return
    pytest.fail("the test above would not notice a lock")
