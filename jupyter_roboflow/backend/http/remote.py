"""What every part of a HttpBackend has: the client, and who it acts for."""

from __future__ import annotations

import threading

from ...domain.user import User
from ...settings import Settings
from ..wire.accounts import Logout, Me
from .client import Client
from .credentials import Login


class Remote:
    """A user on a server. `settings` say what sources of pictures are read here: allowed URLs, largest files."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._lock = threading.Lock()
        self._user: User | None = None

    @property
    def user(self) -> User:
        """Who is acting, as the server sees it."""
        with self._lock:
            if self._user is None:
                found = self._client.get(Me, "auth/me").user
                self._user = User(found.id, found.username, found.role)
            return self._user

    @property
    def server(self) -> str:
        """The server's base URL, without its token."""
        return self._client.address.server

    def _require_dataset(self, dataset_id: int) -> None:
        """Raise `NotFound` for a dataset that one may not see, before anything is read or sent."""
        self._client.send("GET", f"datasets/{dataset_id}")

    def close(self) -> None:
        """End the session if this was logged in with a password, and let go of the connections."""
        credentials = self._client.credentials
        if isinstance(credentials, Login):
            credentials.log_out(lambda token: self._client.end_session(Logout(refresh_token=token).model_dump()))
        self._client.close()
