"""Images in this process."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ...domain.dataset import Image, Split, clean_name
from ...domain.errors import Invalid, NotFound
from ...domain.page import ImageFilter, Page
from ...domain.splitting import assign_splits
from ...domain.user import Action, may
from ...ingest.report import UploadReport
from ...storage import datasets, image_changes, images, labels, relabeling
from ...storage.database import Connection
from ...storage.image_changes import Before
from ..backend import EVERY_IMAGE, OnProgress
from ..changes import ChangedImages, ImageChange, Relabeled, RelabelUndo
from ..stored_file import StoredFile, image_file, thumbnail_file
from ..thumbnails import read_thumbnails
from ..upload import Upload
from .access import Access
from .undo import check_expected, moves_of, relabel_undo, shown, undo_of


class ImageMethods(Access):
    """What a Backend says of images."""

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
        named = tuple(clean_name(tag, "tag") for tag in tags)  # before anything is stored
        return Upload(self._here, self._user, dataset_id, split, named).run(sources, on_progress)

    def images(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, page: int = 1, limit: int = 100, sort: str = "id"
    ) -> Page[Image]:
        with self._reading(dataset_id) as conn:
            return images.list_page(conn, dataset_id, where, page, limit, sort)

    def image_ids(self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, sort: str = "id") -> list[int]:
        with self._reading(dataset_id) as conn:
            return images.list_ids(conn, dataset_id, where, sort)

    def known_images(self, dataset_id: int, sha256s: Sequence[str]) -> Mapping[str, int]:
        with self._reading(dataset_id) as conn:
            return {sha256: image.id for sha256, image in images.by_sha256(conn, dataset_id, set(sha256s)).items()}

    def get_image(self, image_id: int) -> Image:
        with self._here.database.read() as conn:
            return self._image(conn, image_id, Action.READ)

    def image_bytes(self, image_id: int) -> bytes:
        image = self.get_image(image_id)
        return self._here.store.read_blob(image.sha256)

    def thumbnails(self, image_ids: Sequence[int]) -> list[bytes]:
        return list(self.each_thumbnail(image_ids))

    def each_thumbnail(self, image_ids: Sequence[int]) -> Generator[bytes]:
        """The thumbnails one after another, once all of the images are there and may be seen."""
        with self._here.database.read() as conn:
            found = images.by_id(conn, image_ids)
            self._require_images(conn, image_ids)
        yield from read_thumbnails(self._here, [found[image_id] for image_id in image_ids])

    def annotation_counts(self, dataset_id: int, image_ids: Sequence[int]) -> Mapping[int, int]:
        with self._reading(dataset_id) as conn:
            images.check_ids(conn, dataset_id, image_ids)
            return images.annotation_counts(conn, image_ids)

    def image_file(self, image_id: int) -> StoredFile:
        """The original file, to be sent piece by piece."""
        return image_file(self._here.store, self.get_image(image_id))

    def thumbnail_file(self, image_id: int) -> StoredFile:
        """The thumbnail, to be sent."""
        return thumbnail_file(self._here, self.get_image(image_id))

    def require_images(self, image_ids: Sequence[int]) -> None:
        """Raise `NotFound` unless each of these images is there and may be seen."""
        with self._here.database.read() as conn:
            self._require_images(conn, image_ids)

    def _require_images(self, conn: Connection, image_ids: Sequence[int]) -> None:
        roles = datasets.roles_at_images(conn, image_ids, self._user)
        for image_id in image_ids:
            if image_id not in roles or not may(self._user.role, roles[image_id], Action.READ):
                raise NotFound(f"There is no image {image_id}.")

    def update_images(self, dataset_id: int, image_ids: Sequence[int], change: ImageChange) -> None:
        details = {**_details(change), "images": len(image_ids), "first": list(image_ids[:100])}
        with self._writing(dataset_id, Action.EDIT_IMAGES, "images", **details) as conn:
            images.check_ids(conn, dataset_id, image_ids)
            _apply(conn, image_ids, change)

    def delete_images(self, dataset_id: int, image_ids: Sequence[int]) -> int:
        details = {"images": len(image_ids), "first": list(image_ids[:100])}
        with self._writing(dataset_id, Action.DELETE_IMAGES, "images", **details) as conn:
            images.check_ids(conn, dataset_id, image_ids)
            return images.delete_images(conn, image_ids)

    def change_images_where(
        self, dataset_id: int, where: ImageFilter, change: ImageChange, *, expected: int | None = None
    ) -> ChangedImages:
        added = tuple(clean_name(tag, "tag") for tag in change.add_tags)
        tags = (*added, *change.remove_tags)
        with self._finding(dataset_id, Action.EDIT_IMAGES, where, expected, tags, _details(change)) as (conn, found):
            _apply(conn, [image.id for image in found], change)
        return ChangedImages(len(found), undo_of(found, replace(change, add_tags=added)))

    def delete_images_where(self, dataset_id: int, where: ImageFilter, *, expected: int | None = None) -> int:
        with self._finding(dataset_id, Action.DELETE_IMAGES, where, expected) as (conn, found):
            return images.delete_images(conn, [image.id for image in found])

    def relabel_images_where(
        self,
        dataset_id: int,
        where: ImageFilter,
        target: str,
        *,
        source: str | None = None,
        expected: int | None = None,
    ) -> Relabeled:
        wish = {"target": target, "source": source}
        with self._finding(dataset_id, Action.ANNOTATE, where, expected, details=wish) as (conn, found):
            new = labels.by_name(conn, dataset_id, target).id
            old = None if source is None else labels.by_name(conn, dataset_id, source).id
            if old == new:
                raise Invalid(f"{target!r} would stay as it is: name another label.", code="same_label")
            done = relabeling.relabel(conn, [image.id for image in found], old, new)
            return Relabeled(done.images, done.annotations, relabel_undo(conn, dataset_id, done.moves))

    def undo_relabeling(self, dataset_id: int, undo: Sequence[RelabelUndo]) -> Relabeled:
        with self._here.database.write() as conn:
            self._allow(conn, dataset_id, Action.ANNOTATE)
            done = relabeling.take_back(conn, moves_of(conn, dataset_id, undo))
            if done.annotations:
                moves = [{"target": each.source, "source": each.target} for each in undo[:100]]
                said = {"undone": moves, "images": done.images, "annotations": done.annotations}
                self._note(conn, dataset_id, Action.ANNOTATE, "images", said)
        return Relabeled(done.images, done.annotations)

    def tags(self, dataset_id: int) -> Mapping[str, int]:
        with self._reading(dataset_id) as conn:
            return image_changes.tag_counts(conn, dataset_id)

    @contextmanager
    def _finding(
        self,
        dataset_id: int,
        action: Action,
        where: ImageFilter,
        expected: int | None,
        tags: Sequence[str] = (),
        details: Mapping[str, Any] | None = None,
    ) -> Generator[tuple[Connection, list[Before]]]:
        """A transaction with the images that fit, for what is done to all of them."""
        with self._here.database.write() as conn:
            self._allow(conn, dataset_id, action)
            found = image_changes.before(conn, dataset_id, where, tags)
            check_expected(expected, len(found))
            yield conn, found
            if found:
                first = [image.id for image in found[:100]]
                said = {**(details or {}), "images": len(found), "where": shown(where), "first": first}
                self._note(conn, dataset_id, action, "images", said)

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
            ids = images.list_ids(conn, dataset_id, EVERY_IMAGE)
            strata = images.labels_by_image(conn, dataset_id) if stratify else None
            assigned = assign_splits(ids, fractions, seed, groups, strata)
            images.set_split(conn, assigned)
        return {split: sum(1 for given in assigned.values() if given is split) for split in Split}


def _details(change: ImageChange) -> dict[str, Any]:
    """A change as the audit log tells it."""
    details: dict[str, Any] = {"split": change.split, "state": change.state, "cleared": change.clear_split}
    return {**details, "add_tags": change.add_tags, "remove_tags": change.remove_tags}


def _apply(conn: Connection, ids: Sequence[int], change: ImageChange) -> None:
    if change.split or change.clear_split:
        images.set_split(conn, dict.fromkeys(ids, change.split))
    if change.state:
        images.set_state(conn, ids, change.state)
    if change.add_tags or change.remove_tags:
        images.set_tags(conn, ids, add=change.add_tags, remove=change.remove_tags)
