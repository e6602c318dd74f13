"""Datasets, who works on them, what happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.wire import datasets as wire
from jupyter_roboflow.backend.wire.health import Health
from jupyter_roboflow.backend.wire.jobs import JobStarted
from jupyter_roboflow.backend.wire.model import PageOf, Paging
from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.page import Page

from .handler import Handler
from .operation import operation


class DatasetsHandler(Handler):
    @operation(query=wire.DatasetQuery, answer=PageOf[wire.Dataset])
    def get(self, backend: Backend, query: wire.DatasetQuery) -> Page[Dataset]:
        """Every dataset one may see."""
        return backend.list_datasets(query.search, query.page, query.limit)

    @operation(body=wire.NewDataset, answer=wire.Dataset, status=HTTPStatus.CREATED, idempotent=True)
    def post(self, backend: Backend, body: wire.NewDataset) -> Dataset:
        """Make a dataset of one's own."""
        return backend.create_dataset(body.name, body.metadata)


class DatasetByNameHandler(Handler):
    @operation(query=wire.DatasetName, answer=wire.Dataset)
    def get(self, backend: Backend, query: wire.DatasetName) -> Dataset:
        """The dataset of exactly that name, one's own before those of others."""
        return backend.find_dataset(query.name)


class DatasetHandler(Handler):
    @operation(answer=wire.Dataset)
    def get(self, backend: Backend, dataset_id: int) -> Dataset:
        """One dataset."""
        return backend.get_dataset(dataset_id)

    @operation(body=wire.DatasetChange, answer=wire.Dataset)
    def patch(self, backend: Backend, dataset_id: int, body: wire.DatasetChange) -> Dataset:
        """Rename a dataset or change its metadata."""
        return backend.update_dataset(dataset_id, name=body.name, metadata=body.metadata)

    @operation(answer=JobStarted, status=HTTPStatus.ACCEPTED, also={HTTPStatus.NO_CONTENT: None})
    def delete(self, backend: Backend, dataset_id: int) -> Mapping[str, Any] | None:
        """Delete a dataset with all that is in it: gone at once; 202 where a job still frees the storage."""
        job = backend.delete_dataset(dataset_id)
        return {"job_id": job.id} if job else None


class CollaboratorsHandler(Handler):
    @operation(answer=wire.Collaborators)
    def get(self, backend: Backend, dataset_id: int) -> Mapping[str, Any]:
        """Who works on a dataset besides its owner."""
        return {"items": [{"username": name, "role": role} for name, role in backend.collaborators(dataset_id)]}


class CollaboratorHandler(Handler):
    @operation(body=wire.CollaboratorRole)
    def put(self, backend: Backend, dataset_id: int, username: str, body: wire.CollaboratorRole) -> None:
        """Give somebody a role in a dataset."""
        backend.set_collaborator(dataset_id, username, body.role)

    @operation()
    def delete(self, backend: Backend, dataset_id: int, username: str) -> None:
        """Take somebody's role in a dataset away."""
        backend.remove_collaborator(dataset_id, username)


class AuditHandler(Handler):
    @operation(query=Paging, answer=PageOf[wire.AuditEntry])
    def get(self, backend: Backend, dataset_id: int, query: Paging) -> Page[Mapping[str, Any]]:
        """What happened in a dataset, the newest first."""
        return backend.audit(dataset_id, query.page, query.limit)


class HealthReportHandler(Handler):
    @operation(answer=Health)
    def get(self, backend: Backend, dataset_id: int) -> dict[str, Any]:
        """Counts, sizes, plots' numbers and what deserves a look."""
        return backend.health(dataset_id).to_dict()
