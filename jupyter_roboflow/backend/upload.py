"""Pictures on their way in: checked in child processes, stored, then entered in the database, a batch at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from ..domain.dataset import Image, Split
from ..domain.user import User
from ..ingest.picture import Picture
from ..ingest.pool import Outcome
from ..ingest.report import UploadReport
from ..ingest.sources import open_sources
from ..jobs.behind import Behind
from ..jobs.new_images import new_image
from ..storage import audit, datasets, images
from .backend import OnProgress
from .installation import Installation

BATCH = 64
"""Pictures per transaction: enough to share its cost, few enough that an interrupt loses little."""


class Upload:
    """One upload into one dataset. Batches are whole: a picture is stored first and entered after."""

    def __init__(
        self, here: Installation, user: User, dataset_id: int, split: Split | None, tags: tuple[str, ...]
    ) -> None:
        self._here, self._user, self._dataset_id = here, user, dataset_id
        self._split, self._tags = split, tags
        self.report = UploadReport()

    def run(self, sources: Any, on_progress: OnProgress | None) -> UploadReport:
        """The report once everything went through. What was added before an interrupt stays."""
        with tempfile.TemporaryDirectory(dir=self._here.store.temp_dir(), ignore_cleanup_errors=True) as folder:
            incoming = open_sources(sources, self._here.settings, Path(folder), self.report.skipped)
            outcomes = self._here.pool.map(incoming)
            try:
                self._collect(outcomes, on_progress)
            finally:
                outcomes.close()
        return self.report

    def _collect(self, outcomes: Generator[Outcome], on_progress: OnProgress | None) -> None:
        done = 0
        with Behind() as behind:
            for batch in batched(outcomes, BATCH):
                behind.do(partial(self._enter, batch))
                done += len(batch)
                if on_progress:
                    on_progress(done, 0, batch[-1].filename)

    def _enter(self, batch: list[Outcome]) -> None:
        entered = iter(self._enter_pictures([outcome.picture for outcome in batch if outcome.picture]))
        for outcome in batch:
            if outcome.error:
                self.report.refuse(outcome.filename, outcome.error)
            else:
                image, known = next(entered)
                (self.report.know if known else self.report.add)(image.filename, image.id)

    def _enter_pictures(self, pictures: list[Picture]) -> list[tuple[Image, bool]]:
        if not pictures:
            return []
        self._here.store.put_pictures(pictures, flushed=True)
        new = [new_image(picture, split=self._split, tags=self._tags) for picture in pictures]
        with self._here.database.write() as conn:
            entered = images.add(conn, self._dataset_id, self._user, new)
            added = [image.id for image, known in entered if not known]
            datasets.touch(conn, self._dataset_id)
            details = {"added": len(added), "known": len(entered) - len(added), "ids": added}
            audit.record(conn, self._user, "upload", dataset_id=self._dataset_id, subject="images", details=details)
        return entered


def batched(outcomes: Iterable[Outcome], size: int) -> Generator[list[Outcome]]:
    """Lists of up to `size` items, in order."""
    stream = iter(outcomes)
    while batch := list(islice(stream, size)):
        yield batch
