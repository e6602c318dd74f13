"""Paths nobody serves."""

from __future__ import annotations

from jupyter_roboflow.domain.errors import NotFound

from .handler import Handler


class UnknownHandler(Handler):
    """Answers every other path below `roboflow/api/` with our 404 rather than Jupyter's page; strangers get 401 as everywhere."""

    def get(self, *_: str) -> None:
        raise NotFound(f"There is no {self.request.path}.", code="no_such_route")

    head = post = put = patch = delete = get
