"""What an import of a file would read, found out without importing anything."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..archive import open_files
from ..domain.errors import RoboflowError
from ..domain.manifest import Losses, Manifest
from ..settings import Settings
from .import_ import import_options
from .sent_file import without_folder

SECONDS = 15.0
"""So long is looked; of larger files the first part is told."""


def preview_import(settings: Settings, path: Path, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """`{"format", "counts", "labels", "losses", "complete"}` of a file that lies alone in its folder.

    Raises what the import would, as far as it goes: pictures are not decoded.
    """
    limits = {"max_entries": settings.max_archive_entries, "max_bytes": settings.max_archive_bytes}
    try:
        with open_files(path, **limits) as files:
            format, options, _ = import_options(params, files)
            manifest = format.read(files, options)
            counts, complete = _walk(manifest)
            losses = Losses()
            losses.extend(manifest.losses)
            losses.extend(files.notes)
    except RoboflowError as error:
        raise without_folder(path.parent, error) from error
    return {
        "format": format.name,
        "counts": counts,
        "labels": tuple(label.name for label in manifest.labels),
        "losses": tuple(losses.as_list()),
        "complete": complete,
    }


def _walk(manifest: Manifest) -> tuple[dict[str, int], bool]:
    end = time.monotonic() + SECONDS
    counts = {"images": 0, "pictures": 0, "annotations": 0, "labels": len(manifest.labels)}
    for example in manifest.examples:
        counts["images"] += 1
        counts["pictures"] += example.image is not None
        counts["annotations"] += len(example.annotations)
        if time.monotonic() > end:
            return counts, False
    return counts, True
