"""Sessions: a login with a password, kept alive by refresh tokens that are each good once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from ...domain.errors import NotAuthenticated
from ...domain.user import Account, User
from ...storage import audit, sessions, users
from ...storage.database import Connection, Database
from ...storage.tables import name_key
from .access_token import SECONDS, AccessTokens, refused
from .caller import Caller, Session, Via
from .clock import Clock
from .login_limit import LoginLimit
from .passwords import Passwords
from .random_token import REFRESH, hash_token, new_token

LASTS = timedelta(days=30)
"""From a login to the next, however often it is refreshed."""

GRACE = timedelta(seconds=10)
"""Two tabs that refresh with one token at the same moment: the second is refused, and nobody is logged out.

Only the first gets a new token. One that comes back later than this was copied, and the whole session ends.
"""


class Sessions:
    """Logs people in and out."""

    def __init__(
        self, database: Database, tokens: AccessTokens, passwords: Passwords, limit: LoginLimit, clock: Clock
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._passwords = passwords
        self._limit = limit
        self._clock = clock

    def login(self, username: str, password: str, address: str) -> Session:
        """See `Accounts.login`."""
        with self._database.read() as conn:
            found = users.credentials(conn, username)
        stored = None if found is None else found.password_hash
        with self._passwords.slot():  # the limit is looked at again and again, so that guesses at once do not slip by
            self._limit.check(name_key(username), address)
            right = self._passwords.verify(stored, password)
            if not right or found is None or found.account.disabled:
                self._limit.failed(name_key(username), address)
                right = False
            anew = self._passwords.hash(password) if right and stored and self._passwords.is_outdated(stored) else None
        with self._database.write() as conn:
            account = self._still_good(conn, found.account) if right and found is not None else None
            if account is not None:
                if anew and stored:
                    users.replace_hash(conn, account.user.id, stored, anew)
                audit.record(conn, account.user, "login", subject=account.user.username, details={"address": address})
                return self._start(conn, account)
            known = "" if found is None else found.account.user.username  # an unknown name may be a password
            audit.record(conn, audit.NOBODY, "login_failed", subject=known, details={"address": address})
        raise NotAuthenticated("The name or the password is wrong.", code="wrong_login")

    def _still_good(self, conn: Connection, seen: Account) -> Account | None:
        """The account, unless it was disabled or got another password while the given one was compared."""
        users.lock_user(conn, seen.user.id)
        now = users.account(conn, seen.user.id)
        return None if now is None or now.disabled or now.token_version != seen.token_version else now

    def _start(self, conn: Connection, account: Account) -> Session:
        now = self._clock()
        sessions.delete_expired(conn, account.user.id, now)
        return self._give(conn, account, secrets.token_hex(16), now, now + LASTS)

    def _give(self, conn: Connection, account: Account, family: str, now: datetime, until: datetime) -> Session:
        refresh = new_token(REFRESH)
        sessions.add(conn, account.user.id, family, hash_token(refresh), created_at=now, expires_at=until)
        return Session(self._tokens.issue(account, family), refresh, SECONDS, account.user)

    def refresh(self, token: str) -> Session:
        """See `Accounts.refresh`."""
        with self._database.write() as conn:  # ends before the refusal is raised: a revocation is kept
            session = self._rotate(conn, hash_token(token))
        if session is None:
            raise NotAuthenticated("This refresh token is not valid any more: log in again.", code="bad_refresh_token")
        return session

    def _rotate(self, conn: Connection, token_hash: str) -> Session | None:
        found = sessions.find(conn, token_hash)
        if found is None:
            return None
        users.lock_user(conn, found.user_id)  # from here on nobody else refreshes or revokes
        found = sessions.find(conn, token_hash)
        account = None if found is None else users.account(conn, found.user_id)
        now = self._clock()
        if found is None or account is None or account.disabled or found.revoked_at or found.expires_at <= now:
            return None
        if found.used_at is not None:
            if abs(now - found.used_at) > GRACE:
                sessions.revoke_family(conn, found.family, now)
                audit.record(conn, account.user, "refresh_token_reused", subject=account.user.username)
            return None
        sessions.use(conn, found.id, now)
        return self._give(conn, account, found.family, now, found.expires_at)

    def caller_of(self, token: str) -> Caller:
        """Who holds this access token; `NotAuthenticated` for any that is not good now."""
        claims = self._tokens.read(token)
        with self._database.read() as conn:
            account = users.account(conn, claims.user_id)
            if account is None or account.disabled or account.token_version != claims.token_version:
                raise refused()
            if not sessions.is_live(conn, account.user.id, claims.session, self._clock()):
                raise refused()
        return Caller(account.user, Via.SESSION, token_id=claims.session)

    def end(self, refresh_token: str) -> None:
        """See `Accounts.logout`."""
        with self._database.write() as conn:
            found = sessions.find(conn, hash_token(refresh_token))
            if found is not None:
                self._end(conn, users.get(conn, found.user_id), found.family)

    def end_of(self, caller: Caller) -> None:
        """End the session of an access token; other callers have none."""
        if caller.via is Via.SESSION and caller.token_id is not None:
            with self._database.write() as conn:
                self._end(conn, caller.user, caller.token_id)

    def _end(self, conn: Connection, user: User, family: str) -> None:
        users.lock_user(conn, user.id)
        if sessions.revoke_family(conn, family, self._clock()):
            audit.record(conn, user, "logout", subject=user.username)

    def end_all(self, user: User) -> None:
        """See `Accounts.logout_everywhere`."""
        with self._database.write() as conn:
            users.lock_user(conn, user.id)
            users.raise_token_version(conn, user.id)
            sessions.revoke_all(conn, user.id, self._clock())
            audit.record(conn, user, "logout_everywhere", subject=user.username)
