"""Links that open one file for a few minutes without a login, for an `<img>` that can send none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from jupyter_roboflow.backend.accounts import Accounts, Caller
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.wire import uploads as wire

from .files import ExportFileHandler, ImageFileHandler, ThumbnailHandler
from .handler import Handler
from .operation import operation

_HANDLERS = {"file": ImageFileHandler, "thumbnail": ThumbnailHandler}


class ImageLinksHandler(Handler):
    @operation(body=wire.ImageLinks, answer=wire.Links, changes=False)
    def post(
        self, backend: LocalBackend, accounts: Accounts, caller: Caller, body: wire.ImageLinks
    ) -> Mapping[str, Any]:
        """Links to images or thumbnails, each good for five minutes."""
        backend.require_images(body.ids)
        purpose = _HANDLERS[body.kind].purpose
        return {"items": _links(accounts, caller, purpose, body.ids, f"images/{{}}/{body.kind}")}


class ExportLinkHandler(Handler):
    @operation(answer=wire.Link, changes=False)
    def post(self, backend: LocalBackend, accounts: Accounts, caller: Caller, export_id: int) -> Mapping[str, Any]:
        """A link to an export's file, good for five minutes."""
        backend.get_export(export_id)
        return _links(accounts, caller, ExportFileHandler.purpose, (export_id,), "exports/{}/file")[0]


def _links(accounts: Accounts, caller: Caller, purpose: str, ids: Sequence[int], path: str) -> list[Mapping[str, Any]]:
    signatures = accounts.sign_many(purpose, [str(number) for number in ids], caller.user)
    return [
        {
            "id": number,
            "url": f"{path.format(number)}?signature={signature}",
            "expires_at": datetime.fromtimestamp(int(signature.split(".")[1]), UTC),
        }
        for number, signature in zip(ids, signatures, strict=True)
    ]
