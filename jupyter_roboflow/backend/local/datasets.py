"""Datasets, collaborators, audit and health in this process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...domain.dataset import Dataset
from ...domain.errors import Invalid, NotFound
from ...domain.health import Health, compute_health
from ...domain.job import Job
from ...domain.page import Page
from ...domain.user import Action, DatasetRole, User
from ...storage import audit, columns, datasets, deletion, labels, users
from ...storage import jobs as job_rows
from ...storage.database import Connection
from .access import Access


class DatasetMethods(Access):
    """What a Backend says of datasets."""

    def create_dataset(self, name: str, metadata: Mapping[str, Any] | None = None) -> Dataset:
        self._allow_everywhere(Action.CREATE_DATASET)
        with self._here.database.write() as conn:
            made = datasets.create(conn, self._user, name, metadata or {})
            audit.record(conn, self._user, Action.CREATE_DATASET.value, dataset_id=made.id, subject=made.name)
            return made

    def list_datasets(self, search: str | None = None, page: int = 1, limit: int = 100) -> Page[Dataset]:
        with self._here.database.read() as conn:
            return datasets.list_for(conn, self._user, search, page, limit)

    def get_dataset(self, dataset_id: int) -> Dataset:
        with self._reading(dataset_id) as conn:
            return datasets.get(conn, dataset_id, self._user)

    def find_dataset(self, name: str) -> Dataset:
        with self._here.database.read() as conn:
            return datasets.by_name(conn, self._user, name)

    def update_dataset(
        self, dataset_id: int, *, name: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> Dataset:
        with self._writing(dataset_id, Action.EDIT_DATASET, name or "") as conn:
            datasets.update_dataset(conn, dataset_id, name=name, metadata=metadata)
            return datasets.get(conn, dataset_id, self._user)

    def delete_dataset(self, dataset_id: int) -> Job | None:
        with self._here.database.write() as conn:
            self._allow(conn, dataset_id, Action.DELETE_DATASET)
            subject, images = datasets.row(conn, dataset_id).name, deletion.size(conn, dataset_id)
            details = {"images": images}
            audit.record(
                conn, self._user, Action.DELETE_DATASET.value, dataset_id=dataset_id, subject=subject, details=details
            )
            if images <= deletion.AT_ONCE:
                deletion.delete_dataset(conn, dataset_id)
                return None
            deletion.hide(conn, dataset_id)
            job = job_rows.create(conn, self._user, deletion.KIND, None, {"dataset": dataset_id, "name": subject})
        self._here.submit(job.id)
        return job

    def collaborators(self, dataset_id: int) -> tuple[tuple[str, DatasetRole], ...]:
        with self._reading(dataset_id) as conn:
            return datasets.list_collaborators(conn, dataset_id)

    def set_collaborator(self, dataset_id: int, username: str, role: DatasetRole) -> None:
        if role is DatasetRole.OWNER:
            raise Invalid("A dataset has one owner: give the role admin, annotator or viewer.", code="bad_role")
        with self._writing(dataset_id, Action.MANAGE_COLLABORATORS, username, role=role.value) as conn:
            datasets.set_collaborator(conn, dataset_id, self._user_named(conn, username), role)

    def remove_collaborator(self, dataset_id: int, username: str) -> None:
        with self._writing(dataset_id, Action.MANAGE_COLLABORATORS, username, role=None) as conn:
            datasets.remove_collaborator(conn, dataset_id, self._user_named(conn, username))

    def _user_named(self, conn: Connection, username: str) -> User:
        user = users.by_name(conn, username)
        if user is None:
            raise NotFound(f"There is no user {username!r}: ask an administrator to make one.")
        return user

    def audit(self, dataset_id: int, page: int = 1, limit: int = 100) -> Page[Mapping[str, Any]]:
        with self._reading(dataset_id, Action.READ_AUDIT) as conn:
            return audit.list_page(conn, dataset_id, page, limit)

    def health(self, dataset_id: int) -> Health:
        with self._here.database.snapshot() as conn:
            self._allow(conn, dataset_id, Action.READ)
            drawn = columns.annotation_columns(conn, dataset_id)
            return compute_health(labels.list_labels(conn, dataset_id), columns.image_columns(conn, dataset_id), drawn)
