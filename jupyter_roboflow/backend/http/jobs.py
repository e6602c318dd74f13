"""Jobs and what comes out of them over HTTP."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePosixPath

from ...domain.export import Export
from ...domain.job import Job
from ...domain.page import Page
from ...jobs.kinds import load_kind
from .. import waiting
from ..backend import ExportedFile, OnProgress
from ..paths import whole_path
from ..wire import jobs as wire
from ..wire.model import PageOf
from .client import encoded, paging
from .download import check_target, download
from .multipart import MultipartBody, OutgoingFile
from .packing import packed
from .remote import Remote


class JobMethods(Remote):
    """What a Backend says of jobs, imports and exports."""

    def start_import(
        self,
        dataset_id: int,
        path: Path,
        format: str | None = None,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Job:
        self._require_dataset(dataset_id)
        source = Path(whole_path(path))
        load_kind("import").check_params({"path": str(source), "format": format, "options": dict(options or {})})
        fields = [("options", encoded(dict(options or {})).decode()), *([("format", format)] if format else [])]
        with tempfile.TemporaryDirectory(prefix="roboflow-import-", ignore_cleanup_errors=True) as folder:
            file = packed(source, self._settings, format, options or {}, Path(folder))
            size = file.stat().st_size
            told = partial(_tell, on_progress, size) if on_progress else None
            body = MultipartBody([OutgoingFile(file, file.name, size)], fields, told)
            response = self._client.send_files(f"datasets/{dataset_id}/import", body)
        return self.job(self._client.parsed(wire.JobStarted, response).job_id)

    def start_export(
        self,
        dataset_id: int,
        format: str,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
        *,
        version: int | None = None,
    ) -> Job:
        body = {"format": format, "options": dict(options or {}), "version": version}
        started = self._client.ask(wire.JobStarted, "POST", f"datasets/{dataset_id}/export", body, once=True)
        return self.job(started.job_id)

    def export_to(
        self,
        dataset_id: int,
        format: str,
        path: Path,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
        *,
        version: int | None = None,
    ) -> ExportedFile:
        target = path.expanduser().absolute()
        into_folder = os.path.isdir(target)  # noqa: PTH112 -- Path.is_dir raises for names that are too long
        if not into_folder:
            check_target(target)
        job = self.wait(self.start_export(dataset_id, format, options, on_progress, version=version).id, on_progress)
        export = self.get_export((job.result or {})["export_id"])
        if into_folder:
            target /= PurePosixPath(export.filename.replace("\\", "/")).name
        return ExportedFile(self.save_export(export.id, target), export.size, export.counts, export.losses)

    def job(self, job_id: int) -> Job:
        return self._client.get(wire.Job, f"jobs/{job_id}").to_domain()

    def jobs(self, dataset_id: int | None = None, page: int = 1, limit: int = 100) -> Page[Job]:
        query = {"dataset_id": dataset_id, **paging(page, limit)}
        found = self._client.get(PageOf[wire.Job], "jobs", query)
        return found.with_items([item.to_domain() for item in found.items])

    def cancel_job(self, job_id: int) -> None:
        self._client.send("POST", f"jobs/{job_id}/cancel", repeatable=True)

    def wait(self, job_id: int, on_progress: OnProgress | None = None) -> Job:
        return waiting.wait(lambda: self.job(job_id), lambda: self.cancel_job(job_id), on_progress)

    def exports(self, dataset_id: int) -> tuple[Export, ...]:
        found = self._client.get(wire.Exports, f"datasets/{dataset_id}/exports")
        return tuple(item.to_domain() for item in found.items)

    def get_export(self, export_id: int) -> Export:
        return self._client.get(wire.Export, f"exports/{export_id}").to_domain()

    def save_export(self, export_id: int, path: Path) -> Path:
        export = self.get_export(export_id)
        return download(self._client, f"exports/{export_id}/file?redirect=0", Path(path), export.size, export.sha256)


def _tell(on_progress: OnProgress, size: int, sent: int) -> None:
    on_progress(min(100.0, 100.0 * sent / max(1, size)), 100.0, "sending")
