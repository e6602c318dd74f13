"""The job that takes away the rows of a dataset that is deleted for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..storage import deletion
from .kind import JobContext, JobKind


class Delete(JobKind):
    """Params: `dataset`, and its `name` for people to read. Result: `images`, how many this attempt deleted.

    Whoever cancels it stops the work, not the deletion: nobody sees the dataset again, and a server goes on later.
    """

    name: ClassVar[str] = deletion.KIND

    def run(self, context: JobContext) -> Mapping[str, Any]:
        dataset = int(context.job.params["dataset"])
        with context.db.read() as conn:
            total = deletion.size(conn, dataset)
        done = gone = 0
        while True:
            context.progress(done, total, f"{done:,} of {total:,} images deleted")
            context.check()
            with context.effect() as conn:
                gone = deletion.delete_some(conn, dataset)
            if not gone:
                return {"images": done}
            done += gone
