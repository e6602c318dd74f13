"""Jobs and what comes out of them in this process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...domain.errors import NotFound
from ...domain.export import Export
from ...domain.job import Job
from ...domain.page import Page
from ...domain.user import Action, may
from ...jobs.export import export_filename
from ...jobs.kinds import load_kind
from ...jobs.preview import preview_import
from ...jobs.sent_file import safe_name
from ...storage import audit, datasets, exports, versions
from ...storage import jobs as job_rows
from ...storage.database import Connection
from .. import waiting
from ..backend import ExportedFile, OnProgress
from ..paths import whole_path
from ..stored_file import StoredFile, export_file
from .access import Access


class JobMethods(Access):
    """What a Backend says of jobs, imports and exports."""

    def start_import(
        self,
        dataset_id: int,
        path: Path,
        format: str | None = None,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Job:
        params = {"path": whole_path(path), "format": format, "options": dict(options or {})}
        return self._start("import", dataset_id, Action.IMPORT, params, on_progress)

    def start_import_of(
        self, dataset_id: int, file: Path, filename: str, format: str | None, options: Mapping[str, object]
    ) -> Job:
        """Start the import of a zip or a `.json` file that was sent here. The file is taken over, or deleted."""
        try:
            self.require(dataset_id, Action.IMPORT)
            params = {"filename": filename, "format": format, "options": dict(options)}
            load_kind("import").check_params(params)
            key = self._here.store.put_import(file, Path(safe_name(filename)).suffix.lower())
        finally:
            file.unlink(missing_ok=True)
        try:
            return self._start("import", dataset_id, Action.IMPORT, {**params, "upload": key}, None)
        except BaseException:
            self._here.store.delete(key)
            raise

    def preview_import_of(
        self, dataset_id: int, file: Path, filename: str, format: str | None, options: Mapping[str, object]
    ) -> Mapping[str, Any]:
        """What an import of a sent file would read: see `jobs.preview`. The file is moved into a folder beside it."""
        self.require(dataset_id, Action.IMPORT)
        params = {"filename": filename, "format": format, "options": dict(options)}
        load_kind("import").check_params(params)
        folder = file.with_suffix(".folder")
        folder.mkdir()
        return preview_import(self._here.settings, file.rename(folder / safe_name(filename)), params)

    def start_export(
        self,
        dataset_id: int,
        format: str,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
        *,
        version: int | None = None,
    ) -> Job:
        params = {"format": format, "options": dict(options or {}), **self._of_version(dataset_id, version)}
        return self._start("export", dataset_id, Action.EXPORT, params, on_progress)

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
        if os.path.isdir(target):  # noqa: PTH112 -- Path.is_dir raises for names that are too long
            with self._reading(dataset_id, Action.EXPORT) as conn:
                name = datasets.get(conn, dataset_id, self._user).name
                target /= export_filename(name, format, versions.get(conn, version).number if version else None)
        if not self._here.runs_inline:  # a worker is somebody else, who does not write into people's folders
            job = self.wait(
                self.start_export(dataset_id, format, options, on_progress, version=version).id, on_progress
            )
            export = self.get_export((job.result or {})["export_id"])
            return ExportedFile(self.save_export(export.id, target), export.size, export.counts, export.losses)
        params = {"format": format, "options": dict(options or {}), "output": str(target)}
        params |= self._of_version(dataset_id, version)
        job = self.wait(self._start("export", dataset_id, Action.EXPORT, params, on_progress).id)
        result = job.result or {}
        return ExportedFile(target, result["size"], result["counts"], tuple(result["losses"]))

    def _of_version(self, dataset_id: int, version_id: int | None) -> dict[str, int]:
        """The parameter that names a version of this dataset; none for the dataset itself."""
        if version_id is None:
            return {}
        with self._reading(dataset_id, Action.EXPORT) as conn:
            if versions.get(conn, version_id).dataset_id != dataset_id:
                raise NotFound(f"There is no version {version_id} in this dataset.")
        return {"version": version_id}

    def _start(
        self, kind: str, dataset_id: int, action: Action, params: dict[str, Any], on_progress: OnProgress | None
    ) -> Job:
        with self._reading(dataset_id, action):
            pass  # who may not do it learns nothing about paths
        load_kind(kind).check_params(params)
        with self._here.database.write() as conn:
            self._allow(conn, dataset_id, action)
            job = job_rows.create(conn, self._user, kind, dataset_id, params)
            audit.record(
                conn, self._user, f"{kind}_started", dataset_id=dataset_id, subject=str(job.id), details=params
            )
        self._here.submit(job.id, on_progress)
        return self.job(job.id)

    def job(self, job_id: int) -> Job:
        with self._here.database.read() as conn:
            job = job_rows.get(conn, job_id)
            self._see_job(conn, job)
            return job

    def _see_job(self, conn: Connection, job: Job) -> None:
        """A job is seen by everybody who sees its dataset; one without a dataset by whoever started it."""
        if job.dataset_id is None:
            seen = job.user_id == self._user.id or may(self._user.role, None, Action.MANAGE_USERS)
        else:
            seen = self._sees(conn, job.dataset_id)
        if not seen:
            raise NotFound(f"There is no job {job.id}.", job=job.id)

    def jobs(self, dataset_id: int | None = None, page: int = 1, limit: int = 100) -> Page[Job]:
        with self._here.database.read() as conn:
            if dataset_id is not None:
                self._allow(conn, dataset_id, Action.READ)
                return job_rows.list_page(conn, None, dataset_id=dataset_id, page=page, limit=limit)
            return job_rows.list_page(conn, self._user, page=page, limit=limit)

    def cancel_job(self, job_id: int) -> None:
        with self._here.database.read() as conn:
            job = job_rows.get(conn, job_id)
            self._see_job(conn, job)
            if job.user_id != self._user.id and job.dataset_id is not None:
                self._allow(conn, job.dataset_id, Action.EDIT_DATASET)
        self._here.queue.cancel(job_id)

    def wait(self, job_id: int, on_progress: OnProgress | None = None) -> Job:
        return waiting.wait(lambda: self.job(job_id), lambda: self.cancel_job(job_id), on_progress)

    def exports(self, dataset_id: int) -> tuple[Export, ...]:
        with self._reading(dataset_id, Action.EXPORT) as conn:
            return exports.list_for(conn, dataset_id)

    def get_export(self, export_id: int) -> Export:
        with self._here.database.read() as conn:
            export = exports.get(conn, export_id)
            if not self._sees(conn, export.dataset_id):
                raise NotFound(f"There is no export {export_id}.")
            self._allow(conn, export.dataset_id, Action.EXPORT)
            return export

    def export_file(self, export_id: int) -> StoredFile:
        """The file of a finished export, to be sent piece by piece."""
        return export_file(self._here.store, self.get_export(export_id))

    def save_export(self, export_id: int, path: Path) -> Path:
        export = self.get_export(export_id)
        return self._here.store.download(export.path, Path(path), export.size, export.sha256)
