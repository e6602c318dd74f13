"""The tables of an installation."""

from __future__ import annotations

from .accounts import idempotency_keys, personal_access_tokens, refresh_tokens, users
from .datasets import annotations, collaborators, datasets, image_tags, images, labels
from .jobs import exports, jobs
from .records import audit_log, orphans
from .schema import SCHEMA, UtcDateTime, metadata, name_key, storable
from .versions import version_images, versions

__all__ = [
    "SCHEMA",
    "UtcDateTime",
    "annotations",
    "audit_log",
    "collaborators",
    "datasets",
    "exports",
    "idempotency_keys",
    "image_tags",
    "images",
    "jobs",
    "labels",
    "metadata",
    "name_key",
    "orphans",
    "personal_access_tokens",
    "refresh_tokens",
    "storable",
    "users",
    "version_images",
    "versions",
]
