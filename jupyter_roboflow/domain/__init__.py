"""The words of the product as types: shapes, annotations, datasets, users, jobs, errors. Pure: no files, no database."""
