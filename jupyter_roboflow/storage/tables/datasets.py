"""What people edit: datasets, who may, labels, images and what is drawn on them."""

from __future__ import annotations

from sqlalchemy import CHAR, BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext

from .schema import NEVER_REUSE, id_column, json_text, key, metadata, name, name_key, real, ref, text, time


def _filename_key(context: DefaultExecutionContext) -> str:
    return name_key(str(context.get_current_parameters()["filename"]))


datasets = Table(
    "datasets",
    metadata,
    id_column(),
    name("name"),
    key("name_key"),
    ref("owner_id", "users.id"),
    json_text("metadata"),
    Column("next_export_index", Integer, nullable=False),
    Column("next_version", Integer, nullable=False, server_default="1"),
    time("created_at"),
    time("changed_at"),
    time("deleted_at", nullable=True),
    UniqueConstraint("owner_id", "name_key"),
    **NEVER_REUSE,
)

collaborators = Table(
    "collaborators",
    metadata,
    ref("dataset_id", "datasets.id", cascade=True),
    ref("user_id", "users.id"),
    text("role", 20),
    PrimaryKeyConstraint("dataset_id", "user_id"),
)

labels = Table(
    "labels",
    metadata,
    id_column(),
    ref("dataset_id", "datasets.id", cascade=True),
    name("name"),
    key("name_key"),
    text("color", 7),
    Column("position", Integer, nullable=False),
    Column("export_index", Integer, nullable=False),
    UniqueConstraint("dataset_id", "name_key"),
    UniqueConstraint("dataset_id", "export_index"),
    **NEVER_REUSE,
)

images = Table(
    "images",
    metadata,
    id_column(),
    ref("dataset_id", "datasets.id", cascade=True),
    name("filename"),
    key("filename_key", default=_filename_key),
    text("path", 255),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("sha256", CHAR(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("crc32", BigInteger, nullable=False),
    text("media_type", 40),
    Column("dhash", CHAR(16), nullable=False),
    text("state", 20),
    text("split", 10, nullable=True),
    Column("revision", Integer, nullable=False),
    Column("annotation_count", Integer, nullable=False),
    ref("uploaded_by", "users.id"),
    time("uploaded_at"),
    json_text("metadata"),
    UniqueConstraint("dataset_id", "sha256"),
    Index(None, "dataset_id", "id"),
    Index(None, "dataset_id", "filename", "id"),
    Index(None, "dataset_id", "uploaded_at", "id"),
    Index(None, "dataset_id", "annotation_count", "id"),
    Index(None, "dataset_id", "state"),
    Index(None, "dataset_id", "split"),
    Index(None, "sha256"),
    **NEVER_REUSE,
)

image_tags = Table(
    "image_tags",
    metadata,
    ref("image_id", "images.id", cascade=True),
    name("tag"),
    PrimaryKeyConstraint("image_id", "tag", mssql_clustered=False),  # a clustered key holds 900 bytes, a long tag more
    Index(None, "tag"),
)

annotations = Table(
    "annotations",
    metadata,
    Column("id", CHAR(32), primary_key=True),
    ref("image_id", "images.id", cascade=True),
    ref("label_id", "labels.id"),
    text("shape_type", 20),
    json_text("geometry"),
    json_text("attributes"),
    Column("position", Integer, nullable=False),
    real("x0"),
    real("y0"),
    real("x1"),
    real("y1"),
    real("area"),
    ref("created_by", "users.id"),
    time("created_at"),
    time("updated_at"),
    Index(None, "image_id", "position"),
    Index(None, "label_id"),
)
