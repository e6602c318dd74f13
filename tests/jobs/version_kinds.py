"""Parts of versions under a test's control: with `gate` in the version's params they stop after their first picture."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_roboflow.domain.errors import BackendUnavailable
from jupyter_roboflow.jobs.kind import JobContext
from jupyter_roboflow.jobs.version_chunk import VersionChunk
from jupyter_roboflow.storage import jobs


class GatedChunk(VersionChunk):
    """Says in a file that it has begun (its process id), and goes on when there is a file `open`.

    With `poison`, the number of a part, that part kills its worker every time. With `away` the object store does not
    answer at a part's first attempt.
    """

    def run(self, context: JobContext) -> Mapping[str, Any]:
        with context.db.read() as connection:
            parent = context.job.parent_id or 0
            asked = jobs.get(connection, parent).params
            parts = jobs.parts(connection, parent)
        if asked.get("poison") == [part.id for part in parts].index(context.job.id):
            if sys.platform == "win32":
                os._exit(1)
            os.kill(os.getpid(), signal.SIGKILL)
        if asked.get("away") and context.job.attempt == 1:
            raise BackendUnavailable("The object store does not answer.", code="storage_unavailable")
        if "gate" in asked:
            self._stop_in_the_middle(context, Path(asked["gate"]))
        return super().run(context)

    def _stop_in_the_middle(self, context: JobContext, folder: Path) -> None:
        tell, told = context.progress, folder / f"started-{context.job.id}-{context.job.attempt}"

        def progress(done: float, total: float, message: str = "") -> None:
            tell(done, total, message)
            if done == 1:
                told.with_suffix(".tmp").write_text(str(os.getpid()))
                told.with_suffix(".tmp").replace(told)
                while not (folder / "open").exists():
                    context.check()
                    time.sleep(0.02)

        context.progress = progress  # type: ignore[method-assign]
