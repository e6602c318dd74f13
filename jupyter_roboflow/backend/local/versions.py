"""Versions in this process."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from itertools import islice
from typing import Any

from ...domain.annotation import Annotation
from ...domain.dataset import Split, clean_name
from ...domain.errors import NotFound
from ...domain.job import Job
from ...domain.user import Action
from ...domain.version import Version, VersionDiff, VersionImage
from ...storage import version_diff, versions
from ...storage.database import Connection
from ..backend import OnProgress
from ..stored_file import StoredFile, image_file, thumbnail_file
from ..thumbnails import read_thumbnail
from .annotations import CHUNK
from .jobs import JobMethods


class VersionMethods(JobMethods):
    """What a Backend says of versions."""

    def create_version(
        self,
        dataset_id: int,
        recipe: Mapping[str, Any],
        *,
        splits: Mapping[Split, float] | None = None,
        name: str | None = None,
        note: str | None = None,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Job:
        with self._reading(dataset_id, Action.CREATE_VERSION):
            pass
        params: dict[str, Any] = {
            "recipe": dict(recipe),
            "splits": None if splits is None else {str(split): share for split, share in splits.items()},
            "name": clean_name(name, "version") if name is not None else None,
            "note": note,
            "options": dict(options or {}),
        }
        return self._start("version", dataset_id, Action.CREATE_VERSION, params, on_progress)

    def rebuild_version(self, version_id: int, on_progress: OnProgress | None = None) -> Job:
        with self._here.database.read() as conn:
            version = self._version(conn, version_id, Action.CREATE_VERSION)
        options = {name: value for name, value in version.options.items() if name != "splits"}
        params = {"recipe": dict(version.recipe), "options": {**options, "on_error": "fail"}, "rebuild": version_id}
        return self._start("version", version.dataset_id, Action.CREATE_VERSION, params, on_progress)

    def versions(self, dataset_id: int) -> tuple[Version, ...]:
        with self._reading(dataset_id) as conn:
            return versions.list_for(conn, dataset_id)

    def get_version(self, version_id: int) -> Version:
        with self._here.database.read() as conn:
            return self._version(conn, version_id, Action.READ)

    def delete_version(self, version_id: int) -> None:
        with self._here.database.read() as conn:
            version = self._version(conn, version_id, Action.DELETE_VERSION)
        subject, details = f"v{version.number}", {"version": version.id, "content_hash": version.content_hash}
        with self._writing(version.dataset_id, Action.DELETE_VERSION, subject, **details) as conn:
            versions.get(conn, version_id)
            versions.delete_version(conn, version_id)

    def version_examples(
        self, version_id: int, split: Split | None = None, *, after: int = 0, limit: int | None = None
    ) -> Generator[tuple[VersionImage, tuple[Annotation, ...]]]:
        with self._here.database.read() as conn:
            self._version(conn, version_id, Action.READ)
            chunk = CHUNK if limit is None else min(limit, CHUNK)
            yield from islice(versions.stream(conn, version_id, split, after, chunk), limit)

    def version_image_bytes(self, version_id: int, position: int, *, thumbnail: bool = False) -> bytes:
        image = self._frozen_image(version_id, position)
        return read_thumbnail(self._here, image) if thumbnail else self._here.store.read_blob(image.sha256)

    def version_image_file(self, version_id: int, position: int) -> StoredFile:
        """The file of a picture of a version, to be sent piece by piece."""
        return image_file(self._here.store, self._frozen_image(version_id, position))

    def version_thumbnail_file(self, version_id: int, position: int) -> StoredFile:
        """The thumbnail of a picture of a version, to be sent."""
        return thumbnail_file(self._here, self._frozen_image(version_id, position))

    def _frozen_image(self, version_id: int, position: int) -> VersionImage:
        with self._here.database.read() as conn:
            self._version(conn, version_id, Action.READ)
            return versions.image(conn, version_id, position)

    def version_diff(self, before_id: int, after_id: int) -> VersionDiff:
        with self._here.database.read() as conn:
            for version_id in (before_id, after_id):
                self._version(conn, version_id, Action.READ)
            return version_diff.diff(conn, before_id, after_id)

    def _version(self, conn: Connection, version_id: int, action: Action) -> Version:
        version = versions.get(conn, version_id)
        if not self._sees(conn, version.dataset_id):
            raise NotFound(f"There is no version {version_id}.")
        self._allow(conn, version.dataset_id, action)
        return version
