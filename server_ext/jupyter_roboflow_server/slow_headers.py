"""Connections that never finish their headers are closed: Tornado waits an hour, and each holds a file descriptor."""

from __future__ import annotations

import logging

from jupyter_server.serverapp import ServerApp

SLOW_HEADERS_SECONDS = 120.0
"""From the end of one answer, or the start of the connection, to the end of the next headers: no person is slower, and
proxies keep idle connections for 60 or 75 seconds. The setting `roboflow_slow_headers_seconds` of the application goes
before it; 0 leaves Jupyter's server as it is."""

_TORNADOS = 3600.0
"""Its own; another number is somebody's wish."""

_log = logging.getLogger(__name__)


def limit_headers(serverapp: ServerApp) -> None:
    """Have Jupyter's server wait for headers so long and no longer, for connections from now on."""
    seconds = float(serverapp.web_app.settings.get("roboflow_slow_headers_seconds", SLOW_HEADERS_SECONDS))
    parameters = getattr(getattr(serverapp, "http_server", None), "conn_params", None)
    if seconds <= 0 or getattr(parameters, "header_timeout", None) != _TORNADOS:
        return
    assert parameters is not None
    parameters.header_timeout = seconds
    _log.debug("Connections without complete headers are closed after %g seconds", seconds)
