"""The job that writes a dataset in a format, as one zip."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..archive import ZipSink
from ..domain.errors import Invalid, JobFailed
from ..formats import FORMATS
from ..formats.format import Format, Option, choose
from ..storage import exports
from .collector import paused_collector
from .export_source import ExportSource, open_source
from .kind import JobContext, JobKind

OPTIONS: Mapping[str, Option] = {
    "include_unlabeled": Option(False, (False, True), "also images that nobody has looked at"),
    "images": Option(True, (True, False), "the pictures themselves, not only the annotations"),
}
"""What every export can be asked for, whatever the format."""


class Export(JobKind):
    """Params: `format`, `options`, `version` for a version of the dataset instead of its state now, and `output` for a
    file of the caller's own instead of one in the store.

    Result: `counts`, `losses`, and `export_id` or `path` and `size`.
    """

    name: ClassVar[str] = "export"

    def check_params(self, params: Mapping[str, Any]) -> None:
        export_options(params)
        if "\0" in params.get("output", ""):
            raise Invalid("A file name cannot hold NUL: choose another name.", code="not_writable")
        if "output" in params and not Path(params["output"]).parent.is_dir():
            raise Invalid(f"There is no folder {Path(params['output']).parent}: make it first.", code="no_such_folder")

    def run(self, context: JobContext) -> Mapping[str, Any]:
        format, options, asked = export_options(context.job.params)
        output = context.job.params.get("output")
        target = Path(output) if output else context.workdir / "export.zip"
        with context.db.snapshot() as conn:
            source = open_source(conn, context, asked)
            try:
                with paused_collector(), ZipSink(target) as sink:
                    losses = format.write(source.manifest(), sink, options)
                    losses.extend(source.losses)
                    context.check()
            except OSError as error:
                raise _cannot_write(target, error) if output else error from error
        told = {"counts": source.counts, "losses": losses.as_list()}
        if output:
            return {"path": output, "size": target.stat().st_size, **told}
        return self._publish(context, target, source, format.name, {**options, **asked}, told)

    def _publish(
        self,
        context: JobContext,
        target: Path,
        source: ExportSource,
        format: str,
        options: Mapping[str, Any],
        told: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        filename = export_filename(source.name, format, source.version.number if source.version else None)
        key = f"exports/{context.job.id}-{context.job.attempt}.zip"
        artefact = context.store.put_artefact(target, key, filename)
        made = exports.NewExport(
            dataset_id=source.dataset_id,
            job_id=context.job.id,
            format=format,
            options=options,
            filename=filename,
            path=artefact.key,
            size=artefact.size,
            sha256=artefact.sha256,
            losses=told["losses"],
            counts=told["counts"],
            version_id=source.version.id if source.version else None,
        )
        try:
            return context.publish(lambda conn: {"export_id": exports.create(conn, context.job.user_id, made), **told})
        except JobFailed:  # cancelled, or in other hands by now: the fence let nothing through
            context.store.delete(artefact.key)
            raise


def export_options(params: Mapping[str, Any]) -> tuple[Format, dict[str, Any], dict[str, Any]]:
    """The format, its own options and those of every export; `Invalid` names what is unknown and what there is."""
    name = params.get("format")
    if name not in FORMATS:
        raise Invalid(f"Unknown format {name!r}: one of {', '.join(sorted(FORMATS))}.", code="unknown_format")
    format = FORMATS[str(name)]
    chosen = choose(params.get("options"), {**format.write_options, **OPTIONS})
    asked = {option: chosen.pop(option) for option in OPTIONS}
    return format, chosen, asked


def export_filename(dataset: str, format: str, version: int | None = None) -> str:
    """What an export of a dataset, or of a version by its number, is called when nobody says otherwise."""
    stem = re.sub(r"[^\w.-]+", "-", dataset).strip("-.")
    told = "" if version is None else f"-v{version}"
    return f"{stem or 'dataset'}{told}-{format}.zip"


def _cannot_write(target: Path, error: OSError) -> Invalid:
    return Invalid(f"{target} cannot be written ({error}): choose another place.", code="not_writable")
