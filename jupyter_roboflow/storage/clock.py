"""The database's clock as a SQL expression: leases are measured with one clock, never with the workers' own."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

from .tables import UtcDateTime


class DatabaseTime(ColumnElement[Any]):
    """The time at which the database runs the statement, in UTC, `seconds` later."""

    inherit_cache = True
    _traverse_internals: ClassVar[Any] = [("milliseconds", InternalTraversal.dp_plain_obj)]
    """What tells two of them apart: statements are compiled once for each shift."""
    type = UtcDateTime()

    def __init__(self, seconds: float = 0.0) -> None:
        self.milliseconds = round(1000 * seconds)


@compiles(DatabaseTime, "sqlite")
def _sqlite(element: DatabaseTime, compiler: Any, **_: Any) -> str:
    # SQLAlchemy keeps microseconds as six digits of text, SQLite gives three
    shift = f", '{element.milliseconds / 1000:+.3f} seconds'" if element.milliseconds else ""
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now'{shift}) || '000')"


@compiles(DatabaseTime, "postgresql")
def _postgresql(element: DatabaseTime, compiler: Any, **_: Any) -> str:
    # clock_timestamp() moves on within a transaction, now() does not
    return f"(clock_timestamp() + {element.milliseconds} * interval '1 millisecond')"


@compiles(DatabaseTime, "mssql")
def _mssql(element: DatabaseTime, compiler: Any, **_: Any) -> str:
    return f"DATEADD(millisecond, {element.milliseconds}, SYSUTCDATETIME())"
