"""The interface described: `openapi.json`, and a page that shows it, with nothing from anywhere else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_server.utils import url_path_join

from jupyter_roboflow.domain.errors import NotAuthenticated, NotFound

from .handler import Handler
from .operation import raw_operation

_PACKAGE = Path(__file__).parent.parent
ASSETS = {
    "swagger-ui.css": (_PACKAGE / "static", "text/css"),
    "swagger-ui-bundle.js": (_PACKAGE / "static", "text/javascript"),
    "docs.css": (_PACKAGE / "pages", "text/css"),
    "docs.js": (_PACKAGE / "pages", "text/javascript"),
}
"""Every file that the page loads: where it lies, and what it is."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


class OpenApiHandler(Handler):
    @raw_operation()
    async def get(self) -> None:
        """This description, for programs."""
        server_url = url_path_join(self.base_url, "roboflow/api")
        describe: Callable[[str], Any] = self.settings["roboflow_openapi"]
        await self.finish(await self.service.in_thread(lambda: json.dumps(describe(server_url))))


class DocsHandler(Handler):
    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """As everywhere, but a stranger with a browser is led to the login."""
        refusal = kwargs.get("exc_info", (None, None))[1]
        if isinstance(refusal, NotAuthenticated) and "text/html" in self.request.headers.get("Accept", ""):
            self.redirect(f"{url_path_join(self.base_url, 'login')}?next={quote(self.request.path)}")
        else:
            super().write_error(status_code, **kwargs)

    @raw_operation(gives="text/html")
    async def get(self) -> None:
        """This description, for people."""
        await send(self, _PACKAGE / "pages" / "docs.html", "text/html")


class DocsAssetHandler(Handler):
    @raw_operation(gives="application/octet-stream")
    async def get(self, asset: str) -> None:
        """A script or a style of that page."""
        if asset not in ASSETS:
            raise NotFound(f"There is no {self.request.path}.", code="no_such_route")
        folder, media_type = ASSETS[asset]
        await send(self, folder / asset, media_type)


async def send(handler: Handler, file: Path, media_type: str) -> None:
    """Answers with a file of the package, which may only do what the page needs."""
    handler.set_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Referrer-Policy", "same-origin")
    handler.set_header("Cache-Control", "private, no-cache")  # with its ETag, so asked again and rarely sent
    content = await handler.service.in_thread(file.read_bytes)
    await handler.finish(content, set_content_type=f"{media_type}; charset=utf-8")
