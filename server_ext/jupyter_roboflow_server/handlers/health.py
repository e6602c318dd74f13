"""Whether the server is there."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_roboflow.backend.wire.model import Status

from .handler import Handler
from .operation import operation


class LiveHandler(Handler):
    @operation(answer=Status, open_to_all=True)
    def get(self) -> Mapping[str, str]:
        """This process answers. Supervisors cannot log in, so it is open to all, and tells nothing else."""
        return {"status": "ok"}
