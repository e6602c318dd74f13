"""Accounts: who somebody is elsewhere, tokens that can be taken back, and requests that are answered once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mssql import NVARCHAR

from jupyter_roboflow.storage.tables import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for change in (_users, _refresh_tokens, _personal_access_tokens, _idempotency_keys):
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


def _users() -> None:
    op.add_column("users", sa.Column("token_version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("users", sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("users", sa.Column("identity", text(520), nullable=True))
    users = sa.table(
        "users",
        sa.column("username_key", text(765)),
        sa.column("password_hash", sa.Unicode(255)),
        sa.column("identity", text(520)),
    )
    op.create_index(
        op.f("ix_users_identity"), "users", ["identity"], unique=True, mssql_where=sa.text("[identity] IS NOT NULL")
    )
    # until now a user of this name was always the owner of a single-user installation
    local = (users.c.username_key == "local") & users.c.password_hash.is_(None)
    op.execute(sa.update(users).where(local).values(identity="local"))


def _refresh_tokens() -> None:
    op.add_column("refresh_tokens", sa.Column("revoked_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_refresh_tokens_user_id"), "refresh_tokens", ["user_id"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_family"), "refresh_tokens", ["family"], unique=False)


def _personal_access_tokens() -> None:
    op.create_table(
        "personal_access_tokens",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", text(510), nullable=False),
        sa.Column("token_hash", text(64), nullable=False),
        sa.Column("prefix", text(16), nullable=False),
        sa.Column("scope", text(10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_personal_access_tokens_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_access_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_access_tokens_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_personal_access_tokens_user_id"), "personal_access_tokens", ["user_id"], unique=False)


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", text(255), nullable=False),
        sa.Column("request_hash", text(64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("response", json_text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_idempotency_keys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
