"""What was done, and files of the store that nothing refers to."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Unicode

from ...domain.dataset import NAME_LIMIT
from .schema import NEVER_REUSE, json_text, metadata, name, text, time

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    time("at"),
    Column("user_id", Integer, nullable=False),
    name("username"),
    text("action", 40),
    Column("dataset_id", Integer, nullable=True),
    Column("image_id", Integer, nullable=True),
    text("subject", 2 * NAME_LIMIT),
    json_text("details"),
    Index(None, "dataset_id", "id"),
    **NEVER_REUSE,
)

orphans = Table(
    "orphans",
    metadata,
    Column("key", Unicode(255), primary_key=True),
    time("first_seen"),
)
