"""Frozen datasets and their images. A row is entered when its version is whole, and never changed."""

from __future__ import annotations

from sqlalchemy import CHAR, BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, UniqueConstraint

from ...domain.dataset import NAME_LIMIT
from .schema import NEVER_REUSE, id_column, json_text, metadata, name, ref, text, time

versions = Table(
    "versions",
    metadata,
    id_column(),
    ref("dataset_id", "datasets.id", cascade=True),
    Column("number", Integer, nullable=False),
    json_text("recipe"),
    Column("seed", BigInteger, nullable=False),
    Column("content_hash", CHAR(64), nullable=True),
    text("state", 20),
    ref("created_by", "users.id"),
    time("created_at"),
    text("name", 2 * NAME_LIMIT, nullable=True),
    json_text("note", nullable=True),
    json_text("options", default="{}"),
    json_text("labels", default="[]"),
    json_text("libraries", default="{}"),
    json_text("counts", default="{}"),
    json_text("losses", default="[]"),
    json_text("refused", default="[]"),
    text("sources_path", 255, nullable=True),
    Column("sources_size", BigInteger, nullable=True),
    Column("sources_sha256", CHAR(64), nullable=True),
    Column("job_id", Integer, nullable=True),  # no reference: a job may be cleared away, a version stays
    UniqueConstraint("dataset_id", "number"),
    **NEVER_REUSE,
)

version_images = Table(
    "version_images",
    metadata,
    ref("version_id", "versions.id", cascade=True),
    Column("position", Integer, nullable=False),
    name("filename"),
    text("path", 255),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("sha256", CHAR(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("crc32", BigInteger, nullable=False),
    text("split", 10, nullable=True),
    json_text("annotations"),
    text("media_type", 40, server_default="image/jpeg"),
    Column("annotation_count", Integer, nullable=False, server_default="0"),
    Column("source_image_id", Integer, nullable=True),  # no reference: the image may go, the version stays
    text("source_path", 255, nullable=True),
    Column("copy", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("version_id", "position"),
    Index(None, "path"),
    Index(None, "source_path"),
)
