"""The schema's history as Alembic migrations, and how they are applied."""
