"""The Backend in this process: the database, the store and the queue right here."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..domain.annotation import Annotation, AnnotationSet
from ..domain.dataset import Dataset, Image, ImageState, Label, Split
from ..domain.errors import Invalid, NotAllowed, NotFound
from ..domain.export import Export
from ..domain.health import Health, compute_health
from ..domain.job import Job
from ..domain.page import ImageFilter, Page
from ..domain.splitting import assign_splits
from ..domain.user import Action, DatasetRole, User, may
from ..ingest.report import UploadReport
from ..jobs.export import export_filename
from ..jobs.kinds import load_kind
from ..storage import annotations as annotation_sets
from ..storage import audit, columns, datasets, exports, images, labels, users
from ..storage import jobs as job_rows
from ..storage.database import Connection
from . import waiting
from .backend import EVERY_IMAGE, Backend, ExportedFile, ImageChange, OnProgress
from .installation import Installation
from .upload import Upload


class LocalBackend(Backend):
    """Acts for one user on an Installation; `acting_as` gives the same for another."""

    def __init__(self, installation: Installation, user: User) -> None:
        self._here = installation
        self._user = user

    def acting_as(self, user: User) -> LocalBackend:
        """The backend of another user, on the same installation."""
        return LocalBackend(self._here, user)

    @property
    def user(self) -> User:
        return self._user

    @property
    def installation(self) -> Installation:
        return self._here

    def close(self) -> None:
        self._here.close()

    # the one place where permission is decided

    def _allow(self, conn: Connection, dataset_id: int, action: Action) -> None:
        role = datasets.role_in(conn, dataset_id, self._user)
        if not may(self._user.role, role, Action.READ):
            raise NotFound(f"There is no dataset {dataset_id} that you may see.")
        if not may(self._user.role, role, action):
            raise NotAllowed(
                f"Your role here does not allow that ({action.value.replace('_', ' ')}): ask the dataset's owner.",
                action=action.value,
            )

    def _allow_everywhere(self, action: Action) -> None:
        if not may(self._user.role, None, action):
            raise NotAllowed(f"A {self._user.role} may not {action.value.replace('_', ' ')}: ask an administrator.")

    def _image(self, conn: Connection, image_id: int, action: Action) -> Image:
        image = images.get(conn, image_id)
        role = datasets.role_in(conn, image.dataset_id, self._user)
        if not may(self._user.role, role, Action.READ):
            raise NotFound(f"There is no image {image_id}.")
        self._allow(conn, image.dataset_id, action)
        return image

    @contextmanager
    def _reading(self, dataset_id: int, action: Action = Action.READ) -> Generator[Connection]:
        with self._here.database.read() as conn:
            self._allow(conn, dataset_id, action)
            yield conn

    @contextmanager
    def _writing(self, dataset_id: int, action: Action, subject: str = "", **details: Any) -> Generator[Connection]:
        """A transaction in which the change and its audit row stand or fall together."""
        with self._here.database.write() as conn:
            self._allow(conn, dataset_id, action)
            yield conn
            datasets.touch(conn, dataset_id)
            audit.record(conn, self._user, action.value, dataset_id=dataset_id, subject=subject, details=details)

    # datasets

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

    def delete_dataset(self, dataset_id: int) -> None:
        with self._here.database.write() as conn:
            self._allow(conn, dataset_id, Action.DELETE_DATASET)
            subject = datasets.get(conn, dataset_id, self._user).name
            datasets.delete_dataset(conn, dataset_id)
            audit.record(conn, self._user, Action.DELETE_DATASET.value, dataset_id=dataset_id, subject=subject)

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

    # labels

    def labels(self, dataset_id: int) -> tuple[Label, ...]:
        with self._reading(dataset_id) as conn:
            return labels.list_labels(conn, dataset_id)

    def add_label(self, dataset_id: int, name: str, color: str | None = None) -> Label:
        with self._writing(dataset_id, Action.EDIT_LABELS, name, added=name) as conn:
            return labels.add(conn, dataset_id, name, color)

    def edit_label(self, dataset_id: int, name: str, *, new_name: str | None = None, color: str | None = None) -> Label:
        with self._writing(dataset_id, Action.EDIT_LABELS, name, new_name=new_name, color=color) as conn:
            if color is not None:
                labels.recolor(conn, dataset_id, name, color)
            if new_name is not None:
                labels.rename(conn, dataset_id, name, new_name)
            return labels.by_name(conn, dataset_id, new_name or name)

    def reorder_labels(self, dataset_id: int, names: Sequence[str]) -> tuple[Label, ...]:
        with self._writing(dataset_id, Action.EDIT_LABELS, "order", order=list(names)) as conn:
            labels.reorder(conn, dataset_id, names)
            return labels.list_labels(conn, dataset_id)

    def merge_labels(self, dataset_id: int, source: str, target: str) -> int:
        with self._writing(dataset_id, Action.EDIT_LABELS, source, merged_into=target) as conn:
            return labels.merge(conn, dataset_id, source, target)

    def delete_label(self, dataset_id: int, name: str, reassign_to: str | None = None) -> None:
        with self._writing(dataset_id, Action.EDIT_LABELS, name, deleted=name, reassign_to=reassign_to) as conn:
            labels.delete_label(conn, dataset_id, name, reassign_to)

    # images

    def upload(
        self,
        dataset_id: int,
        sources: Any,
        *,
        split: Split | None = None,
        tags: Sequence[str] = (),
        on_progress: OnProgress | None = None,
    ) -> UploadReport:
        with self._reading(dataset_id, Action.UPLOAD):
            pass
        return Upload(self._here, self._user, dataset_id, split, tuple(tags)).run(sources, on_progress)

    def images(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, page: int = 1, limit: int = 100, sort: str = "id"
    ) -> Page[Image]:
        with self._reading(dataset_id) as conn:
            return images.list_page(conn, dataset_id, where, page, limit, sort)

    def get_image(self, image_id: int) -> Image:
        with self._here.database.read() as conn:
            return self._image(conn, image_id, Action.READ)

    def image_bytes(self, image_id: int) -> bytes:
        image = self.get_image(image_id)
        return self._here.store.read_blob(image.sha256)

    def thumbnails(self, image_ids: Sequence[int]) -> list[bytes]:
        with self._here.database.read() as conn:
            found = [self._image(conn, image_id, Action.READ) for image_id in image_ids]
        return [self._here.store.read_thumbnail(image.sha256) for image in found]

    def update_images(self, dataset_id: int, image_ids: Sequence[int], change: ImageChange) -> None:
        details = {
            "images": len(image_ids),
            "split": change.split,
            "state": change.state,
            "cleared": change.clear_split,
        }
        details |= {"add_tags": change.add_tags, "remove_tags": change.remove_tags, "first": list(image_ids[:100])}
        with self._writing(dataset_id, Action.EDIT_IMAGES, "images", **details) as conn:
            images.check_ids(conn, dataset_id, image_ids)
            if change.split or change.clear_split:
                images.set_split(conn, dict.fromkeys(image_ids, change.split))
            if change.state:
                images.set_state(conn, image_ids, change.state)
            if change.add_tags or change.remove_tags:
                images.set_tags(conn, image_ids, add=change.add_tags, remove=change.remove_tags)

    def delete_images(self, dataset_id: int, image_ids: Sequence[int]) -> int:
        details = {"images": len(image_ids), "first": list(image_ids[:100])}
        with self._writing(dataset_id, Action.DELETE_IMAGES, "images", **details) as conn:
            images.check_ids(conn, dataset_id, image_ids)
            return images.delete_images(conn, image_ids)

    def split_images(
        self,
        dataset_id: int,
        fractions: Mapping[Split, float],
        *,
        seed: int = 0,
        groups: Mapping[int, str] | None = None,
        stratify: bool = False,
    ) -> Mapping[Split, int]:
        details = {"fractions": dict(fractions), "seed": seed, "stratify": stratify, "grouped": groups is not None}
        with self._writing(dataset_id, Action.EDIT_IMAGES, "splits", **details) as conn:
            ids = [image.id for chunk in images.iterate(conn, dataset_id, EVERY_IMAGE) for image in chunk]
            strata = images.labels_by_image(conn, dataset_id) if stratify else None
            assigned = assign_splits(ids, fractions, seed, groups, strata)
            images.set_split(conn, assigned)
        return {split: sum(1 for given in assigned.values() if given is split) for split in Split}

    # annotations

    def annotations(self, image_id: int) -> AnnotationSet:
        with self._here.database.read() as conn:
            self._image(conn, image_id, Action.READ)
            return annotation_sets.load(conn, image_id)

    def save_annotations(
        self, image_id: int, annotations: Iterable[Annotation], revision: int, *, state: ImageState | None = None
    ) -> AnnotationSet:
        with self._here.database.write() as conn:
            image = self._image(conn, image_id, Action.ANNOTATE)
            saved = annotation_sets.save(conn, self._user, image_id, annotations, revision, state=state)
            datasets.touch(conn, image.dataset_id)
            return saved

    def examples(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE
    ) -> Iterator[tuple[Image, tuple[Annotation, ...]]]:
        with self._reading(dataset_id) as conn:
            yield from annotation_sets.stream(conn, dataset_id, where)

    # jobs

    def start_import(
        self,
        dataset_id: int,
        path: Path,
        format: str | None = None,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Job:
        params = {"path": _whole_path(path), "format": format, "options": dict(options or {})}
        return self._start("import", dataset_id, Action.IMPORT, params, on_progress)

    def start_export(
        self,
        dataset_id: int,
        format: str,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Job:
        params = {"format": format, "options": dict(options or {})}
        return self._start("export", dataset_id, Action.EXPORT, params, on_progress)

    def export_to(
        self,
        dataset_id: int,
        format: str,
        path: Path,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
    ) -> ExportedFile:
        target = path.expanduser().absolute()
        if os.path.isdir(target):  # noqa: PTH112 -- Path.is_dir raises for names that are too long
            target /= export_filename(self.get_dataset(dataset_id).name, format)
        if not self._here.runs_inline:  # a worker is somebody else, who does not write into people's folders
            job = self.wait(self.start_export(dataset_id, format, options, on_progress).id, on_progress)
            export = self.get_export((job.result or {})["export_id"])
            return ExportedFile(self.save_export(export.id, target), export.size, export.counts, export.losses)
        params = {"format": format, "options": dict(options or {}), "output": str(target)}
        job = self.wait(self._start("export", dataset_id, Action.EXPORT, params, on_progress).id)
        result = job.result or {}
        return ExportedFile(target, result["size"], result["counts"], tuple(result["losses"]))

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
        """A job is seen by whoever started it and may still see its dataset."""
        if job.dataset_id is None and job.user_id != self._user.id:
            self._allow_everywhere(Action.MANAGE_USERS)
        elif job.dataset_id is not None:
            self._allow(conn, job.dataset_id, Action.READ)

    def jobs(self, dataset_id: int | None = None, page: int = 1, limit: int = 100) -> Page[Job]:
        with self._here.database.read() as conn:
            if dataset_id is not None:
                self._allow(conn, dataset_id, Action.READ)
            return job_rows.list_page(conn, self._user, dataset_id=dataset_id, page=page, limit=limit)

    def cancel_job(self, job_id: int) -> None:
        with self._here.database.read() as conn:
            job = job_rows.get(conn, job_id)
            self._see_job(conn, job)
            if job.user_id != self._user.id and job.dataset_id is not None:
                self._allow(conn, job.dataset_id, Action.EDIT_DATASET)
        self._here.queue.cancel(job_id)

    def wait(self, job_id: int, on_progress: OnProgress | None = None) -> Job:
        return waiting.wait(lambda: self.job(job_id), lambda: self.cancel_job(job_id), on_progress)

    def get_export(self, export_id: int) -> Export:
        with self._here.database.read() as conn:
            export = exports.get(conn, export_id)
            self._allow(conn, export.dataset_id, Action.EXPORT)
            return export

    def save_export(self, export_id: int, path: Path) -> Path:
        export = self.get_export(export_id)
        return self._here.store.download(export.path, Path(path), export.size, export.sha256)


def _whole_path(path: Path) -> str:
    """The path from the root, so that a worker in another folder finds the same; one that cannot be stays as it is."""
    try:
        return str(Path(path).expanduser().resolve())
    except (OSError, RuntimeError, ValueError):
        return str(path)
