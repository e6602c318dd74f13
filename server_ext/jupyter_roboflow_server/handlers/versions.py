"""Versions: datasets frozen by a recipe, their pictures, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.stored_file import StoredFile
from jupyter_roboflow.backend.wire import versions as wire
from jupyter_roboflow.backend.wire.examples import page_of_examples
from jupyter_roboflow.backend.wire.jobs import JobStarted
from jupyter_roboflow.domain.version import Version, VersionDiff

from .files import FileHandler
from .handler import Handler
from .operation import operation


class VersionsHandler(Handler):
    @operation(answer=wire.Versions)
    def get(self, backend: Backend, dataset_id: int) -> Mapping[str, Any]:
        """The versions of a dataset, the newest first."""
        return {"items": backend.versions(dataset_id)}

    @operation(body=wire.NewVersion, answer=JobStarted, status=HTTPStatus.ACCEPTED, idempotent=True)
    def post(self, backend: Backend, dataset_id: int, body: wire.NewVersion) -> Mapping[str, int]:
        """Freeze the dataset by a recipe, as a job."""
        job = backend.create_version(
            dataset_id,
            body.recipe,
            splits=body.splits.to_domain() if body.splits else None,
            name=body.name,
            note=body.note,
            options=body.options.model_dump(),
        )
        return {"job_id": job.id}


class VersionHandler(Handler):
    @operation(answer=wire.Version)
    def get(self, backend: Backend, version_id: int) -> Version:
        """What a version is made of and came from."""
        return backend.get_version(version_id)

    @operation()
    def delete(self, backend: Backend, version_id: int) -> None:
        """Delete a version with its exports; its number is not given out again."""
        backend.delete_version(version_id)


class VersionRebuildHandler(Handler):
    @operation(answer=JobStarted, status=HTTPStatus.ACCEPTED, idempotent=True)
    def post(self, backend: Backend, version_id: int) -> Mapping[str, int]:
        """Make a version once more from what it was made from, as a job: the result says whether it is the same."""
        return {"job_id": backend.rebuild_version(version_id).id}


class VersionDiffHandler(Handler):
    @operation(answer=wire.VersionDiff)
    def get(self, backend: Backend, version_id: int, other_id: int) -> VersionDiff:
        """What was added, removed and changed from one version to another."""
        return backend.version_diff(version_id, other_id)


class VersionExamplesHandler(Handler):
    @operation(query=wire.VersionExampleQuery, answer=wire.VersionExamples)
    def get(self, backend: Backend, version_id: int, query: wire.VersionExampleQuery) -> Mapping[str, Any]:
        """The pictures of a version with their annotations, in order."""
        found = backend.version_examples(version_id, query.split, after=query.after, limit=query.limit)
        with closing(found):
            return page_of_examples(found, query.limit, lambda image: image.position)


class VersionImageFileHandler(FileHandler):
    purpose, part = "version-image-file", "version_id"

    def stored(self, backend: LocalBackend, number: int) -> StoredFile:
        return backend.version_image_file(number, int(self.path_parts(self.path_kwargs)["position_id"]))


class VersionThumbnailHandler(FileHandler):
    purpose, part = "version-image-thumbnail", "version_id"

    def stored(self, backend: LocalBackend, number: int) -> StoredFile:
        return backend.version_thumbnail_file(number, int(self.path_parts(self.path_kwargs)["position_id"]))
