"""Paths that people give."""

from __future__ import annotations

from pathlib import Path


def whole_path(path: Path) -> str:
    """The path from the root, so that a worker in another folder finds the same; one that cannot be stays as it is."""
    try:
        return str(Path(path).expanduser().resolve())
    except (OSError, RuntimeError, ValueError):
        return str(path)
