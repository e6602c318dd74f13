"""A dataset on this computer as the one file that is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ...archive import NAMES_FILE, Files, ZipFiles, ZipSink, open_files
from ...jobs.import_ import import_options
from ...settings import Settings


def packed(source: Path, settings: Settings, format: str | None, options: Mapping[str, object], folder: Path) -> Path:
    """The zip at `source`; or of a folder, or of a COCO file and the pictures it lists, a zip made in `folder`."""
    limits = {"max_entries": settings.max_archive_entries, "max_bytes": settings.max_archive_bytes}
    with open_files(source, **limits) as files:
        if isinstance(files, ZipFiles):
            return source
        target = folder / f"{source.stem if files.chosen else source.resolve().name or 'dataset'}.zip"
        names = _wanted(files, format, options)
        with ZipSink(target) as sink:
            for name in names:
                sink.copy(name, files.get(name))
    return target


def _wanted(files: Files, format: str | None, options: Mapping[str, object]) -> Iterable[str]:
    """Every file; of a file that was chosen only what it lists, as other pictures around it stay out."""
    if files.chosen is None:
        return files.names
    reader, chosen, _ = import_options({"format": format, "options": dict(options)}, files)
    listed = {example.image.name for example in reader.read(files, chosen).examples if example.image is not None}
    return sorted(listed | ({files.chosen, NAMES_FILE} & set(files.names)))
