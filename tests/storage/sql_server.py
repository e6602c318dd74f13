"""SQL Server without a server: whatever is executed is also put into its words, which fails where it has none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ClauseElement, event
from sqlalchemy.dialects.mssql.pyodbc import dialect

from jupyter_roboflow.storage.database import Database

PARAMETERS_LIMIT = 2_100
"""Most parameters of one statement."""

_said: set[str] = set()
_dialect = dialect()
_dialect._supports_offset_fetch = True  # every server since 2012, which the dialect would ask one


def watch(db: Database) -> None:
    """From now on every statement of this database is compiled for SQL Server as well."""
    event.listen(db.engine, "before_execute", _compile)


def said() -> frozenset[str]:
    """Everything that was compiled so far."""
    return frozenset(_said)


def _compile(_conn: Any, statement: Any, rows: Any, parameters: Any, _options: Any) -> None:
    if not isinstance(statement, ClauseElement):
        return
    names = list(parameters or (rows[0] if rows else ())) or None
    compiled = statement.compile(dialect=_dialect, column_keys=names, compile_kwargs={"render_postcompile": True})
    assert len(compiled.params or {}) <= PARAMETERS_LIMIT, f"too many parameters: {str(compiled)[:300]}"
    for word in (" LIMIT ", "SKIP LOCKED", "ILIKE", " RETURNING ", "ON CONFLICT"):
        assert word not in str(compiled), str(compiled)
    _said.add(str(compiled))
