"""What Jupyter Server loads."""

from __future__ import annotations

import re

from jupyter_server.extension.application import ExtensionApp
from traitlets import default

from jupyter_roboflow import __version__
from jupyter_roboflow.settings import Settings

from .handlers import ROUTES
from .service import Service

PREFIX = "roboflow/api/"
"""Where the routes are, below the server's base URL."""

NEVER_LOGGED = ("pass", "pwd", "secret", "sign")
"""Query parameters with one of these in their name are not logged, besides those that Jupyter knows by itself.

None of our routes takes a password there; somebody will try, and then it should not be in the log as well.
"""

_PART = re.compile(r"\{(\w+)\}")


class RoboflowExtension(ExtensionApp):
    """The platform's REST interface inside a Jupyter server."""

    name = "jupyter_roboflow_server"
    version = __version__
    extension_url = "/roboflow/api/docs"
    description = "Annotate, check, augment and export image datasets: the REST interface of jupyter-roboflow"

    service: Service

    @default("file_url_prefix")
    def _file_url_prefix(self) -> str:
        return "/roboflow/files"

    def initialize_settings(self) -> None:
        """Gives every handler the one Service of this server."""
        self.service = Service(Settings.from_environment())
        self.settings["roboflow"] = self.service
        if self.serverapp is not None:
            known = self.serverapp.web_app.settings
            known["extra_log_scrub_param_keys"] = [*known.get("extra_log_scrub_param_keys", ()), *NEVER_LOGGED]

    def initialize_handlers(self) -> None:
        """Mounts every route below `<base_url>roboflow/api/`."""
        self.handlers.extend((f"/{PREFIX}{pattern_of(path)}", handler) for path, handler in ROUTES)

    async def stop_extension(self) -> None:
        """Lets requests end that are worked on; called when the server stops."""
        self.service.close()


def pattern_of(path: str) -> str:
    """A route's path as the regular expression Tornado matches; parts in braces become named groups."""
    return _PART.sub(r"(?P<\1>[^/]+)", path)
