"""The job that reads a folder, zip or COCO file into a dataset: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..archive import Files, open_files
from ..domain.errors import Invalid, NotFound
from ..domain.manifest import Losses, Manifest
from ..formats import FORMATS, detect
from ..formats.format import Format, Option, choose
from ..ingest.filename import printable
from ..storage.database import Connection
from .collector import paused_collector
from .entering import Entering, nothing_entered
from .kind import JobContext, JobKind
from .sent_file import source_of
from .staging import Staging

OPTIONS: Mapping[str, Option] = {
    "existing": Option(
        "merge", ("merge", "replace", "skip"), "what happens to annotations that an image already has in the dataset"
    ),
    "size_mismatch": Option(
        "scale", ("scale", "refuse"), "annotations made for a picture of another size are scaled, or the import fails"
    ),
}
"""What every import can be asked for, whatever the format."""


class Import(JobKind):
    """Params: `path`, `format` (None: detected), `options`. Result: `format`, `counts`, `losses`, `refused`.

    For a file that was sent there are `upload`, its key in the store, and `filename` instead of `path`.
    Pictures are checked and stored first and the rest is staged in a file; one transaction then changes the dataset.
    """

    name: ClassVar[str] = "import"

    def check_params(self, params: Mapping[str, Any]) -> None:
        format = import_format(params.get("format"))
        if format is not None:
            choose(params.get("options"), {**format.read_options, **OPTIONS})
        if "filename" in params:
            return
        if not _exists(Path(params["path"])):
            shown = printable(str(params["path"]))
            raise NotFound(f"There is no folder or file {shown}: check the path.", code="path_not_found")

    def run(self, context: JobContext) -> Mapping[str, Any]:
        with source_of(context) as path:
            return self._import(context, path)

    def _import(self, context: JobContext, path: Path) -> Mapping[str, Any]:
        settings = context.settings
        limits = {"max_entries": settings.max_archive_entries, "max_bytes": settings.max_archive_bytes}
        with open_files(path, **limits) as files:
            format, options, asked = import_options(context.job.params, files)
            manifest = format.read(files, options)
            with Staging(context, asked) as staged:
                with paused_collector():
                    staged.take(manifest)
                losses = Losses()
                for part in (manifest.losses, files.notes, staged.losses):
                    losses.extend(part)
                return context.publish(
                    lambda conn: _enter(conn, context, format, manifest, staged, losses, asked, path.name)
                )


def _enter(
    conn: Connection,
    context: JobContext,
    format: Format,
    manifest: Manifest,
    staged: Staging,
    losses: Losses,
    asked: Mapping[str, Any],
    source: str,
) -> Mapping[str, Any]:
    """Everything that was staged, in this transaction; the job's result."""
    entering = Entering(conn, context, manifest.labels, str(asked["existing"]))
    done = 0
    with paused_collector():
        for batch in staged:
            context.check()
            entering.enter(batch)
            done += len(batch)
            context.progress((staged.count + done) // 2, staged.count, "writing")
    together = Losses()
    together.extend(losses)
    together.extend(entering.losses)
    if (nothing := nothing_entered(entering.counts, together)) is not None:
        raise nothing
    counts = entering.finish(source, format.name)
    return {"format": format.name, "counts": counts, "losses": together.as_list(), "refused": staged.refused}


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than any path may be, or with a NUL in it
        return False


def import_options(params: Mapping[str, Any], files: Files) -> tuple[Format, dict[str, Any], dict[str, Any]]:
    """The format (detected when it is not given), its own options and those of every import."""
    format = import_format(params.get("format")) or detect(files)
    chosen = choose(params.get("options"), {**format.read_options, **OPTIONS})
    asked = {option: chosen.pop(option) for option in OPTIONS}
    return format, chosen, asked


def import_format(name: object) -> Format | None:
    """The format of that name, None for None; `Invalid` names the formats there are."""
    if name is None:
        return None
    if name not in FORMATS:
        raise Invalid(f"Unknown format {name!r}: one of {', '.join(sorted(FORMATS))}.", code="unknown_format")
    return FORMATS[str(name)]
