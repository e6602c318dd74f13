"""Images over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ...domain.dataset import Image, Split
from ...domain.errors import Invalid
from ...domain.page import ImageFilter, Page
from ...ingest.report import UploadReport
from ..backend import EVERY_IMAGE, ImageChange, OnProgress
from ..wire import images as wire
from ..wire.model import PageOf
from .client import CONNECTIONS, paging
from .remote import Remote
from .upload import Upload

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
        if where.ids is not None and len(where.ids) > wire.IDS_AT_ONCE:
            raise Invalid(f"A list takes at most {wire.IDS_AT_ONCE:,} ids: ask in parts.", code="too_many_ids")
        query = {**wire.filter_query(where), **paging(page, limit), "sort": sort}
        found = self._client.get(PageOf[wire.Image], f"datasets/{dataset_id}/images", query)
        return found.with_items([item.to_domain() for item in found.items])

    def known_images(self, dataset_id: int, sha256s: Sequence[str]) -> Mapping[str, int]:
        known: dict[str, int] = {}
        for at in range(0, max(1, len(sha256s)), _HASHES_AT_ONCE):
            body = {"sha256": list(sha256s[at : at + _HASHES_AT_ONCE])}
            path = f"datasets/{dataset_id}/images/known"
            known |= self._client.ask(wire.Known, "POST", path, body, repeatable=True).images
        return known

    def get_image(self, image_id: int) -> Image:
        return self._client.get(wire.Image, f"images/{image_id}").to_domain()

    def image_bytes(self, image_id: int) -> bytes:
        return self._client.send("GET", f"images/{image_id}/file", query={"redirect": 0}).content

    def thumbnails(self, image_ids: Sequence[int]) -> list[bytes]:
        if not image_ids:
            return []
        with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="thumbnails") as threads:
            return list(threads.map(self._thumbnail, image_ids))

    def _thumbnail(self, image_id: int) -> bytes:
        return self._client.send("GET", f"images/{image_id}/thumbnail", query={"redirect": 0}).content

    def update_images(self, dataset_id: int, image_ids: Sequence[int], change: ImageChange) -> None:
        if not image_ids:  # nothing to name, and the dataset's audit says nothing of it
            self._require_dataset(dataset_id)
            return
        body = {
            "ids": list(image_ids),
            "split": "none" if change.clear_split else change.split and str(change.split),
            "state": change.state and str(change.state),
            "add_tags": list(change.add_tags),
            "remove_tags": list(change.remove_tags),
        }
        self._client.send("PATCH", f"datasets/{dataset_id}/images", body=body)

    def delete_images(self, dataset_id: int, image_ids: Sequence[int]) -> int:
        if not image_ids:
            self._require_dataset(dataset_id)
            return 0
        path = f"datasets/{dataset_id}/images/delete"
        return self._client.ask(wire.Deleted, "POST", path, {"ids": list(image_ids)}).images

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
