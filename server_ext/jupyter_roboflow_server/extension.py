"""What Jupyter Server loads."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from functools import partial

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from traitlets import default

from jupyter_roboflow import __version__
from jupyter_roboflow.backend.kernel import INFO
from jupyter_roboflow.domain.errors import BackendUnavailable
from jupyter_roboflow.logs import start_logging
from jupyter_roboflow.settings import Settings

from .access_log import beside
from .handlers import ROUTES
from .handlers.handler import Handler
from .identity import is_open_to_strangers
from .openapi import document
from .sentry import start_sentry
from .service import Service
from .slow_headers import limit_headers

PREFIX = "roboflow/api/"
"""Where the routes are, below the server's base URL."""

NEVER_LOGGED = ("pass", "pwd", "secret", "sign")
"""Query parameters with one of these in their name are not logged, besides those that Jupyter knows by itself.

None of our routes takes a password there; somebody will try, and then it should not be in the log as well.
"""

SECRET_VARIABLE = "ROBOFLOW_JWT_SECRET"
"""What accounts are signed with. Nobody but this server has a use for it."""

_PART = re.compile(r"\{(\w+)\}")


class RoboflowExtension(ExtensionApp):
    """The platform's REST interface inside a Jupyter server."""

    name = "jupyter_roboflow_server"
    version = __version__
    extension_url = "/roboflow/api/docs"
    description = "Annotate, check, augment and export image datasets: the REST interface of jupyter-roboflow"

    service: Service | None = None
    """None where a setting cannot be: Jupyter says so and goes on without us."""

    @default("file_url_prefix")
    def _file_url_prefix(self) -> str:
        return "/roboflow/files"

    def initialize_settings(self) -> None:
        """Gives every handler the one Service of this server."""
        settings = Settings.from_environment()
        # kernels and terminals inherit the environment: with the secret they could act as anybody
        os.environ.pop(SECRET_VARIABLE, None)
        start_logging(settings, getattr(self.serverapp, "log_level", logging.INFO))
        start_sentry()
        self.service = service = Service(settings)
        self.settings["roboflow"] = service
        self.settings["roboflow_openapi"] = partial(document, ROUTES)
        # among our settings: they are a copy of the application's, and go over those when this method is done
        self.settings["log_function"] = beside(self.settings.get("log_function"), Handler)
        if self.serverapp is not None:
            service.open_to_strangers = self._is_open(self.serverapp)
            os.environ[INFO] = str(self.serverapp.info_file)  # kernels inherit it, and so find this server
            known = self.serverapp.web_app.settings
            known["extra_log_scrub_param_keys"] = [*known.get("extra_log_scrub_param_keys", ()), *NEVER_LOGGED]

    def initialize_handlers(self) -> None:
        """Mounts every route below `<base_url>roboflow/api/`."""
        self.handlers.extend(
            (f"/{PREFIX}{pattern_of(path)}", handler, {"route": name_of(path)}) for path, handler in ROUTES
        )

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Called once the event loop runs: jobs that wait need no request to go on."""
        if self.service is None:
            return
        limit_headers(serverapp)
        with contextlib.suppress(BackendUnavailable):  # it is in the log, and every request is told
            await self.service.in_thread(self.service.check_secret)
        self.service.start()

    def _is_open(self, serverapp: ServerApp) -> bool:
        """Whether anybody gets in from other machines, so that we answer nobody; says so, also of those on this one."""
        provider = serverapp.identity_provider
        is_open = is_open_to_strangers(provider, serverapp.ip, serverapp.sock)
        if is_open:
            serverapp.log.error(
                "jupyter-roboflow answers nobody: this server has neither token nor password and listens on %r, so "
                "that anybody who reaches it could run code and read every dataset. Start it with a token or "
                "password, or with --ip=127.0.0.1.",
                serverapp.ip or "every address",
            )
        elif not provider.auth_enabled:
            serverapp.log.warning(
                "jupyter-roboflow: this server has neither token nor password, so that everybody on this machine is "
                "its owner. For a demonstration only."
            )
        return is_open

    async def stop_extension(self) -> None:
        """Lets requests end that are worked on; called when the server stops. An error here would keep it from that."""
        if self.service is not None:
            await self.service.stop()


def name_of(path: str) -> str:
    """A route's name in logs and metrics: its path, `unknown` for what catches all others."""
    return "unknown" if path == ".*" else path


def pattern_of(path: str) -> str:
    """A route's path as the regular expression Tornado matches; parts in braces become named groups."""
    return _PART.sub(r"(?P<\1>[^/]+)", path)
