"""The first schema: users, datasets, images, annotations, versions, exports, jobs, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mssql import NVARCHAR

from jupyter_roboflow.storage.tables import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    for create in (
        _audit_log,
        _orphans,
        _users,
        _datasets,
        _refresh_tokens,
        _collaborators,
        _images,
        _jobs,
        _labels,
        _versions,
        _annotations,
        _exports,
        _image_tags,
        _version_images,
    ):
        create()


def text(length: int) -> sa.Unicode:
    """Text that compares and sorts by code point."""
    return (
        sa.Unicode(length)
        .with_variant(sa.Unicode(length, collation="C"), "postgresql")
        .with_variant(NVARCHAR(length, collation="Latin1_General_100_BIN2"), "mssql")
    )


def json_text() -> sa.UnicodeText:
    """Text of any length; SQL Server's own NTEXT is on its way out."""
    return sa.UnicodeText().with_variant(NVARCHAR(None), "mssql")


def real() -> sa.Double[float]:
    return sa.Double()


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("username", text(510), nullable=False),
        sa.Column("action", text(40), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=True),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.Column("subject", text(510), nullable=False),
        sa.Column("details", json_text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_log_dataset_id_id"), "audit_log", ["dataset_id", "id"], unique=False)


def _orphans() -> None:
    op.create_table(
        "orphans",
        sa.Column("key", sa.Unicode(length=255), nullable=False),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_orphans")),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("username", text(510), nullable=False),
        sa.Column("username_key", text(765), nullable=False),
        sa.Column("password_hash", sa.Unicode(length=255), nullable=True),
        sa.Column("role", text(20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
        sqlite_autoincrement=True,
    )


def _datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", text(510), nullable=False),
        sa.Column("name_key", text(765), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("metadata", json_text(), nullable=False),
        sa.Column("next_export_index", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_datasets_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datasets")),
        sa.UniqueConstraint("owner_id", "name_key", name=op.f("uq_datasets_owner_id_name_key")),
        sqlite_autoincrement=True,
    )


def _refresh_tokens() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("family", text(64), nullable=False),
        sa.Column("token_hash", text(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_refresh_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
        sqlite_autoincrement=True,
    )


def _collaborators() -> None:
    op.create_table(
        "collaborators",
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", text(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name=op.f("fk_collaborators_dataset_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_collaborators_user_id")),
        sa.PrimaryKeyConstraint("dataset_id", "user_id", name=op.f("pk_collaborators")),
    )


def _images() -> None:
    op.create_table(
        "images",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("filename", text(510), nullable=False),
        sa.Column("filename_key", text(765), nullable=False),
        sa.Column("path", text(255), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("crc32", sa.BigInteger(), nullable=False),
        sa.Column("media_type", text(40), nullable=False),
        sa.Column("dhash", sa.CHAR(length=16), nullable=False),
        sa.Column("state", text(20), nullable=False),
        sa.Column("split", text(10), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("annotation_count", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("metadata", json_text(), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=op.f("fk_images_dataset_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_images_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images")),
        sa.UniqueConstraint("dataset_id", "sha256", name=op.f("uq_images_dataset_id_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_images_dataset_id_annotation_count_id"),
        "images",
        ["dataset_id", "annotation_count", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_images_dataset_id_filename_id"), "images", ["dataset_id", "filename", "id"], unique=False)
    op.create_index(op.f("ix_images_dataset_id_id"), "images", ["dataset_id", "id"], unique=False)
    op.create_index(op.f("ix_images_dataset_id_split"), "images", ["dataset_id", "split"], unique=False)
    op.create_index(op.f("ix_images_dataset_id_state"), "images", ["dataset_id", "state"], unique=False)
    op.create_index(
        op.f("ix_images_dataset_id_uploaded_at_id"), "images", ["dataset_id", "uploaded_at", "id"], unique=False
    )
    op.create_index(op.f("ix_images_sha256"), "images", ["sha256"], unique=False)


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", text(40), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("params", json_text(), nullable=False),
        sa.Column("state", text(20), nullable=False),
        sa.Column("progress", real(), nullable=False),
        sa.Column("message", text(500), nullable=False),
        sa.Column("result", json_text(), nullable=True),
        sa.Column("error", json_text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", text(200), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=op.f("fk_jobs_dataset_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_jobs_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_jobs_dataset_id"), "jobs", ["dataset_id"], unique=False)
    op.create_index(op.f("ix_jobs_state_id"), "jobs", ["state", "id"], unique=False)


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("name", text(510), nullable=False),
        sa.Column("name_key", text(765), nullable=False),
        sa.Column("color", text(7), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("export_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=op.f("fk_labels_dataset_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("dataset_id", "export_index", name=op.f("uq_labels_dataset_id_export_index")),
        sa.UniqueConstraint("dataset_id", "name_key", name=op.f("uq_labels_dataset_id_name_key")),
        sqlite_autoincrement=True,
    )


def _versions() -> None:
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recipe", json_text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.CHAR(length=64), nullable=True),
        sa.Column("state", text(20), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_versions_created_by")),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name=op.f("fk_versions_dataset_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("dataset_id", "number", name=op.f("uq_versions_dataset_id_number")),
        sqlite_autoincrement=True,
    )


def _annotations() -> None:
    op.create_table(
        "annotations",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=False),
        sa.Column("shape_type", text(20), nullable=False),
        sa.Column("geometry", json_text(), nullable=False),
        sa.Column("attributes", json_text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("x0", real(), nullable=False),
        sa.Column("y0", real(), nullable=False),
        sa.Column("x1", real(), nullable=False),
        sa.Column("y1", real(), nullable=False),
        sa.Column("area", real(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_annotations_created_by")),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_annotations_image_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name=op.f("fk_annotations_label_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
    )
    op.create_index(op.f("ix_annotations_image_id_position"), "annotations", ["image_id", "position"], unique=False)
    op.create_index(op.f("ix_annotations_label_id"), "annotations", ["label_id"], unique=False)


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("format", text(40), nullable=False),
        sa.Column("options", json_text(), nullable=False),
        sa.Column("filename", text(765), nullable=False),
        sa.Column("path", text(255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("losses", json_text(), nullable=False),
        sa.Column("counts", json_text(), nullable=False),
        sa.Column("status", text(20), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_exports_created_by")),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name=op.f("fk_exports_dataset_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_exports_job_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_exports_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_exports_dataset_id"), "exports", ["dataset_id"], unique=False)


def _image_tags() -> None:
    op.create_table(
        "image_tags",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("tag", text(510), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_image_tags_image_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", "tag", name=op.f("pk_image_tags"), mssql_clustered=False),
    )
    op.create_index(op.f("ix_image_tags_tag"), "image_tags", ["tag"], unique=False)


def _version_images() -> None:
    op.create_table(
        "version_images",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", text(510), nullable=False),
        sa.Column("path", text(255), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("crc32", sa.BigInteger(), nullable=False),
        sa.Column("split", text(10), nullable=True),
        sa.Column("annotations", json_text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_version_images_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_version_images")),
    )
