"""From settings to a Backend, and the other things that an installation as a whole can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.errors import Invalid
from ..settings import Settings
from ..storage import users
from ..storage.database import Database
from ..storage.files import open_store
from .installation import Installation
from .local import LocalBackend

if TYPE_CHECKING:
    from ..storage.check import Report


def open_backend(settings: Settings) -> LocalBackend:
    """The backend of the person at this computer, made on first use: whoever may read the files is the owner."""
    here = open_installation(settings)
    try:
        with here.database.write() as conn:
            user = users.ensure_local(conn)
    except BaseException:
        here.close()
        raise
    return LocalBackend(here, user)


def open_installation(settings: Settings) -> Installation:
    """The installation with its database ready.

    An SQLite file is brought up to date; a server has to be (`jupyter roboflow db upgrade`), so that one machine's
    update never changes the schema under the others.
    """
    here = Installation(settings)
    try:
        if here.database.is_sqlite or here.database.schema_revision() is None:
            here.database.migrate()
        else:
            here.database.require_current_schema()
    except BaseException:
        here.close()
        raise
    return here


def run_worker(settings: Settings, *, burst: bool = False) -> None:
    """Run jobs from the Redis queue until stopped; with `burst` until the queue is empty."""
    if settings.queue != "rq":
        raise Invalid("A worker takes its jobs from Redis: set ROBOFLOW_REDIS_URL.", code="bad_setting")
    from ..jobs.rq_queue import work

    work(settings, burst=burst)


def database_status(settings: Settings, *, upgrade: bool) -> dict[str, object]:
    """Where the schema stands; with `upgrade` it is brought up to date first."""
    database = Database(settings.database_url)
    try:
        before = database.schema_revision()
        if upgrade:
            database.migrate()
        after = database.schema_revision()
        return {"database": database.title, "revision": after or "none", "upgraded": before != after}
    finally:
        database.close()


def check_installation(settings: Settings, *, deep: bool) -> Report:
    """The database compared with the store, changing neither."""
    from ..storage.check import check

    database = Database(settings.database_url)
    try:
        if database.schema_revision() is None:
            raise Invalid("There is no database yet to check: import something first.", code="no_database")
        return check(database, open_store(settings), deep=deep)
    finally:
        database.close()


def delete_orphans(settings: Settings) -> int:
    """Delete stored files that nothing refers to, once they were found so twice, a day apart; how many."""
    from ..storage.deletion import finish_deletions
    from ..storage.orphans import collect_orphans

    database = Database(settings.database_url)
    try:
        database.require_current_schema()
        finish_deletions(database)
        return collect_orphans(database, open_store(settings))
    finally:
        database.close()
