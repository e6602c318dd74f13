"""How a client proves who asks: Jupyter's token, one of ours, or a login that is kept alive."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from ...domain.errors import NotAuthenticated
from ..accounts.access_token import says_it_is_ours
from ..accounts.random_token import PERSONAL
from ..wire.accounts import Session


class Credentials(ABC):
    """What goes into the `Authorization` header. Never shown in a `repr` or an error."""

    @property
    @abstractmethod
    def header(self) -> str | None:
        """The header's value now; None without one."""

    def renew(self, used: str | None) -> bool:
        """Called when `used` was refused; whether there is another one now, so that asking again makes sense."""
        return False


class Anonymous(Credentials):
    """Nobody."""

    @property
    def header(self) -> None:
        return None


class Token(Credentials):
    """Jupyter's token, a personal access token, or an access token of ours."""

    def __init__(self, token: str) -> None:
        ours = token.startswith(PERSONAL) or says_it_is_ours(token)
        self._header = f"Bearer {token}" if ours else f"token {token}"

    @property
    def header(self) -> str:
        return self._header


Ask = Callable[[str, dict[str, str]], Session]
"""Sends credentials to `auth/…` and gives the session."""


class Login(Credentials):
    """A user name and a password: logged in when first needed, refreshed when the access token is over."""

    def __init__(self, username: str, password: str, ask: Ask) -> None:
        self._username, self._password, self._ask = username, password, ask
        self._lock = threading.Lock()
        self._session: Session | None = None

    @property
    def header(self) -> str:
        with self._lock:
            if self._session is None:
                self._session = self._log_in()
            return f"Bearer {self._session.token}"

    def renew(self, used: str | None) -> bool:
        with self._lock:
            if self._session is None or used == f"Bearer {self._session.token}":  # else another thread was faster
                self._session = self._refreshed(self._session)
            return True

    def _refreshed(self, session: Session | None) -> Session:
        if session is not None:
            try:
                return self._ask("auth/refresh", {"refresh_token": session.refresh_token})
            except NotAuthenticated:
                pass  # used up, or revoked
        return self._log_in()

    def _log_in(self) -> Session:
        return self._ask("auth/login", {"username": self._username, "password": self._password})

    def log_out(self, tell: Callable[[str], None]) -> None:
        """End the session, if there is one, by telling its refresh token."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            tell(session.refresh_token)
