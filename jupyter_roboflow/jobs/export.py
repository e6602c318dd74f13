"""The job that writes a dataset in a format, as one zip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..archive import ZipSink
from ..domain.dataset import Image, ImageState
from ..domain.errors import Invalid
from ..domain.manifest import Example, Losses, Manifest
from ..formats import FORMATS
from ..formats.format import Format, Option, choose
from ..storage import annotations, datasets, exports, images, labels
from ..storage.database import Connection
from .collector import paused_collector
from .kind import JobContext, JobKind

OPTIONS: Mapping[str, Option] = {
    "include_unlabeled": Option(False, (False, True), "also images that nobody has looked at"),
    "images": Option(True, (True, False), "the pictures themselves, not only the annotations"),
}
"""What every export can be asked for, whatever the format."""


_NEWS_EVERY = 32
"""Images between two looks at whether to go on."""


class Export(JobKind):
    """Params: `format`, `options`, and `output` for a file of the caller's own instead of one in the store.

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
            source = _Examples(conn, context, asked)
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
        source: _Examples,
        format: str,
        options: Mapping[str, Any],
        told: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        artefact = context.store.put_artefact(target, f"exports/{context.job.id}-{context.job.attempt}.zip")
        made = exports.NewExport(
            dataset_id=source.dataset.id,
            job_id=context.job.id,
            format=format,
            options=options,
            filename=export_filename(source.dataset.name, format),
            path=artefact.key,
            size=artefact.size,
            sha256=artefact.sha256,
            losses=told["losses"],
            counts=told["counts"],
        )
        return context.publish(lambda conn: {"export_id": exports.create(conn, context.job.user_id, made), **told})


class _Examples:
    """The dataset's images as Examples, counted and reported on the way. Walked once."""

    def __init__(self, conn: Connection, context: JobContext, asked: Mapping[str, Any]) -> None:
        assert context.job.dataset_id is not None
        dataset_id = context.job.dataset_id
        self._conn, self._context = conn, context
        self.dataset = datasets.row(conn, dataset_id)
        self._pixels = bool(asked["images"])
        states = images.counts(conn, dataset_id)
        unlabeled = states.get(ImageState.UNLABELED, 0)
        self._skip_unlabeled = not asked["include_unlabeled"]
        self.total = sum(states.values()) - (unlabeled if self._skip_unlabeled else 0)
        self.counts = {"images": 0, "annotations": 0}
        self.losses = Losses()
        if unlabeled and self._skip_unlabeled:
            why = "images that nobody has looked at are left out (include_unlabeled=True brings them)"
            self.losses.counts["noted", why] = unlabeled
            self.losses.examples["noted", why] = []

    def manifest(self) -> Manifest:
        """The dataset as formats want it, dated by its last change: the same data gives the same file."""
        return Manifest(
            labels=labels.list_labels(self._conn, self.dataset.id),
            examples=self,
            count=self.total,
            name=self.dataset.name,
            metadata={"dataset": self.dataset.name, "date": f"{self.dataset.changed_at:%Y-%m-%d %H:%M:%S} UTC"},
        )

    def __iter__(self) -> Iterator[Example]:
        for image, drawn in annotations.stream(self._conn, self.dataset.id):
            if image.state is ImageState.UNLABELED and self._skip_unlabeled:
                continue
            self.counts["images"] = count = self.counts["images"] + 1
            self.counts["annotations"] += len(drawn)
            if count % _NEWS_EVERY == 0 or count == self.total:
                self._context.check()
                self._context.progress(count, self.total, image.filename)
            yield self._example(image, drawn)

    def _example(self, image: Image, drawn: Any) -> Example:
        return Example(
            filename=image.filename,
            width=image.width,
            height=image.height,
            annotations=drawn,
            split=image.split,
            state=image.state,
            tags=image.tags,
            image=self._context.store.blob_source(image) if self._pixels else None,
            metadata={"media_type": image.media_type, **image.metadata},
        )


def export_options(params: Mapping[str, Any]) -> tuple[Format, dict[str, Any], dict[str, Any]]:
    """The format, its own options and those of every export; `Invalid` names what is unknown and what there is."""
    name = params.get("format")
    if name not in FORMATS:
        raise Invalid(f"Unknown format {name!r}: one of {', '.join(sorted(FORMATS))}.", code="unknown_format")
    format = FORMATS[str(name)]
    chosen = choose(params.get("options"), {**format.write_options, **OPTIONS})
    asked = {option: chosen.pop(option) for option in OPTIONS}
    return format, chosen, asked


def export_filename(dataset: str, format: str) -> str:
    """What an export is called when nobody says otherwise."""
    stem = re.sub(r"[^\w.-]+", "-", dataset).strip("-.")
    return f"{stem or 'dataset'}-{format}.zip"


def _cannot_write(target: Path, error: OSError) -> Invalid:
    return Invalid(f"{target} cannot be written ({error}): choose another place.", code="not_writable")
