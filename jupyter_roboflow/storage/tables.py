"""The tables, for SQLite, PostgreSQL and SQL Server alike. Vendor types are named here and nowhere else.

JSON is kept as text. `…_key` columns hold a name as it is compared (see `name_key`), and text compares and sorts by
code point, so that case, accents and trailing spaces mean the same on every database.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    TypeDecorator,
    Unicode,
    UnicodeText,
    UniqueConstraint,
    false,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects.mssql import DATETIME2, NVARCHAR
from sqlalchemy.engine.default import DefaultExecutionContext

from ..domain.dataset import NAME_LIMIT

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SCHEMA = "0002"
"""The newest migration, which makes these tables."""

metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times in Python, plain UTC times with microseconds in the database."""

    impl = SqlDateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DATETIME2(6) if dialect.name == "mssql" else SqlDateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


_NEVER_STORED = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Text that any database takes: to look for it never fails, and finds only what can be there."""
    return _NEVER_STORED.sub("\ufffd", text)


def name_key(name: str) -> str:
    """A name as it is compared: composed, trimmed, without case. Longer than any stored one when nothing can match."""
    composed = unicodedata.normalize("NFC", storable(name)).strip()
    return unicodedata.normalize("NFC", composed.casefold())[: 3 * NAME_LIMIT + 1]


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _text(name: str, length: int = 255, **more: Any) -> Column[str]:
    by_code_point: Any = (
        Unicode(length)
        .with_variant(Unicode(length, collation="C"), "postgresql")
        .with_variant(NVARCHAR(length, collation="Latin1_General_100_BIN2"), "mssql")
    )
    return Column(name, by_code_point, nullable=more.pop("nullable", False), **more)


def _name(name: str) -> Column[str]:
    """A name of `NAME_LIMIT` characters: SQL Server counts UTF-16 units, two for a character beyond the first plane."""
    return _text(name, 2 * NAME_LIMIT)


def _key(name: str, **more: Any) -> Column[str]:
    """A `name_key`: case folding makes up to three characters of one."""
    return _text(name, 3 * NAME_LIMIT, **more)


def _json(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, UnicodeText().with_variant(NVARCHAR(None), "mssql"), nullable=nullable)


def _real(name: str) -> Column[float]:
    double: Double[float] = Double()
    return Column(name, double, nullable=False)


def _time(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=nullable)


def _ref(name: str, target: str, *, nullable: bool = False, cascade: bool = False) -> Column[int]:
    return Column(name, ForeignKey(target, ondelete="CASCADE" if cascade else None), nullable=nullable)


def _filename_key(context: DefaultExecutionContext) -> str:
    return name_key(str(context.get_current_parameters()["filename"]))


_NEVER_REUSE: dict[str, Any] = {"sqlite_autoincrement": True}

users = Table(
    "users",
    metadata,
    _id(),
    _name("username"),
    _key("username_key", unique=True),
    Column("password_hash", Unicode(255), nullable=True),
    _text("role", 20),
    _time("created_at"),
    Column("token_version", Integer, nullable=False, server_default="0"),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    _text("identity", 2 * NAME_LIMIT + 10, nullable=True),
    **_NEVER_REUSE,
)
# not a constraint: SQL Server would allow one person without an identity
Index(None, users.c.identity, unique=True, mssql_where=users.c.identity.is_not(None))

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    _id(),
    _ref("user_id", "users.id", cascade=True),
    _text("family", 64),
    _text("token_hash", 64, unique=True),
    _time("created_at"),
    _time("expires_at"),
    _time("used_at", nullable=True),
    _time("revoked_at", nullable=True),
    Index(None, "user_id"),
    Index(None, "family"),
    **_NEVER_REUSE,
)

personal_access_tokens = Table(
    "personal_access_tokens",
    metadata,
    _id(),
    _ref("user_id", "users.id", cascade=True),
    _name("name"),
    _text("token_hash", 64, unique=True),
    _text("prefix", 16),
    _text("scope", 10),
    _time("created_at"),
    _time("expires_at", nullable=True),
    _time("last_used_at", nullable=True),
    _time("revoked_at", nullable=True),
    Index(None, "user_id"),
    **_NEVER_REUSE,
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    _ref("user_id", "users.id", cascade=True),
    _text("key"),
    _text("request_hash", 64),
    Column("attempt", Integer, nullable=False),
    Column("status", Integer, nullable=True),
    _json("response", nullable=True),
    _time("created_at"),
    PrimaryKeyConstraint("user_id", "key"),
    Index(None, "created_at"),
)

datasets = Table(
    "datasets",
    metadata,
    _id(),
    _name("name"),
    _key("name_key"),
    _ref("owner_id", "users.id"),
    _json("metadata"),
    Column("next_export_index", Integer, nullable=False),
    _time("created_at"),
    _time("changed_at"),
    UniqueConstraint("owner_id", "name_key"),
    **_NEVER_REUSE,
)

collaborators = Table(
    "collaborators",
    metadata,
    _ref("dataset_id", "datasets.id", cascade=True),
    _ref("user_id", "users.id"),
    _text("role", 20),
    PrimaryKeyConstraint("dataset_id", "user_id"),
)

labels = Table(
    "labels",
    metadata,
    _id(),
    _ref("dataset_id", "datasets.id", cascade=True),
    _name("name"),
    _key("name_key"),
    _text("color", 7),
    Column("position", Integer, nullable=False),
    Column("export_index", Integer, nullable=False),
    UniqueConstraint("dataset_id", "name_key"),
    UniqueConstraint("dataset_id", "export_index"),
    **_NEVER_REUSE,
)

images = Table(
    "images",
    metadata,
    _id(),
    _ref("dataset_id", "datasets.id", cascade=True),
    _name("filename"),
    _key("filename_key", default=_filename_key),
    _text("path", 255),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("sha256", CHAR(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("crc32", BigInteger, nullable=False),
    _text("media_type", 40),
    Column("dhash", CHAR(16), nullable=False),
    _text("state", 20),
    _text("split", 10, nullable=True),
    Column("revision", Integer, nullable=False),
    Column("annotation_count", Integer, nullable=False),
    _ref("uploaded_by", "users.id"),
    _time("uploaded_at"),
    _json("metadata"),
    UniqueConstraint("dataset_id", "sha256"),
    Index(None, "dataset_id", "id"),
    Index(None, "dataset_id", "filename", "id"),
    Index(None, "dataset_id", "uploaded_at", "id"),
    Index(None, "dataset_id", "annotation_count", "id"),
    Index(None, "dataset_id", "state"),
    Index(None, "dataset_id", "split"),
    Index(None, "sha256"),
    **_NEVER_REUSE,
)

image_tags = Table(
    "image_tags",
    metadata,
    _ref("image_id", "images.id", cascade=True),
    _name("tag"),
    PrimaryKeyConstraint("image_id", "tag", mssql_clustered=False),  # a clustered key holds 900 bytes, a long tag more
    Index(None, "tag"),
)

annotations = Table(
    "annotations",
    metadata,
    Column("id", CHAR(32), primary_key=True),
    _ref("image_id", "images.id", cascade=True),
    _ref("label_id", "labels.id"),
    _text("shape_type", 20),
    _json("geometry"),
    _json("attributes"),
    Column("position", Integer, nullable=False),
    _real("x0"),
    _real("y0"),
    _real("x1"),
    _real("y1"),
    _real("area"),
    _ref("created_by", "users.id"),
    _time("created_at"),
    _time("updated_at"),
    Index(None, "image_id", "position"),
    Index(None, "label_id"),
)

versions = Table(
    "versions",
    metadata,
    _id(),
    _ref("dataset_id", "datasets.id", cascade=True),
    Column("number", Integer, nullable=False),
    _json("recipe"),
    Column("seed", BigInteger, nullable=False),
    Column("content_hash", CHAR(64), nullable=True),
    _text("state", 20),
    _ref("created_by", "users.id"),
    _time("created_at"),
    UniqueConstraint("dataset_id", "number"),
    **_NEVER_REUSE,
)

version_images = Table(
    "version_images",
    metadata,
    _ref("version_id", "versions.id", cascade=True),
    Column("position", Integer, nullable=False),
    _name("filename"),
    _text("path", 255),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("sha256", CHAR(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("crc32", BigInteger, nullable=False),
    _text("split", 10, nullable=True),
    _json("annotations"),
    PrimaryKeyConstraint("version_id", "position"),
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    _text("kind", 40),
    _ref("dataset_id", "datasets.id", nullable=True, cascade=True),
    _ref("user_id", "users.id"),
    _json("params"),
    _text("state", 20),
    _real("progress"),
    _text("message", 500),
    _json("result", nullable=True),
    _json("error", nullable=True),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    _text("lease_owner", 200, nullable=True),
    _time("lease_until", nullable=True),
    Column("cancel_requested", Boolean, nullable=False),
    _time("created_at"),
    _time("started_at", nullable=True),
    _time("finished_at", nullable=True),
    Index(None, "state", "id"),
    Index(None, "dataset_id"),
    **_NEVER_REUSE,
)

exports = Table(
    "exports",
    metadata,
    _id(),
    _ref("dataset_id", "datasets.id", cascade=True),
    _ref("version_id", "versions.id", nullable=True),
    _ref("job_id", "jobs.id", nullable=True),
    _text("format", 40),
    _json("options"),
    _text("filename", 3 * NAME_LIMIT),
    _text("path", 255),
    Column("size", BigInteger, nullable=False),
    Column("sha256", CHAR(64), nullable=False),
    _json("losses"),
    _json("counts"),
    _text("status", 20),
    _ref("created_by", "users.id"),
    _time("created_at"),
    Index(None, "dataset_id"),
    **_NEVER_REUSE,
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    _time("at"),
    Column("user_id", Integer, nullable=False),
    _name("username"),
    _text("action", 40),
    Column("dataset_id", Integer, nullable=True),
    Column("image_id", Integer, nullable=True),
    _text("subject", 2 * NAME_LIMIT),
    _json("details"),
    Index(None, "dataset_id", "id"),
    **_NEVER_REUSE,
)

orphans = Table(
    "orphans",
    metadata,
    Column("key", Unicode(255), primary_key=True),
    _time("first_seen"),
)
