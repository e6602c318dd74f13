"""People: users, their sessions and tokens, and requests that are answered once."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table, Unicode, false

from ...domain.dataset import NAME_LIMIT
from .schema import NEVER_REUSE, id_column, json_text, key, metadata, name, ref, text, time

users = Table(
    "users",
    metadata,
    id_column(),
    name("username"),
    key("username_key", unique=True),
    Column("password_hash", Unicode(255), nullable=True),
    text("role", 20),
    time("created_at"),
    Column("token_version", Integer, nullable=False, server_default="0"),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    text("identity", 2 * NAME_LIMIT + 10, nullable=True),
    time("identity_since", nullable=True),
    time("unconfirmed_since", nullable=True),
    **NEVER_REUSE,
)
# not a constraint: SQL Server would allow one person without an identity
Index(None, users.c.identity, unique=True, mssql_where=users.c.identity.is_not(None))

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    id_column(),
    ref("user_id", "users.id", cascade=True),
    text("family", 64),
    text("token_hash", 64, unique=True),
    time("created_at"),
    time("expires_at"),
    time("used_at", nullable=True),
    time("revoked_at", nullable=True),
    Index(None, "user_id"),
    Index(None, "family"),
    **NEVER_REUSE,
)

personal_access_tokens = Table(
    "personal_access_tokens",
    metadata,
    id_column(),
    ref("user_id", "users.id", cascade=True),
    name("name"),
    text("token_hash", 64, unique=True),
    text("prefix", 16),
    text("scope", 10),
    time("created_at"),
    time("expires_at", nullable=True),
    time("last_used_at", nullable=True),
    time("revoked_at", nullable=True),
    Index(None, "user_id"),
    **NEVER_REUSE,
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    ref("user_id", "users.id", cascade=True),
    text("key"),
    text("request_hash", 64),
    Column("attempt", Integer, nullable=False),
    Column("status", Integer, nullable=True),
    json_text("response", nullable=True),
    time("created_at"),
    PrimaryKeyConstraint("user_id", "key"),
    Index(None, "created_at"),
)
