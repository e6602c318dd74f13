"""Long work, and the files that come of it."""

from __future__ import annotations

from sqlalchemy import CHAR, BigInteger, Boolean, Column, Index, Integer, Table

from ...domain.dataset import NAME_LIMIT
from .schema import NEVER_REUSE, id_column, json_text, metadata, real, ref, text, time

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    text("kind", 40),
    ref("dataset_id", "datasets.id", nullable=True, cascade=True),
    ref("user_id", "users.id"),
    json_text("params"),
    text("state", 20),
    real("progress"),
    text("message", 500),
    json_text("result", nullable=True),
    json_text("error", nullable=True),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    text("lease_owner", 200, nullable=True),
    time("lease_until", nullable=True),
    Column("cancel_requested", Boolean, nullable=False),
    time("created_at"),
    time("started_at", nullable=True),
    time("finished_at", nullable=True),
    Column("parent_id", Integer, nullable=True),  # no reference: SQL Server cascades on one path only
    Index(None, "state", "id"),
    Index(None, "dataset_id"),
    Index(None, "parent_id", "state"),
    **NEVER_REUSE,
)

exports = Table(
    "exports",
    metadata,
    id_column(),
    ref("dataset_id", "datasets.id", cascade=True),
    ref("version_id", "versions.id", nullable=True),
    ref("job_id", "jobs.id", nullable=True),
    text("format", 40),
    json_text("options"),
    text("filename", 3 * NAME_LIMIT),
    text("path", 255),
    Column("size", BigInteger, nullable=False),
    Column("sha256", CHAR(64), nullable=False),
    json_text("losses"),
    json_text("counts"),
    text("status", 20),
    ref("created_by", "users.id"),
    time("created_at"),
    Index(None, "dataset_id"),
    **NEVER_REUSE,
)
