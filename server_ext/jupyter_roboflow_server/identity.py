"""Who asks: a token of ours, or whoever Jupyter says."""

from __future__ import annotations

import os
import re
import socket
from datetime import UTC, datetime
from ipaddress import ip_address
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


def is_open_to_strangers(provider: IdentityProvider, ip: str, unix_socket: str = "") -> bool:
    """Whether Jupyter asks nobody who they are, and listens where others than this machine's people reach it.

    Whoever reaches such a server may run code in it, so that neither roles nor the secret of our tokens mean anything.
    """
    return not provider.auth_enabled and not unix_socket and not is_loopback(ip)


def is_loopback(ip: str) -> bool:
    """Whether an address or name that a server listens on is this machine's own alone. Empty means every address."""
    if not ip:
        return False
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(ip, None)}
    except OSError:  # a name that nobody knows
        return False
    return bool(found) and all(ip_address(each.partition("%")[0]).is_loopback for each in found)


def is_hub(provider: IdentityProvider) -> bool:
    """Whether JupyterHub says who is who here."""
    return any(kind.__module__.partition(".")[0] == "jupyterhub" for kind in type(provider).__mro__)


async def made_by_hub(provider: Any, user: User) -> datetime | None:
    """When the Hub made this user; None where it does not tell.

    It tells who may `read:users`: the token of the request, or for the owner of this server the server's own.
    """
    asked: Any = getattr(user, "hub_user", None) or {}
    if "created" not in asked and user.username == os.environ.get("JUPYTERHUB_USER"):
        hub: Any = provider.hub_auth
        own: Any = await hub.user_for_token(hub.api_token, sync=False)  # asked once in a few minutes
        asked = own if own and own["name"] == user.username else {}
    created = asked.get("created")
    return datetime.fromisoformat(created).astimezone(UTC) if created else None


def caller_from_jupyter(
    accounts: Accounts, provider: IdentityProvider, user: User, since: datetime | None = None
) -> Caller:
    """Who of ours somebody is whom Jupyter knows.

    On JupyterHub the Hub's user; elsewhere the local owner, whatever random name Jupyter gives: a server without a Hub
    is one person's. `since` is when the Hub made its user.
    """
    if is_hub(provider):
        hub_user: Any = getattr(user, "hub_user", None) or {}
        return Caller(accounts.hub_user(user.username, bool(hub_user.get("admin")), since), Via.HUB)
    return Caller(accounts.local_owner(), Via.LOCAL)
