"""Whether the server is there, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend.accounts import Caller
from jupyter_roboflow.backend.wire.model import Readiness, Status

from ..readiness import OK
from .handler import Handler
from .operation import operation, raw_operation


class HealthHandler(Handler):
    """Open to all, so nobody is looked up: it answers with the database away, whatever token came along."""

    def _refuse_strangers(self) -> None:
        """Supervisors ask from other machines."""

    async def _caller_by_token(self) -> Caller | None:
        return None if self.operation else await super()._caller_by_token()

    async def _caller_by_jupyter(self, user: Any) -> Caller | None:
        return None if self.operation else await super()._caller_by_jupyter(user)


class LiveHandler(HealthHandler):
    @operation(answer=Status, open_to_all=True)
    def get(self) -> Mapping[str, str]:
        """This process answers. Supervisors cannot log in, so it is open to all, and tells nothing else."""
        return {"status": "ok"}


class ReadyHandler(HealthHandler):
    @raw_operation(answer=Readiness, open_to_all=True)
    async def get(self) -> None:
        """Database, store and queue answer (200), or one of them does not (503)."""
        checks = await self.service.readiness.look()
        ready = all(answer == OK for answer in checks.values())
        self.set_header("Cache-Control", "no-store")
        self.answer(
            {"status": "ok" if ready else "unavailable", "checks": checks},
            HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
        )
