"""One line in our log for every request: who asked for what, what came of it, how long it took. Never a query."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from jupyter_server.prometheus import log_functions

from . import metrics

log = logging.getLogger("jupyter_roboflow_server")
access = logging.getLogger("jupyter_roboflow_server.access")

Logs = Callable[[Any], None]

count: Logs = log_functions.prometheus_log_method  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
"""Jupyter's own histogram of all requests."""


def beside(jupyters: Logs | None, ours: type) -> Logs:
    """The log function of the whole application: ours for our handlers, and the one there was for all others."""

    def log_request(handler: Any) -> None:
        if isinstance(handler, ours):
            note(handler)
            count(handler)
        elif jupyters is not None:
            jupyters(handler)

    return log_request


def note(handler: Any) -> None:
    """A request is over: its line in the log and its place in the metrics."""
    request, status, seconds = handler.request, handler.get_status(), handler.request.request_time()
    handler.settings["roboflow"].under_way.discard(handler)
    metrics.observe_request(handler.route, request.method, status, seconds)
    caller = getattr(handler, "caller", None)
    fields = {
        "request_id": handler.request_id,
        "method": request.method,
        "route": handler.route,
        "path": request.path,
        "status": status,
        "ms": round(1000 * seconds, 1),
        "user": caller.user.username if caller else "",
        "ip": request.remote_ip,
    }
    # the text from outside is shown as Python would write it: a line break in it is no new line in the log
    access.info(
        "%s %s %d %.1f ms user=%r id=%s", request.method, quoted(request.path), status, fields["ms"],
        fields["user"], handler.request_id, extra=fields,
    )  # fmt: skip


def quoted(path: str) -> str:
    """A path as it came, bare where it is plain."""
    return path if path.isprintable() else repr(path)
