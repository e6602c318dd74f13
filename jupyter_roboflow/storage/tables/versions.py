"""Frozen datasets and their images."""

from __future__ import annotations

from sqlalchemy import CHAR, BigInteger, Column, Integer, PrimaryKeyConstraint, Table, UniqueConstraint

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
    PrimaryKeyConstraint("version_id", "position"),
)
