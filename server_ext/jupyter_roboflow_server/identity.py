"""Who asks: a token of ours, or whoever Jupyter says."""

from __future__ import annotations

import re
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User

from jupyter_roboflow.backend.accounts import Accounts, Caller, Via

_BEARER = re.compile(r"\s*Bearer\s+(\S+)\s*\Z", re.IGNORECASE)


def bearer_of(headers: Any) -> str | None:
    """The bearer token of a request, or None. One in the address is never looked at."""
    found = _BEARER.match(headers.get("Authorization", ""))
    return found[1] if found else None


class OwnIdentity(IdentityProvider):
    """Stands in for the server's identity provider while a request is proved by a token of ours.

    Jupyter's own would take the token for one of its own, and JupyterHub's would send it to the Hub.
    """

    def __init__(self, caller: Caller, **more: Any) -> None:
        super().__init__(**more)
        self._user = User(username=caller.user.username)

    def get_user(self, handler: Any) -> User:
        return self._user

    def is_token_authenticated(self, handler: Any) -> bool:
        """An explicit header proves the request, as with Jupyter's tokens: no cookie is involved, so no XSRF."""
        return True

    def should_check_origin(self, handler: Any) -> bool:
        return False


def is_hub(provider: IdentityProvider) -> bool:
    """Whether JupyterHub says who is who here."""
    return any(kind.__module__.partition(".")[0] == "jupyterhub" for kind in type(provider).__mro__)


def caller_from_jupyter(accounts: Accounts, provider: IdentityProvider, user: User) -> Caller:
    """Who of ours somebody is whom Jupyter knows.

    On JupyterHub the Hub's user; elsewhere the local owner, whatever random name Jupyter gives: a server without a Hub
    is one person's.
    """
    if is_hub(provider):
        hub_user: Any = getattr(user, "hub_user", None) or {}
        return Caller(accounts.hub_user(user.username, admin=bool(hub_user.get("admin"))), Via.HUB)
    return Caller(accounts.local_owner(), Via.LOCAL)
