"""What administrators do: accounts, and the log of everything."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend.accounts import Accounts, Caller
from jupyter_roboflow.backend.wire import accounts as wire
from jupyter_roboflow.backend.wire.datasets import AuditEntry
from jupyter_roboflow.backend.wire.model import PageOf
from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.domain.page import Page
from jupyter_roboflow.domain.user import Account, Role

from .handler import Handler
from .operation import operation


class UsersHandler(Handler):
    @operation(answer=wire.AccountList)
    def get(self, accounts: Accounts, caller: Caller) -> Mapping[str, Any]:
        """Every account, by name (administrators)."""
        return {"items": accounts.list_users(caller.user)}

    @operation(body=wire.Registration, answer=wire.UserAnswer, status=HTTPStatus.CREATED)
    def post(self, accounts: Accounts, caller: Caller, body: wire.Registration) -> Mapping[str, Any]:
        """Make an account for somebody (administrators), an annotator's unless a role is given."""
        # a role, always: it is what only administrators may give, also where registration is open to all
        role = body.role or Role.ANNOTATOR
        return {"user": accounts.register(body.username, body.password, caller.user, role)}


class UserHandler(Handler):
    @operation(body=wire.UserChange, answer=wire.Account)
    def patch(self, accounts: Accounts, caller: Caller, user_id: int, body: wire.UserChange) -> Account:
        """Change an account's role or password, shut it out, let it in again, say whose it is (administrators)."""
        if body.identity is not None:
            if (body.role, body.disabled, body.password) != (None, None, None):
                raise Invalid("Send identity alone.", code="invalid_field", field="identity")
            settle = accounts.confirm_identity if body.identity == "confirm" else accounts.release_identity
            return settle(caller.user, user_id)
        return accounts.update_user(
            caller.user, user_id, role=body.role, disabled=body.disabled, password=body.password
        )


class AuditLogHandler(Handler):
    @operation(query=wire.AuditQuery, answer=PageOf[AuditEntry])
    def get(self, accounts: Accounts, caller: Caller, query: wire.AuditQuery) -> Page[Mapping[str, Any]]:
        """What happened in the whole installation, the newest first (administrators)."""
        return accounts.audit(caller.user, query.page, query.limit, action=query.action, user_id=query.user_id)
