"""What all tables are made of, on SQLite, PostgreSQL and SQL Server alike. Vendor types are named here only.

JSON is kept as text. `…_key` columns hold a name as it is compared (see `name_key`), and text compares and sorts by
code point, so that case, accents and trailing spaces mean the same on every database.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    TypeDecorator,
    Unicode,
    UnicodeText,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects.mssql import DATETIME2, NVARCHAR

from ...domain.dataset import NAME_LIMIT

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SCHEMA = "0005"
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


def id_column() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def text(column: str, length: int = 255, **more: Any) -> Column[str]:
    by_code_point: Any = (
        Unicode(length)
        .with_variant(Unicode(length, collation="C"), "postgresql")
        .with_variant(NVARCHAR(length, collation="Latin1_General_100_BIN2"), "mssql")
    )
    return Column(column, by_code_point, nullable=more.pop("nullable", False), **more)


def name(column: str) -> Column[str]:
    """A name of `NAME_LIMIT` characters: SQL Server counts UTF-16 units, two for a character beyond the first plane."""
    return text(column, 2 * NAME_LIMIT)


def key(column: str, **more: Any) -> Column[str]:
    """A `name_key`: case folding makes up to three characters of one."""
    return text(column, 3 * NAME_LIMIT, **more)


def json_text(column: str, *, nullable: bool = False, default: str | None = None) -> Column[str]:
    wide = UnicodeText().with_variant(NVARCHAR(None), "mssql")
    return Column(column, wide, nullable=nullable, server_default=default)


def real(column: str) -> Column[float]:
    double: Double[float] = Double()
    return Column(column, double, nullable=False)


def time(column: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(column, UtcDateTime, nullable=nullable)


def ref(column: str, target: str, *, nullable: bool = False, cascade: bool = False) -> Column[int]:
    return Column(column, ForeignKey(target, ondelete="CASCADE" if cascade else None), nullable=nullable)


NEVER_REUSE: dict[str, Any] = {"sqlite_autoincrement": True}
"""Numbers of rows that are gone are not given out again."""
