"""Paths nobody serves."""

from __future__ import annotations

from jupyter_roboflow.domain.errors import NotFound

from .handler import Handler


class UnknownHandler(Handler):
    """Every other path below `roboflow/api/`: our 404 rather than Jupyter's page, 401 for strangers as everywhere."""

    def get(self, *_: str) -> None:
        raise NotFound(f"There is no {self.request.path}.", code="no_such_route")

    head = post = put = patch = delete = get
