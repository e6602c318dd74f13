"""What is seen of every request from outside: that it is there, and an error in the log without its address's query."""

from __future__ import annotations

from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError

from jupyter_roboflow.domain.errors import BackendUnavailable

from ..access_log import log


class Watched(APIHandler):
    """The first base of every handler; `route` is the path's template in `ROUTES`, for metrics and logs."""

    route = ""
    request_id = ""

    def initialize(self, route: str = "") -> None:
        """Called by Tornado once the headers are there."""
        self.route = route
        self.settings["roboflow"].under_way.add(self)

    async def prepare(self) -> None:
        """A server that stops takes nothing new on."""
        if self.settings["roboflow"].under_way.stopping:
            self.set_header("Connection", "close")
            raise BackendUnavailable("The server is being stopped: try again in a moment.", code="stopping")
        await super().prepare()  # pyright: ignore[reportGeneralTypeIssues]

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Tornado's own words hold the whole address, and with it tokens and signatures."""
        where = f"{self.request.method} {self.route or self.request.path} [{self.request_id}]"
        if isinstance(value, HTTPError) and value.status_code < 500:
            log.info("%s: %d %s", where, value.status_code, value.reason or "")
        elif isinstance(value, BackendUnavailable):
            log.warning("%s: %s", where, value)
        else:
            log.error("%s failed", where, exc_info=(typ, value, tb))
