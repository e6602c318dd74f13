"""Users, datasets, collaborators and the audit log."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select

from jupyter_roboflow.domain.dataset import Dataset, ImageState
from jupyter_roboflow.domain.errors import Conflict, Invalid, NotFound
from jupyter_roboflow.domain.page import ImageFilter
from jupyter_roboflow.domain.user import DatasetRole, Role, User
from jupyter_roboflow.storage import annotations, audit, datasets, deletion, exports, images, jobs, labels, users
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.tables import metadata
from tests.storage.things import add_images, annotate, label, new_image, one_of_each

SAME_NAMES = [("Cells", "cells"), ("  cells ", "cells"), ("É tude", "é tude"), ("é", "e\u0301"), ("STRASSE", "straße")]
OTHER_NAMES = [("cells", "cell s"), ("e", "é"), ("a", "ä"), ("ﾊ", "ハ"), ("i", "ı"), ("x_y", "x-y"), ("a%", "a_")]


@pytest.mark.parametrize("first, second", SAME_NAMES)
def test_names_that_people_take_for_the_same_are_the_same_on_every_database(
    db: Database, ada: User, cells: Dataset, first: str, second: str
) -> None:
    with db.write() as conn:
        deletion.delete_dataset(conn, cells.id)
        made = datasets.create(conn, ada, first)
        labels.add(conn, made.id, first)
        users.create(conn, first, Role.VIEWER)
    for make in (
        lambda conn: datasets.create(conn, ada, second),
        lambda conn: labels.add(conn, made.id, second),
        lambda conn: users.create(conn, second, Role.VIEWER),
    ):
        with pytest.raises(Conflict) as caught, db.write() as conn:
            make(conn)
        assert caught.value.code == "name_taken"
    with db.read() as conn:
        assert datasets.by_name(conn, ada, second).id == made.id


@pytest.mark.parametrize("first, second", OTHER_NAMES)
def test_names_that_differ_stay_apart_on_every_database(
    db: Database, ada: User, cells: Dataset, first: str, second: str
) -> None:
    with db.write() as conn:
        for name in (first, second):
            labels.add(conn, cells.id, name)
            if name != "cells":
                datasets.create(conn, ada, name)
            users.create(conn, name, Role.VIEWER)
        [(image, _)] = images.add(conn, cells.id, ada, [new_image(1)])
        images.set_tags(conn, [image.id], add=[first, second])
    with db.read() as conn:
        assert labels.by_name(conn, cells.id, first).name == first
        assert labels.by_name(conn, cells.id, second).name == second
        assert set(images.get(conn, image.id).tags) == {first, second}
        for name in (first, second):
            assert images.list_page(conn, cells.id, ImageFilter(tag=name)).total == 1


@pytest.mark.parametrize("name", ["a\x00b", "\x00", "a\ud800", "\udfff", "line\nbreak", "", "   ", "\u200b", "x" * 256])
def test_a_name_that_no_database_should_hold_is_refused_before_it(
    db: Database, ada: User, cells: Dataset, name: str
) -> None:
    [image] = add_images(db, ada, cells.id, [1])
    for make in (
        lambda conn: datasets.create(conn, ada, name),
        lambda conn: datasets.update_dataset(conn, cells.id, name=name),
        lambda conn: labels.add(conn, cells.id, name),
        lambda conn: users.create(conn, name, Role.VIEWER),
        lambda conn: images.set_tags(conn, [image.id], add=[name]),
        lambda conn: images.add(conn, cells.id, ada, [new_image(2, tags=(name,))]),
        lambda conn: images.add(conn, cells.id, ada, [new_image(3, filename=name)]),
    ):
        with pytest.raises(Invalid), db.write() as conn:
            make(conn)


@pytest.mark.parametrize("asked", ["a\x00b", "\ud800", "%", "_", "'; DROP TABLE users --", "x" * 100_000])
def test_looking_for_strange_names_finds_nothing_and_breaks_nothing(
    db: Database, ada: User, cells: Dataset, asked: str
) -> None:
    add_images(db, ada, cells.id, [1])
    with db.read() as conn:
        assert datasets.list_for(conn, ada, search=asked).total == 0
        assert users.by_name(conn, asked) is None
        for where in (ImageFilter(name=asked), ImageFilter(tag=asked), ImageFilter(label=asked)):
            assert images.list_page(conn, cells.id, where).total == 0
        with pytest.raises(NotFound):
            datasets.by_name(conn, ada, asked)
        with pytest.raises(NotFound):
            labels.by_name(conn, cells.id, asked)


def test_the_longest_names_fit(db: Database, ada: User, cells: Dataset) -> None:
    with db.write() as conn:
        for name in ("ΐ" * 255, "😀" * 255, "ß" * 255):
            made = datasets.create(conn, ada, name)
            labels.add(conn, made.id, name)
            images.add(conn, made.id, ada, [new_image(name[0], filename=name, tags=(name,))])
            users.create(conn, name, Role.VIEWER)


def test_a_user_is_made_once_and_keeps_the_role(db: Database) -> None:
    with db.write() as conn:
        first = users.ensure(conn, "Ada", Role.ADMIN)
        assert users.ensure(conn, "ada", Role.VIEWER) == first
        assert users.set_role(conn, first.id, Role.ANNOTATOR).role is Role.ANNOTATOR
        assert users.get(conn, first.id).role is Role.ANNOTATOR
        with pytest.raises(NotFound):
            users.get(conn, 99)


def test_a_dataset_is_seen_by_owner_collaborators_and_admins(db: Database, ada: User) -> None:
    with db.write() as conn:
        eve, bob, kim = (users.create(conn, name, Role.ANNOTATOR) for name in ("eve", "bob", "kim"))
        made = datasets.create(conn, eve, "plants", {"source": "field"})
        datasets.set_collaborator(conn, made.id, bob, DatasetRole.VIEWER)
        datasets.set_collaborator(conn, made.id, bob, DatasetRole.ANNOTATOR)
        assert datasets.list_collaborators(conn, made.id) == (("bob", DatasetRole.ANNOTATOR),)
    with db.read() as conn:
        seen = {user.username: datasets.list_for(conn, user).total for user in (ada, eve, bob, kim)}
        assert seen == {"ada": 1, "eve": 1, "bob": 1, "kim": 0}
        assert datasets.get(conn, made.id, eve).metadata == {"source": "field"}
        assert [datasets.get(conn, made.id, user).role for user in (ada, eve, bob)] == ["admin", "owner", "annotator"]
        assert [datasets.role_in(conn, made.id, user) for user in (eve, bob, kim)] == ["owner", "annotator", None]
        with pytest.raises(NotFound):
            datasets.get(conn, made.id, kim)
        with pytest.raises(NotFound):
            datasets.role_in(conn, 99, eve)
    with db.write() as conn:
        datasets.remove_collaborator(conn, made.id, bob)
        assert datasets.role_in(conn, made.id, bob) is None
        with pytest.raises(Conflict):
            datasets.set_collaborator(conn, made.id, eve, DatasetRole.ADMIN)


def test_datasets_come_in_pages_by_name(db: Database, ada: User) -> None:
    with db.write() as conn:
        for name in ("beta", "Alpha", "gamma", "100% real", "1000 real"):
            datasets.create(conn, ada, name)
    with db.read() as conn:
        first, second = (datasets.list_for(conn, ada, page=page, limit=3) for page in (1, 2))
        assert [d.name for d in (*first.items, *second.items)] == ["100% real", "1000 real", "Alpha", "beta", "gamma"]
        assert (first.total, second.page, second.limit) == (5, 2, 3)
        assert [d.name for d in datasets.list_for(conn, ada, search="0% R").items] == ["100% real"]
        for page, limit in ((0, 10), (-1, 10), (1, 0), (1, 501)):
            with pytest.raises(Invalid):
                datasets.list_for(conn, ada, page=page, limit=limit)


def test_renaming_to_a_taken_name_is_refused_and_to_another_case_allowed(
    db: Database, ada: User, cells: Dataset
) -> None:
    with db.write() as conn:
        datasets.create(conn, ada, "plants")
        datasets.update_dataset(conn, cells.id, name="CELLS", metadata={"a": 1})
        changed = datasets.get(conn, cells.id, ada)
        assert (changed.name, changed.metadata) == ("CELLS", {"a": 1})
    with pytest.raises(Conflict), db.write() as conn:
        datasets.update_dataset(conn, cells.id, name="Plants")


def test_deleting_a_dataset_takes_everything_but_the_audit_log(db: Database, ada: User, cells: Dataset) -> None:
    label(db, cells.id, "RBC")
    [image] = add_images(db, ada, cells.id, [1], tags=("blue",))
    annotate(db, ada, image, one_of_each())
    with db.write() as conn:
        kim = users.create(conn, "kim", Role.VIEWER)
        datasets.set_collaborator(conn, cells.id, kim, DatasetRole.VIEWER)
        job = jobs.create(conn, ada, "export", cells.id, {})
        exports.create(conn, ada.id, an_export(cells.id, job.id))
        logged = audit.list_page(conn, cells.id).total
        assert logged == 5
    with db.write() as conn:
        deletion.delete_dataset(conn, cells.id)
    left = {"users", "audit_log"}
    with db.read() as conn:
        filled = {t.name for t in metadata.sorted_tables if conn.execute(select(func.count()).select_from(t)).scalar()}
        assert filled == left
        assert audit.list_page(conn, cells.id).total == logged


def an_export(dataset_id: int, job_id: int) -> exports.NewExport:
    return exports.NewExport(
        dataset_id=dataset_id,
        job_id=job_id,
        format="coco",
        options={"images": True},
        filename="cells-coco.zip",
        path="exports/1-1.zip",
        size=5,
        sha256="a" * 64,
        losses=[{"what": "clipped"}],
        counts={"images": 1},
    )


def test_an_export_is_kept_as_it_was_made(db: Database, ada: User, cells: Dataset) -> None:
    with db.write() as conn:
        job = jobs.create(conn, ada, "export", cells.id, {})
        made = exports.create(conn, ada.id, an_export(cells.id, job.id))
    with db.read() as conn:
        stored = exports.get(conn, made)
        assert (stored.path, stored.size, stored.sha256) == ("exports/1-1.zip", 5, "a" * 64)
        assert (tuple(stored.losses), stored.counts) == (({"what": "clipped"},), {"images": 1})
        assert [export.id for export in exports.list_for(conn, cells.id)] == [made]
        with pytest.raises(NotFound):
            exports.get(conn, 99)


def test_the_audit_log_tells_the_newest_first_in_pages(db: Database, ada: User, cells: Dataset) -> None:
    with db.write() as conn:
        for number in range(5):
            audit.record(conn, ada, "edit", dataset_id=cells.id, subject=f"n{number}", details={"x\x00": "\ud800"})
    with db.read() as conn:
        page = audit.list_page(conn, cells.id, page=2, limit=2)
    assert [item["subject"] for item in page.items] == ["n2", "n1"]
    assert page.total == 5 and page.items[0]["username"] == "ada" and page.items[0]["at"].tzinfo is not None


def test_a_change_without_its_audit_row_does_not_happen(db: Database, ada: User, cells: Dataset) -> None:
    label(db, cells.id, "RBC")
    [image] = add_images(db, ada, cells.id, [1])

    def refuse(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if "INSERT INTO audit_log" in statement:
            raise OSError("the disk is full")

    event.listen(db.engine, "before_cursor_execute", refuse)
    with pytest.raises(OSError), db.write() as conn:
        annotations.save(conn, ada, image.id, one_of_each(), 0)
    event.remove(db.engine, "before_cursor_execute", refuse)
    with db.read() as conn:
        current = annotations.load(conn, image.id)
        assert (current.revision, current.annotations, current.state) == (0, (), ImageState.UNLABELED)
        assert audit.list_page(conn, cells.id).total == 0
