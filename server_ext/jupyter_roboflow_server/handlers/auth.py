"""Logging in and out, and one's own credentials. No answer sets a cookie, and no address takes a password."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend.accounts import Accounts, Caller, NewToken, Session
from jupyter_roboflow.backend.wire import accounts as wire
from jupyter_roboflow.domain.errors import NotAllowed

from .handler import Handler
from .operation import operation


class RegisterHandler(Handler):
    @operation(body=wire.Registration, answer=wire.UserAnswer, status=HTTPStatus.CREATED, open_to_all=True)
    def post(self, accounts: Accounts, caller: Caller | None, body: wire.Registration) -> Mapping[str, Any]:
        """Make an account: the first is the administrator's; afterwards only where registration is open."""
        if caller is None and not self.strangers_may_register:
            raise NotAllowed(
                "Registration is closed to strangers here: send the server's token as well (Authorization: token …).",
                code="registration_closed",
            )
        by = caller.user if caller else None
        return {"user": accounts.register(body.username, body.password, by, body.role)}

    @property
    def strangers_may_register(self) -> bool:
        """Not where Jupyter says who is who: whoever came first would be the administrator of somebody's data."""
        settings = self.service.settings
        return settings.identity == "own" or settings.allow_registration


class LoginHandler(Handler):
    @operation(body=wire.Login, answer=wire.Session, open_to_all=True)
    def post(self, accounts: Accounts, body: wire.Login, address: str) -> Session:
        """Log in: an access token, and a refresh token for the next."""
        return accounts.login(body.username, body.password, address)


class RefreshHandler(Handler):
    @operation(body=wire.Refreshing, answer=wire.Session, open_to_all=True)
    def post(self, accounts: Accounts, body: wire.Refreshing) -> Session:
        """The next access token and refresh token; the refresh token sent is no good afterwards."""
        return accounts.refresh(body.refresh_token)


class LogoutHandler(Handler):
    @operation(body=wire.Logout, open_to_all=True, changes=False)
    def post(self, accounts: Accounts, caller: Caller | None, body: wire.Logout) -> None:
        """End the session of the refresh token, or else that of the access token. Nothing to end is no error."""
        if body.refresh_token is not None:
            accounts.logout(body.refresh_token)
        elif caller is not None:
            accounts.logout_caller(caller)


class MeHandler(Handler):
    @operation(answer=wire.Me)
    def get(self, caller: Caller) -> Mapping[str, Any]:
        """Who asks, as the server sees it."""
        return {"user": caller.user, "via": caller.via, "scope": caller.scope, "roles_apply": self.roles_apply}


class PasswordHandler(Handler):
    @operation(body=wire.PasswordChange)
    def post(self, accounts: Accounts, caller: Caller, body: wire.PasswordChange, address: str) -> None:
        """Change one's password; every session and personal access token of one's own ends."""
        accounts.change_password(caller, body.old, body.new, address)


class TokensHandler(Handler):
    @operation(answer=wire.AccessTokens)
    def get(self, accounts: Accounts, caller: Caller) -> Mapping[str, Any]:
        """One's personal access tokens, the newest first."""
        return {"items": accounts.list_tokens(caller)}

    @operation(body=wire.NewAccessToken, answer=wire.MadeAccessToken, status=HTTPStatus.CREATED)
    def post(self, accounts: Accounts, caller: Caller, body: wire.NewAccessToken) -> NewToken:
        """Make a personal access token for scripts; its secret is shown this once."""
        return accounts.create_token(caller, body.name, body.scope, body.expires_at)


class TokenHandler(Handler):
    @operation(changes=False)  # even a token that may only read may take itself back
    def delete(self, accounts: Accounts, caller: Caller, token_id: int) -> None:
        """Take a personal access token back."""
        accounts.revoke_token(caller, token_id)
