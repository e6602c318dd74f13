"""Files of the store that no row refers to: found twice, a day apart, they are deleted."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from sqlalchemy import delete, insert, select

from .database import Connection, Database
from .files import BLOBS, EXPORTS, IMPORTS, STAGED, THUMBNAILS, VERSIONS, ImageStore, blob_key
from .images import chunks
from .jobs import alive, waiting_imports
from .tables import exports, images, version_images, versions
from .tables import orphans as table

AGE = timedelta(hours=24)
"""A file is deleted when it was found without a row so long ago, and was put there before that."""


def collect_orphans(db: Database, store: ImageStore, age: timedelta = AGE) -> int:
    """Delete files that have been without a row for `age`; how many. What is uploaded again meanwhile stays.

    Safe beside uploads: an upload puts its file anew and so makes it young, whether or not it was there, and a file
    is looked at once more, in a write transaction, when it is deleted.
    """
    store.place.recover()
    before = time.time() - age.total_seconds()
    due = _note(db, set(_unreferenced(db, store)), age)
    gone = 0
    for batch in chunks(due):
        with db.write() as conn:
            for key in set(batch) - _referenced(conn, batch):
                gone += store.place.delete_older(key, before)
            conn.execute(delete(table).where(table.c.key.in_(batch)))
    for left in store.place.unfinished():
        if left.modified <= before:
            gone += store.place.delete_older(left.key, before)
    return gone


def _unreferenced(db: Database, store: ImageStore) -> Iterator[str]:
    for prefix in (BLOBS, THUMBNAILS, EXPORTS, IMPORTS, VERSIONS, STAGED):
        keys = [stored.key for stored in store.list(prefix)]
        for chunk in chunks(keys):
            with db.read() as conn:
                yield from set(chunk) - _referenced(conn, chunk)


def _referenced(conn: Connection, keys: Sequence[str]) -> set[str]:
    """Those of the keys that a row refers to; a thumbnail is needed as long as its picture."""
    needs = {key: blob_key(PurePosixPath(key).stem) if key.startswith(THUMBNAILS) else key for key in keys}
    wanted = sorted(set(needs.values()))
    found: set[str] = set()
    for path in _PATHS:
        found.update(conn.execute(select(path).where(path.in_(wanted)).distinct()).scalars())
    if any(key.startswith(IMPORTS) for key in keys):
        found |= waiting_imports(conn)
    found |= _in_hand(conn, keys)
    return {key for key, needed in needs.items() if needed in found}


_PATHS = (images.c.path, version_images.c.path, version_images.c.source_path, exports.c.path, versions.c.sources_path)
"""Everything that refers to a file. A version also needs the pictures that it was made from."""


def _in_hand(conn: Connection, keys: Sequence[str]) -> set[str]:
    """Those of the keys that jobs which are not over made, for themselves and their parts."""
    jobs = {key: int(found[1]) for key in keys if (found := _OF_JOB.match(key))}
    living = alive(conn, sorted(set(jobs.values()))) if jobs else set[int]()
    return {key for key, job in jobs.items() if job in living}


_OF_JOB = re.compile(rf"(?:{STAGED}|{VERSIONS})(\d+)[-/]")


def _note(db: Database, found: set[str], age: timedelta) -> list[str]:
    """Remember which files are without a row; those that were so `age` ago already."""
    now = datetime.now(UTC)
    with db.write() as conn:
        known = {row.key: row.first_seen for row in conn.execute(select(table))}
        for chunk in chunks(sorted(set(known) - found)):
            conn.execute(delete(table).where(table.c.key.in_(chunk)))
        if new := sorted(found - set(known)):
            conn.execute(insert(table), [{"key": key, "first_seen": now} for key in new])
    return sorted(key for key, first_seen in known.items() if key in found and first_seen <= now - age)
