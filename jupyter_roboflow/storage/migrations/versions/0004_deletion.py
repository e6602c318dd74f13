"""Datasets that are deleted for everybody while their rows still go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jupyter_roboflow.storage.tables import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("datasets", sa.Column("deleted_at", UtcDateTime(), nullable=True))
