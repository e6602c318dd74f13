"""Accounts, sessions and personal access tokens on the wire. Secrets never show in a `repr`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AliasPath, AwareDatetime, ConfigDict, Field

from ...domain.user import Role, Scope
from .model import Answer, Id, Paging, Request, Text

Secret: TypeAlias = Annotated[str, Field(max_length=2000)]
"""A password or a token; what a good password is, is checked further in."""


class OfAccounts(Request):
    """What strangers may send too is short."""

    most_bytes: ClassVar[int] = 64 * 1024


class Registration(OfAccounts):
    """`role` is an administrator's to give."""

    username: Text
    password: Secret = Field(repr=False)
    role: Role | None = None


class Login(OfAccounts):
    username: Text
    password: Secret = Field(repr=False)


class Refreshing(OfAccounts):
    refresh_token: Secret = Field(repr=False)


class Logout(OfAccounts):
    """Without a refresh token the session of the access token ends."""

    refresh_token: Secret | None = Field(None, repr=False)


class PasswordChange(OfAccounts):
    old: Secret = Field(repr=False)
    new: Secret = Field(repr=False)


class NewAccessToken(OfAccounts):
    """`expires_at` is a time with its zone; without one the token is good until it is revoked."""

    name: Text
    scope: Scope = Scope.READ
    expires_at: AwareDatetime | None = None


class UserChange(OfAccounts):
    """What is left out stays as it is. `identity`, alone: `confirm` that whoever comes from the Hub under that name
    since `unconfirmed_since` is the same person, or `release` the name: the account is disabled, and they get one of
    their own.
    """

    role: Role | None = None
    disabled: bool | None = None
    identity: Literal["confirm", "release"] | None = None
    password: Secret | None = Field(None, repr=False)


class AuditQuery(Paging):
    """`action` is one kind of thing that happened, `user_id` whoever did it."""

    action: Text | None = None
    user_id: Id | None = None


class User(Answer):
    id: int
    username: str
    role: Role


class UserAnswer(Answer):
    user: User


class Session(Answer):
    """`expires_in` is how many seconds `token` is good for; `refresh_token` is good once, for the next of both."""

    token: str = Field(repr=False)
    refresh_token: str = Field(repr=False)
    expires_in: int
    user: User


class Me(Answer):
    """Who asks. `via` is how the server knows; `roles_apply` is false where whoever has the server has everything."""

    user: User
    via: str
    scope: Scope
    roles_apply: bool


class AccessToken(Answer):
    """A personal access token; `prefix` is how its secret begins."""

    id: int
    name: str
    prefix: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class AccessTokens(Answer):
    items: tuple[AccessToken, ...]


class MadeAccessToken(Answer):
    """`token` is the secret, shown this once."""

    token: str = Field(repr=False)
    details: AccessToken


class Account(Answer):
    """A user as administrators see one. `identity` is who of another system this is: `local` or `hub:<name>`.

    `unconfirmed_since` is when the Hub made a user of that name anew: nobody gets in under it before an administrator
    says whether it is the same person.
    """

    model_config = ConfigDict(from_attributes=True, frozen=True, populate_by_name=True)

    id: int = Field(validation_alias=AliasPath("user", "id"))
    username: str = Field(validation_alias=AliasPath("user", "username"))
    role: Role = Field(validation_alias=AliasPath("user", "role"))
    created_at: datetime
    disabled: bool
    identity: str | None
    has_password: bool
    unconfirmed_since: datetime | None


class AccountList(Answer):
    items: tuple[Account, ...]
