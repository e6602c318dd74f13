"""Whether the server is there."""

from __future__ import annotations

from .handler import Handler


class LiveHandler(Handler):
    """`GET health/live`: this process answers. Supervisors cannot log in, so it is open, and tells nothing else."""

    open_to_all = frozenset({"GET"})

    def get(self) -> None:
        self.answer({"status": "ok"})
