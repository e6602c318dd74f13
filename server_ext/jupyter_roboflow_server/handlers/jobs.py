"""Long work, and the exports that came of it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.wire import jobs as wire
from jupyter_roboflow.backend.wire.model import PageOf
from jupyter_roboflow.domain.export import Export
from jupyter_roboflow.domain.job import Job
from jupyter_roboflow.domain.page import Page

from .handler import Handler
from .operation import operation


class JobsHandler(Handler):
    @operation(query=wire.JobQuery, answer=PageOf[wire.Job])
    def get(self, backend: Backend, query: wire.JobQuery) -> Page[Job]:
        """The jobs of a dataset, or all of one's own, the newest first."""
        return backend.jobs(query.dataset_id, query.page, query.limit)


class JobHandler(Handler):
    @operation(answer=wire.Job)
    def get(self, backend: Backend, job_id: int) -> Job:
        """How a job stands: state, progress, result or error."""
        return backend.job(job_id)


class JobCancelHandler(Handler):
    @operation(answer=wire.Job)
    def post(self, backend: Backend, job_id: int) -> Job:
        """Ask a job to stop; it does so within a heartbeat and leaves nothing half-done."""
        backend.cancel_job(job_id)
        return backend.job(job_id)


class NewExportHandler(Handler):
    @operation(body=wire.NewExport, answer=wire.JobStarted, status=HTTPStatus.ACCEPTED, changes=False, idempotent=True)
    def post(self, backend: Backend, dataset_id: int, body: wire.NewExport) -> Mapping[str, int]:
        """Write the dataset, or a version of it, in a format, as a job."""
        return {"job_id": backend.start_export(dataset_id, body.format, body.options, version=body.version).id}


class ExportsHandler(Handler):
    @operation(answer=wire.Exports)
    def get(self, backend: Backend, dataset_id: int) -> Mapping[str, Any]:
        """The finished exports of a dataset, the newest first."""
        return {"items": backend.exports(dataset_id)}


class ExportHandler(Handler):
    @operation(answer=wire.Export)
    def get(self, backend: Backend, export_id: int) -> Export:
        """A finished export with the address of its file."""
        return backend.get_export(export_id)
