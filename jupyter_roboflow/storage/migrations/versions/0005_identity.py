"""Since when another system knows somebody under their name: a later time is another person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jupyter_roboflow.storage.tables import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("users", sa.Column("identity_since", UtcDateTime(), nullable=True))
    op.add_column("users", sa.Column("unconfirmed_since", UtcDateTime(), nullable=True))
