"""Bringing a schema up to date, once however many processes start together, and never down."""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ...domain.errors import BackendUnavailable

_LOCKS = {
    "postgresql": "SELECT pg_advisory_xact_lock(7264553301)",
    "mssql": "EXEC sp_getapplock @Resource = 'jupyter_roboflow_schema', @LockMode = 'Exclusive', "
    "@LockOwner = 'Transaction'",
}
"""Held until the transaction ends; on SQLite the write transaction itself is the lock."""


def current_revision(conn: Connection) -> str | None:
    """The migration a database is at; None for an empty one."""
    return MigrationContext.configure(conn).get_current_revision()


@functools.cache
def newest_revision() -> str:
    """The migration that this code was written for."""
    head = _script().get_current_head()
    assert head is not None
    return head


def check_known(revision: str | None, title: str) -> None:
    """Raise `BackendUnavailable` (`schema_newer`) for a revision that this code does not know."""
    if revision is not None and revision not in _known():
        raise BackendUnavailable(
            f"The database {title} was made by a newer jupyter-roboflow (schema {revision}; this one knows "
            f"{newest_revision()}): upgrade this installation. Nothing was changed.",
            code="schema_newer",
        )


def upgrade(conn: Connection, title: str) -> None:
    """Apply what is missing, in the transaction of `conn`. A newer schema is refused (`schema_newer`)."""
    if lock := _LOCKS.get(conn.dialect.name):
        conn.exec_driver_sql(lock)
    revision = current_revision(conn)
    check_known(revision, title)
    if revision != newest_revision():
        command.upgrade(_config(connection=conn), "head")


def sql_script(dialect: str) -> str:
    """The whole schema as SQL for an administrator to read or run, by name of a SQLAlchemy dialect."""
    written = io.StringIO()
    command.upgrade(_config(written, dialect=dialect), "head", sql=True)
    return written.getvalue()


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in _script().walk_revisions())


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(output: io.StringIO | None = None, **attributes: Any) -> Config:
    config = Config(output_buffer=output) if output else Config()
    # a percent sign in a path would be read as the start of a substitution
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes.update(attributes)
    return config
