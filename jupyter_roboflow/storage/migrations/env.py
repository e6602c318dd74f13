"""What Alembic runs for each command: our tables on the connection it was given, or as a script of SQL (`--sql`)."""

from __future__ import annotations

from alembic import context

from jupyter_roboflow.storage.tables import metadata

if context.is_offline_mode():
    context.configure(dialect_name=context.config.attributes["dialect"], target_metadata=metadata)
else:
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
