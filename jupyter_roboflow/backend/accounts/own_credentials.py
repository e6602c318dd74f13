"""What people do with their own credentials: another password, personal access tokens."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from ...domain.errors import BackendUnavailable, Invalid, NotAllowed
from ...domain.user import PersonalAccessToken, Scope
from ...storage import access_tokens, audit, sessions, users
from ...storage.database import Database
from ...storage.tables import name_key
from .access_token import refused
from .caller import Caller, NewToken, Via
from .clock import Clock
from .login_limit import LoginLimit
from .passwords import Passwords, check_password
from .random_token import PERSONAL, hash_token, new_token

TOKENS_LIMIT = 100
"""Most personal access tokens of one user."""

_SHOWN = len(PERSONAL) + 6
_NOTED_EVERY = timedelta(minutes=5)
"""How exact `last_used_at` is: not every request is a write."""


class OwnCredentials:
    """Changes them, and tells who holds a personal access token."""

    def __init__(self, database: Database, passwords: Passwords, limit: LoginLimit, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._limit = limit
        self._clock = clock

    def change_password(self, caller: Caller, old: str, new: str, address: str) -> None:
        """See `Accounts.change_password`."""
        _not_by_token(caller, "change the password")
        user = caller.user
        with self._database.read() as conn:
            found = users.credentials(conn, user.username)
        stored = None if found is None else found.password_hash
        if stored is None:
            raise NotAllowed("This account has no password: it is not logged into with one.", code="no_password")
        check_password(new, user.username)
        with self._passwords.slot():
            self._limit.check(name_key(user.username), address)
            if not self._passwords.verify(stored, old):
                self._limit.failed(name_key(user.username), address)
                raise NotAllowed("The old password is wrong.", code="wrong_password")
            hashed = self._passwords.hash(new)
        with self._database.write() as conn:
            users.lock_user(conn, user.id)
            if not users.replace_hash(conn, user.id, stored, hashed):
                raise NotAllowed("The password was changed meanwhile: try again.", code="wrong_password")
            users.raise_token_version(conn, user.id)
            now = self._clock()
            sessions.revoke_all(conn, user.id, now)
            access_tokens.revoke_all(conn, user.id, now)
            audit.record(conn, user, "change_password", subject=user.username)

    def create_token(self, caller: Caller, name: str, scope: Scope, expires_at: datetime | None) -> NewToken:
        """See `Accounts.create_token`."""
        _not_by_token(caller, "make an access token")
        now = self._clock()
        if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
            raise Invalid("An access token ends at a time to come, with its time zone.", code="bad_expiry")
        token = new_token(PERSONAL)
        with self._database.write() as conn:
            users.lock_user(conn, caller.user.id)
            if access_tokens.count(conn, caller.user.id) >= TOKENS_LIMIT:
                raise Invalid(f"You have {TOKENS_LIMIT} access tokens: revoke one first.", code="too_many_tokens")
            details = access_tokens.add(
                conn,
                caller.user.id,
                name,
                scope,
                token_hash=hash_token(token),
                prefix=token[:_SHOWN],
                created_at=now,
                expires_at=expires_at,
            )
            told = {"id": details.id, "scope": scope}
            audit.record(conn, caller.user, "create_access_token", subject=details.name, details=told)
        return NewToken(token, details)

    def list_tokens(self, caller: Caller) -> tuple[PersonalAccessToken, ...]:
        """See `Accounts.list_tokens`."""
        with self._database.read() as conn:
            return access_tokens.list_tokens(conn, caller.user.id)

    def revoke_token(self, caller: Caller, token_id: int) -> None:
        """See `Accounts.revoke_token`."""
        if caller.token_id != str(token_id):
            _not_by_token(caller, "revoke another")
        with self._database.write() as conn:
            name = access_tokens.get(conn, caller.user.id, token_id).name
            access_tokens.revoke(conn, caller.user.id, token_id, self._clock())
            audit.record(conn, caller.user, "revoke_access_token", subject=name, details={"id": token_id})

    def caller_of(self, token: str) -> Caller:
        """Who holds this personal access token; `NotAuthenticated` for any that is not good now."""
        now = self._clock()
        with self._database.read() as conn:
            found = access_tokens.find(conn, hash_token(token))
            account = None if found is None else users.account(conn, found.user_id)
        if found is None or account is None or account.disabled or not _is_good(found, now):
            raise refused()
        if found.last_used_at is None or abs(now - found.last_used_at) > _NOTED_EVERY:
            with contextlib.suppress(BackendUnavailable), self._database.write() as conn:  # worth no failed request
                access_tokens.note_use(conn, found.id, now)
        return Caller(account.user, Via.TOKEN, found.scope, str(found.id))


def _is_good(token: PersonalAccessToken, now: datetime) -> bool:
    return token.revoked_at is None and (token.expires_at is None or now < token.expires_at)


def _not_by_token(caller: Caller, what: str) -> None:
    if caller.via is Via.TOKEN:
        raise NotAllowed(f"A personal access token may not {what}: log in for that.", code="not_by_token")
