"""What Jupyter Server loads."""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp
from traitlets import default

from jupyter_roboflow import __version__

from .handlers import ROUTES


class RoboflowExtension(ExtensionApp):
    """The platform's REST interface inside a Jupyter server."""

    name = "jupyter_roboflow_server"
    version = __version__
    extension_url = "/roboflow/api/health/live"
    description = "Annotate, check, augment and export image datasets: the REST interface of jupyter-roboflow"

    @default("file_url_prefix")
    def _file_url_prefix(self) -> str:
        return "/roboflow/files"

    def initialize_handlers(self) -> None:
        """Mounts every route below `<base_url>roboflow/api/`."""
        self.handlers.extend((f"/roboflow/api/{path}", handler) for path, handler in ROUTES)
