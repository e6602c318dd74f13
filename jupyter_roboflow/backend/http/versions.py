"""Versions over HTTP."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from ...domain.annotation import Annotation
from ...domain.dataset import Split
from ...domain.job import Job
from ...domain.version import Version, VersionDiff, VersionImage
from ..backend import OnProgress
from ..wire import versions as wire
from ..wire.jobs import JobStarted
from .annotations import EXAMPLES_AT_ONCE
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
        shares = None if splits is None else {str(split): float(share) for split, share in splits.items()}
        body: dict[str, Any] = {"recipe": dict(recipe), "splits": shares, "name": name, "note": note}
        body["options"] = dict(options or {})
        return self._started(f"datasets/{dataset_id}/versions", body)

    def rebuild_version(self, version_id: int, on_progress: OnProgress | None = None) -> Job:
        return self._started(f"versions/{version_id}/rebuild", None)

    def versions(self, dataset_id: int) -> tuple[Version, ...]:
        found = self._client.get(wire.Versions, f"datasets/{dataset_id}/versions")
        return tuple(item.to_domain() for item in found.items)

    def get_version(self, version_id: int) -> Version:
        return self._client.get(wire.Version, f"versions/{version_id}").to_domain()

    def delete_version(self, version_id: int) -> None:
        self._client.send("DELETE", f"versions/{version_id}")

    def version_examples(
        self, version_id: int, split: Split | None = None, *, after: int = 0, limit: int | None = None
    ) -> Generator[tuple[VersionImage, tuple[Annotation, ...]]]:
        left, start = limit, after
        while left is None or left > 0:
            at_once = EXAMPLES_AT_ONCE if left is None else min(left, EXAMPLES_AT_ONCE)
            query = {"split": split and str(split), "after": start, "limit": at_once}
            page = self._client.get(wire.VersionExamples, f"versions/{version_id}/examples", query)
            for item in page.items:
                yield item.to_domain()
            if page.next is None:
                return
            start, left = page.next, None if left is None else left - len(page.items)

    def version_image_bytes(self, version_id: int, position: int, *, thumbnail: bool = False) -> bytes:
        what = "thumbnail" if thumbnail else "file"
        path = f"versions/{version_id}/images/{position}/{what}"
        return self._client.send("GET", path, query={"redirect": 0}).content

    def version_diff(self, before_id: int, after_id: int) -> VersionDiff:
        return self._client.get(wire.VersionDiff, f"versions/{before_id}/diff/{after_id}").to_domain()

    def _started(self, path: str, body: Mapping[str, Any] | None) -> Job:
        return self.job(self._client.ask(JobStarted, "POST", path, body, once=True).job_id)
