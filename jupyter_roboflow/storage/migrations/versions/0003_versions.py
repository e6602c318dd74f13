"""Versions: what a frozen dataset is made of and came from, and jobs that are parts of other jobs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mssql import NVARCHAR

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for change in (_datasets, _jobs, _versions, _version_images):
        change()


def text(length: int) -> sa.Unicode:
    """Text that compares and sorts by code point."""
    return (
        sa.Unicode(length)
        .with_variant(sa.Unicode(length, collation="C"), "postgresql")
        .with_variant(NVARCHAR(length, collation="Latin1_General_100_BIN2"), "mssql")
    )


def json_text() -> sa.UnicodeText:
    return sa.UnicodeText().with_variant(NVARCHAR(None), "mssql")


def _add(table: str, name: str, kind: Any, default: str | None = None) -> None:
    """A column that older rows have empty, or with the default."""
    op.add_column(table, sa.Column(name, kind, server_default=default, nullable=default is None))


def _datasets() -> None:
    _add("datasets", "next_version", sa.Integer(), "1")


def _jobs() -> None:
    _add("jobs", "parent_id", sa.Integer())
    op.create_index(op.f("ix_jobs_parent_id_state"), "jobs", ["parent_id", "state"], unique=False)


def _versions() -> None:
    _add("versions", "name", text(510))
    _add("versions", "note", json_text())
    for name in ("options", "libraries", "counts"):
        _add("versions", name, json_text(), "{}")
    for name in ("labels", "losses", "refused"):
        _add("versions", name, json_text(), "[]")
    _add("versions", "sources_path", text(255))
    _add("versions", "sources_size", sa.BigInteger())
    _add("versions", "sources_sha256", sa.CHAR(length=64))
    _add("versions", "job_id", sa.Integer())


def _version_images() -> None:
    _add("version_images", "media_type", text(40), "image/jpeg")
    _add("version_images", "annotation_count", sa.Integer(), "0")
    _add("version_images", "source_image_id", sa.Integer())
    _add("version_images", "source_path", text(255))
    _add("version_images", "copy", sa.Integer(), "0")
    for name in ("path", "source_path"):
        op.create_index(op.f(f"ix_version_images_{name}"), "version_images", [name], unique=False)
