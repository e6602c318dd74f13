"""Datasets, collaborators, audit and health over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from ...domain.dataset import Dataset, clean_name
from ...domain.health import Health
from ...domain.job import Job
from ...domain.page import Page
from ...domain.user import DatasetRole
from ..wire import datasets as wire
from ..wire import jobs
from ..wire.health import Health as HealthAnswer
from ..wire.model import PageOf
from .client import paging, part
from .remote import Remote


class DatasetMethods(Remote):
    """What a Backend says of datasets."""

    def create_dataset(self, name: str, metadata: Mapping[str, Any] | None = None) -> Dataset:
        clean_name(name, "dataset")
        body = {"name": name, "metadata": dict(metadata or {})}
        return self._client.ask(wire.Dataset, "POST", "datasets", body, once=True).to_domain()

    def list_datasets(self, search: str | None = None, page: int = 1, limit: int = 100) -> Page[Dataset]:
        query = {"search": search or None, **paging(page, limit)}
        found = self._client.get(PageOf[wire.Dataset], "datasets", query)
        return found.with_items([item.to_domain() for item in found.items])

    def get_dataset(self, dataset_id: int) -> Dataset:
        return self._client.get(wire.Dataset, f"datasets/{dataset_id}").to_domain()

    def find_dataset(self, name: str) -> Dataset:
        return self._client.get(wire.Dataset, "datasets/find", {"name": name}).to_domain()

    def update_dataset(
        self, dataset_id: int, *, name: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> Dataset:
        if name is not None:
            clean_name(name, "dataset")
        body = {"name": name, "metadata": None if metadata is None else dict(metadata)}
        return self._client.ask(wire.Dataset, "PATCH", f"datasets/{dataset_id}", body).to_domain()

    def delete_dataset(self, dataset_id: int) -> Job | None:
        answer = self._client.send("DELETE", f"datasets/{dataset_id}")
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return None
        started = self._client.parsed(jobs.JobStarted, answer)
        return self._client.get(jobs.Job, f"jobs/{started.job_id}").to_domain()

    def collaborators(self, dataset_id: int) -> tuple[tuple[str, DatasetRole], ...]:
        found = self._client.get(wire.Collaborators, f"datasets/{dataset_id}/collaborators")
        return tuple((item.username, item.role) for item in found.items)

    def set_collaborator(self, dataset_id: int, username: str, role: DatasetRole) -> None:
        path = f"datasets/{dataset_id}/collaborators/{part(username)}"
        self._client.send("PUT", path, body={"role": str(role)})

    def remove_collaborator(self, dataset_id: int, username: str) -> None:
        self._client.send("DELETE", f"datasets/{dataset_id}/collaborators/{part(username)}")

    def audit(self, dataset_id: int, page: int = 1, limit: int = 100) -> Page[Mapping[str, Any]]:
        found = self._client.get(PageOf[wire.AuditEntry], f"datasets/{dataset_id}/audit", paging(page, limit))
        return found.with_items([item.model_dump() for item in found.items])

    def health(self, dataset_id: int) -> Health:
        found = self._client.get(HealthAnswer, f"datasets/{dataset_id}/health")
        return Health.from_dict(found.model_dump())
