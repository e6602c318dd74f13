"""The job that reads a folder or zip in any format into a dataset: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..archive import Files, open_files
from ..domain.errors import Invalid, UnreadableDataset
from ..domain.manifest import Losses, Manifest
from ..formats import FORMATS, detect
from ..formats.format import Format, Option, choose
from ..storage.database import Connection
from .kind import JobContext, JobKind
from .staging import Staging, apply_staged

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

    Pictures are checked and stored first and the rest is staged in a file; one transaction then changes the dataset.
    """

    name: ClassVar[str] = "import"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        settings = context.settings
        limits = {"max_entries": settings.max_archive_entries, "max_bytes": settings.max_archive_bytes}
        with open_files(Path(context.job.params["path"]), **limits) as files:
            format, options, asked = import_options(context.job.params, files)
            manifest = format.read(files, options)
            with Staging(context, asked) as staged:
                staged.take(manifest)
                losses = _all_losses(manifest, files, staged.losses)
                if not staged.count:
                    raise UnreadableDataset(_nothing_usable(manifest, staged, losses), code="nothing_to_import")

                def publish(conn: Connection) -> Mapping[str, Any]:
                    counts = apply_staged(conn, context, staged, manifest.labels, asked)
                    return {
                        "format": format.name,
                        "counts": counts,
                        "losses": losses.as_list(),
                        "refused": staged.refused,
                    }

                return context.publish(publish)


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


def _all_losses(manifest: Manifest, files: Files, staged: Losses) -> Losses:
    losses = Losses()
    for part in (manifest.losses, files.notes, staged):
        losses.extend(part)
    return losses


def _nothing_usable(manifest: Manifest, staged: Staging, losses: Losses) -> str:
    reasons = [f"{entry['filename']}: {entry['why']}" for entry in staged.refused[:3]]
    reasons += [f"{loss['count']}× {loss['why']}" for loss in losses.as_list()[:3]]
    why = "; ".join(reasons) or "the files list no images"
    return f"Nothing in there could be imported ({why}). Put the pictures beside the annotations, or upload them first."
