"""An installation that is older than this code: its people and their work are still there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, text

from jupyter_roboflow.domain.errors import BackendUnavailable
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.storage import audit, datasets, users
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.migrations.run import _config
from jupyter_roboflow.storage.tables import SCHEMA, metadata, refresh_tokens


@pytest.fixture
def old(url: str) -> Iterator[Database]:
    """A database as 0.1 left it: the local owner with a dataset, and a person who is called like none of ours."""
    database = Database(url)
    with database._transaction("write") as conn:
        command.upgrade(_config(connection=conn), "0001")
        for name, role in (("local", "admin"), ("Eve", "annotator")):
            values = {"name": name, "key": name.lower(), "role": role, "at": "2026-01-01 00:00:00"}
            columns = "username, username_key, role, created_at"
            conn.execute(text(f"INSERT INTO users ({columns}) VALUES (:name, :key, :role, :at)"), values)
        made = "1, 'cells', 'cells', '{}', 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00'"
        columns = "owner_id, name, name_key, metadata, next_export_index, created_at, changed_at"
        conn.execute(text(f"INSERT INTO datasets ({columns}) VALUES ({made})"))
        audit.record(conn, User(1, "local", Role.ADMIN), "create_dataset", dataset_id=1, subject="cells")
        token = {"user_id": 1, "family": "f", "token_hash": "h", "created_at": datetime.now(UTC)}
        conn.execute(insert(refresh_tokens).values({**token, "expires_at": datetime.now(UTC)}))
    yield database
    database.close()


def test_from_0001_everything_is_kept(old: Database) -> None:
    old.migrate()
    with old.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
        local, eve = users.account_of_identity(conn, "local"), users.credentials(conn, "eve")
        assert local is not None and eve is not None
        assert (local.user, local.token_version, local.disabled) == (User(1, "local", Role.ADMIN), 0, False)
        assert (eve.account.user.username, eve.account.identity, eve.password_hash) == ("Eve", None, None)
        assert datasets.get(conn, 1, local.user).name == "cells" and audit.list_page(conn, 1).total == 1
        assert conn.execute(refresh_tokens.select()).one().revoked_at is None
    with old.write() as conn:
        assert users.ensure_local(conn) == local.user
        assert users.create(conn, "new", Role.VIEWER, identity="hub:new").id == 3
    assert old.schema_revision() == SCHEMA


def test_an_older_schema_is_not_written_before_it_is_brought_up_to_date(old: Database) -> None:
    with pytest.raises(BackendUnavailable, match="db upgrade"), old.write():
        pass
    with pytest.raises(BackendUnavailable) as caught:
        old.require_current_schema()
    assert caught.value.code == "schema_older" and old.schema_revision() == "0001"


def test_an_upgrade_that_fails_leaves_the_old_schema(old: Database) -> None:
    with old._transaction("write") as conn:
        conn.execute(text("CREATE TABLE idempotency_keys (id INTEGER)"))
    with pytest.raises(Exception, match="idempotency_keys"):
        old.migrate()
    assert old.schema_revision() == "0001"
    with old._transaction("write") as conn:
        conn.execute(text("DROP TABLE idempotency_keys"))
    old.migrate()
    with old.read() as conn:
        assert users.count(conn) == 2
