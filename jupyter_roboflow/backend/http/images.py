"""Images over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.dataset import Image, Split
from ...domain.page import ImageFilter, Page
from ...ingest.report import UploadReport
from ..backend import EVERY_IMAGE, OnProgress
from ..changes import ChangedImages, ImageChange, Relabeled, RelabelUndo
from ..wire import images as wire
from ..wire.image_filter import filter_fields, filter_query
from ..wire.model import PageOf
from .client import paging
from .remote import Remote
from .upload import Upload

_IDS_AT_ONCE = 10_000
_HASHES_AT_ONCE = 1_000


class ImageMethods(Remote):
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
        self._require_dataset(dataset_id)
        return Upload(self._client, self._settings, dataset_id, split, tuple(tags)).run(sources, on_progress)

    def images(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, page: int = 1, limit: int = 100, sort: str = "id"
    ) -> Page[Image]:
        query = {**filter_query(where), **paging(page, limit), "sort": sort}
        found = self._client.get(PageOf[wire.Image], f"datasets/{dataset_id}/images", query)
        return found.with_items([item.to_domain() for item in found.items])

    def image_ids(self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, sort: str = "id") -> list[int]:
        query = {**filter_query(where), "sort": sort}
        return list(self._client.get(wire.AllIds, f"datasets/{dataset_id}/images/ids", query).ids)

    def known_images(self, dataset_id: int, sha256s: Sequence[str]) -> Mapping[str, int]:
        known: dict[str, int] = {}
        for at in range(0, max(1, len(sha256s)), _HASHES_AT_ONCE):
            body = {"sha256": list(sha256s[at : at + _HASHES_AT_ONCE])}
            path = f"datasets/{dataset_id}/images/known"
            known |= self._client.ask(wire.Known, "POST", path, body, repeatable=True).images
        return known

    def annotation_counts(self, dataset_id: int, image_ids: Sequence[int]) -> Mapping[int, int]:
        path, counts = f"datasets/{dataset_id}/images/annotation-counts", dict[int, int]()
        for at in range(0, len(image_ids), _IDS_AT_ONCE):
            body = {"ids": list(image_ids[at : at + _IDS_AT_ONCE])}
            counts |= self._client.ask(wire.AnnotationCounts, "POST", path, body, repeatable=True).images
        return counts

    def get_image(self, image_id: int) -> Image:
        return self._client.get(wire.Image, f"images/{image_id}").to_domain()

    def image_bytes(self, image_id: int) -> bytes:
        return self._client.send("GET", f"images/{image_id}/file", query={"redirect": 0}).content

    def thumbnails(self, image_ids: Sequence[int]) -> list[bytes]:
        found: list[bytes] = []
        while wanted := image_ids[len(found) : len(found) + wire.THUMBNAILS_AT_ONCE]:
            body = {"ids": list(wanted)}
            found += self._client.ask(wire.Thumbnails, "POST", "images/thumbnails", body, repeatable=True).items
        return found

    def update_images(self, dataset_id: int, image_ids: Sequence[int], change: ImageChange) -> None:
        if not image_ids:  # nothing to name, and the dataset's audit says nothing of it
            self._require_dataset(dataset_id)
            return
        body = {"ids": list(image_ids), **wire.change_fields(change)}
        self._client.send("PATCH", f"datasets/{dataset_id}/images", body=body)

    def delete_images(self, dataset_id: int, image_ids: Sequence[int]) -> int:
        if not image_ids:
            self._require_dataset(dataset_id)
            return 0
        path = f"datasets/{dataset_id}/images/delete"
        return self._client.ask(wire.Deleted, "POST", path, {"ids": list(image_ids)}).images

    def change_images_where(
        self, dataset_id: int, where: ImageFilter, change: ImageChange, *, expected: int | None = None
    ) -> ChangedImages:
        body = {"where": filter_fields(where), "expected": expected, **wire.change_fields(change)}
        path = f"datasets/{dataset_id}/images/change"
        return self._client.ask(wire.ChangedImages, "POST", path, body, once=True).to_domain()

    def delete_images_where(self, dataset_id: int, where: ImageFilter, *, expected: int | None = None) -> int:
        body = {"where": filter_fields(where), "expected": expected}
        path = f"datasets/{dataset_id}/images/delete"
        return self._client.ask(wire.Deleted, "POST", path, body, once=True).images

    def relabel_images_where(
        self,
        dataset_id: int,
        where: ImageFilter,
        target: str,
        *,
        source: str | None = None,
        expected: int | None = None,
    ) -> Relabeled:
        body = {"where": filter_fields(where), "expected": expected, "source": source, "target": target}
        path = f"datasets/{dataset_id}/images/relabel"
        return self._client.ask(wire.Relabeled, "POST", path, body, once=True).to_domain()

    def undo_relabeling(self, dataset_id: int, undo: Sequence[RelabelUndo]) -> Relabeled:
        body = {"undo": [wire.relabel_fields(each) for each in undo]}
        path = f"datasets/{dataset_id}/images/relabel/undo"
        return self._client.ask(wire.Relabeled, "POST", path, body, once=True).to_domain()

    def tags(self, dataset_id: int) -> Mapping[str, int]:
        found = self._client.get(wire.Tags, f"datasets/{dataset_id}/tags")
        return {each.tag: each.images for each in found.items}

    def split_images(
        self,
        dataset_id: int,
        fractions: Mapping[Split, float],
        *,
        seed: int = 0,
        groups: Mapping[int, str] | None = None,
        stratify: bool = False,
    ) -> Mapping[Split, int]:
        body = {
            "fractions": {str(split): share for split, share in fractions.items()},
            "seed": seed,
            "groups": None if groups is None else {str(number): key for number, key in groups.items()},
            "stratify": stratify,
        }
        counts = self._client.ask(wire.SplitCounts, "POST", f"datasets/{dataset_id}/splits", body).images
        return {split: counts.get(split, 0) for split in Split}
