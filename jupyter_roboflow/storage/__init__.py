"""What is kept: tables and rows by SQLAlchemy, pictures by the object store. Nobody else knows either."""
