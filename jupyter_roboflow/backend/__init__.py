"""Backends: the one interface that notebook, shell, server and panel talk to, and who holds the data behind it."""

from __future__ import annotations

from ..domain.export import Export
from .backend import Backend, ImageChange, LabelWish
from .opening import check_installation, database_status, delete_orphans, open_backend, run_worker

__all__ = [
    "Backend",
    "Export",
    "ImageChange",
    "LabelWish",
    "check_installation",
    "database_status",
    "delete_orphans",
    "open_backend",
    "run_worker",
]
