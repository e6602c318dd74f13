"""The database itself: its schema, its transactions, and what people are told when it cannot be had."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from jupyter_roboflow.domain.errors import BackendUnavailable, Conflict, Invalid
from jupyter_roboflow.domain.user import Role
from jupyter_roboflow.storage import users
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.migrations.run import newest_revision, sql_script
from jupyter_roboflow.storage.tables import SCHEMA, metadata
from tests.storage.processes import run_at_once


def test_the_migrations_make_exactly_the_tables(db: Database) -> None:
    with db.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
    assert db.schema_revision() == newest_revision() == SCHEMA


def test_migrating_again_changes_nothing(db: Database) -> None:
    with db.write() as conn:
        users.create(conn, "ada", Role.ADMIN)
    db.migrate()
    with db.read() as conn:
        assert users.count(conn) == 1


def test_processes_that_start_together_migrate_once(url: str) -> None:
    told = run_at_once(4, "migrate", url)
    assert told == [SCHEMA] * 4


def test_an_empty_database_has_no_revision_and_looking_makes_no_file(url: str, tmp_path: Path) -> None:
    database = Database(url)
    assert database.schema_revision() is None
    assert not (tmp_path / "home").exists()
    database.close()


def test_a_database_without_tables_says_how_to_make_them(url: str) -> None:
    database = Database(url)
    with pytest.raises(BackendUnavailable, match="db upgrade") as caught, database.write():
        pass
    assert caught.value.code == "schema_outdated"
    database.close()


def test_a_newer_schema_is_never_written(db: Database) -> None:
    with db.write() as conn:
        users.create(conn, "ada", Role.ADMIN)
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (db.migrate, lambda: db.write().__enter__()):
        with pytest.raises(BackendUnavailable, match="newer jupyter-roboflow") as caught:
            attempt()
        assert caught.value.code == "schema_newer"
    assert db.schema_revision() == "9999"
    with db.read() as conn:
        assert users.count(conn) == 1


def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    with pytest.raises(RuntimeError), db.write() as conn:
        users.create(conn, "ada", Role.ADMIN)
        raise RuntimeError
    with db.read() as conn:
        assert users.count(conn) == 0


def test_what_two_people_do_at_the_same_moment_is_a_conflict(db: Database) -> None:
    columns = "username, username_key, role, created_at"
    row = f"INSERT INTO users ({columns}) VALUES ('a', 'a', 'viewer', '2026-01-01 00:00:00')"
    with pytest.raises(Conflict), db.write() as conn:
        conn.execute(text(row))
        conn.execute(text(row))


def test_a_snapshot_sees_one_state(db: Database) -> None:
    with db.snapshot() as before:
        assert users.count(before) == 0
        with db.write() as conn:
            users.create(conn, "ada", Role.ADMIN)
        assert users.count(before) == 0
    with db.snapshot() as after:
        assert users.count(after) == 1


def test_threads_share_a_database(db: Database) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for i in range(10):
                with db.write() as conn:
                    users.create(conn, f"user {number} {i}", Role.VIEWER)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with db.read() as conn:
        assert users.count(conn) == 40


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_gets_connections_of_its_own(db: Database) -> None:
    with db.read() as conn:
        assert users.count(conn) == 0
    child = os.fork()
    if child == 0:  # pragma: no cover -- another process
        status = 1
        try:
            with db.write() as conn:
                users.create(conn, "child", Role.VIEWER)
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with db.write() as conn:
        users.create(conn, "parent", Role.VIEWER)
        assert [user.username for user in users.list_users(conn)] == ["child", "parent"]


def test_sqlite_is_set_up_for_safety(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{(tmp_path / 'x.db').as_posix()}")
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with database.read() as conn:
        assert {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected} == expected
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_data_folder_is_private(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{(tmp_path / 'share' / 'home' / 'x.db').as_posix()}")
    database.migrate()
    database.close()
    assert stat.S_IMODE((tmp_path / "share" / "home").stat().st_mode) == 0o700


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x", "sqlite+nodriver:///x.db"])
def test_a_wrong_address_is_named(url: str) -> None:
    with pytest.raises(Invalid, match=r"ROBOFLOW_DATABASE_URL") as caught:
        Database(url).migrate()
    assert caught.value.code == "bad_setting"


def test_a_server_that_is_away_is_unavailable_and_the_password_stays_secret(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://me:s3cret@/x?host={tmp_path}")
    with pytest.raises(BackendUnavailable, match="check that it runs") as caught, database.read():
        pass
    assert caught.value.code == "database_unavailable" and "s3cret" not in str(caught.value)


def test_the_schema_can_be_written_for_sql_server() -> None:
    script = sql_script("mssql")
    assert script.count("CREATE TABLE") == len(metadata.tables) + 1
    for word in ("NVARCHAR(max)", "DATETIME2(6)", "IDENTITY", "PRIMARY KEY NONCLUSTERED", "BIN2"):
        assert word in script
    assert "NTEXT" not in script and "DATETIMEOFFSET" not in script
