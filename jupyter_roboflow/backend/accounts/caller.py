"""Who asks, and what they were given to ask with."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ...domain.user import PersonalAccessToken, Scope, User


class Via(StrEnum):
    """What proved who it is."""

    SESSION = "session"
    """a login with a password: our access token"""
    TOKEN = "token"
    """a personal access token"""
    LOCAL = "local"
    """whoever may use a single-user server is its owner"""
    HUB = "hub"
    """JupyterHub says so"""
    LINK = "link"
    """a signed link, for the one thing that it opens"""


@dataclass(frozen=True, slots=True)
class Caller:
    """A User who asks for something, by what, and how far that reaches.

    `token_id` is the session of an access token, or the number of a personal access token; otherwise None.
    """

    user: User
    via: Via
    scope: Scope = Scope.WRITE
    token_id: str | None = None

    @property
    def may_write(self) -> bool:
        """Whether the token reaches further than looking; what the user may is another question."""
        return self.scope is Scope.WRITE


@dataclass(frozen=True, slots=True)
class Session:
    """What a login gives: an access token for `expires_in` seconds, and a refresh token, good once, for the next."""

    token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    user: User


@dataclass(frozen=True, slots=True)
class NewToken:
    """A personal access token at the only moment its secret is known."""

    token: str = field(repr=False)
    details: PersonalAccessToken
