"""The words of the product as types: shapes, annotations, datasets, users, jobs, errors. No files, no database."""
