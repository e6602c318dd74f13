"""Everything about who somebody is, behind one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any

from argon2 import PasswordHasher

from ...domain.page import Page
from ...domain.user import Account, PersonalAccessToken, Role, Scope, User
from ...storage import audit
from ..installation import Installation
from .access_token import AccessTokens, says_it_is_ours
from .caller import Caller, NewToken, Session
from .clock import Clock, system_clock
from .login_limit import LoginLimit
from .own_credentials import OwnCredentials
from .passwords import Passwords
from .people import People, require_admin
from .random_token import PERSONAL, REFRESH
from .secret import derive_key, load_secret
from .sessions import Sessions
from .signed_urls import LONGEST_SECONDS, SignedUrls


class Accounts:
    """The accounts of an installation: one instance in a process, used from any thread, and blocking.

    Its secret is loaded, or made, at once: `Invalid` (`weak_secret`, `exposed_secret`) when it protects nothing.
    Whoever changes something is looked up again, so that `by` may be as old as it likes.
    """

    def __init__(
        self,
        installation: Installation,
        *,
        clock: Clock = system_clock,
        steady_clock: Callable[[], float] = monotonic,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._database = database = installation.database
        secret = load_secret(installation.settings)
        passwords, limit = Passwords(hasher), LoginLimit(steady_clock)
        tokens = AccessTokens(derive_key(secret, "access token"), clock)
        self._sessions = Sessions(database, tokens, passwords, limit, clock)
        self._people = People(database, installation.settings, passwords, clock)
        self._own = OwnCredentials(database, passwords, limit, clock)
        self._links = SignedUrls(database, derive_key(secret, "signed link"), clock)

    # who asks

    def is_ours(self, bearer: str) -> bool:
        """Whether a bearer token says that it is one of ours, so that a bad one is refused and another's passed on."""
        return bearer.startswith((PERSONAL, REFRESH)) or says_it_is_ours(bearer)

    def caller_of(self, bearer: str) -> Caller:
        """Who holds this access token or personal access token; otherwise `NotAuthenticated` (`bad_token`)."""
        return self._own.caller_of(bearer) if bearer.startswith(PERSONAL) else self._sessions.caller_of(bearer)

    def local_owner(self) -> User:
        """The owner of a single-user installation, an administrator; made on first use."""
        return self._people.local_owner()

    def hub_user(self, name: str, admin: bool = False, since: datetime | None = None) -> User:
        """The user whom a JupyterHub calls that; made on first sight, never an account with a password.

        The first of an unclaimed installation and the Hub's administrators become administrators, others annotators;
        afterwards the role is ours. `NotAllowed` (`user_disabled`) when an administrator shut them out.

        `since` is when the Hub made that user, if it tells. One who was made there later than the one known here is
        somebody else, until an administrator confirms them: `NotAllowed` (`identity_unconfirmed`).
        """
        return self._people.hub_user(name, admin, since)

    # sessions

    def login(self, username: str, password: str, address: str) -> Session:
        """A new session. `address` is where the request came from.

        `NotAuthenticated` (`wrong_login`), the same and as late for an unknown name, a wrong password, a disabled user
        and one without a password; `TooManyRequests` with `retry_after` after too many of them.
        """
        return self._sessions.login(username, password, address)

    def refresh(self, refresh_token: str) -> Session:
        """The next access token and refresh token of a session; `NotAuthenticated` (`bad_refresh_token`) otherwise.

        A refresh token is good once. One that comes back within ten seconds is refused; later, its session ends too.
        """
        return self._sessions.refresh(refresh_token)

    def logout(self, refresh_token: str) -> None:
        """End the session of a refresh token, its access tokens too. One that is not known ends nothing."""
        self._sessions.end(refresh_token)

    def logout_caller(self, caller: Caller) -> None:
        """End the session that this caller holds an access token of; nothing for any other caller."""
        self._sessions.end_of(caller)

    def logout_everywhere(self, user: User) -> None:
        """End every session and signed link of a user. Personal access tokens stay."""
        self._sessions.end_all(user)

    # accounts

    def register(self, username: str, password: str, by: User | None = None, role: Role | None = None) -> User:
        """A new user with a password: the first of an unclaimed installation an administrator, others annotators.

        Unclaimed: no user but a local owner without a dataset. Afterwards `NotAllowed` (`registration_closed`) unless
        `by` is an administrator or the setting `allow_registration` is on; `role` is an administrator's to give
        (`role_not_allowed`). `Invalid` for the name or password, `Conflict` (`name_taken`).
        """
        return self._people.register(username, password, by, role)

    def get_me(self, user: User) -> Account:
        """One's own account; `NotFound` when there is none."""
        return self._people.account(user.id)

    def list_users(self, by: User) -> tuple[Account, ...]:
        """Every account, by name; `NotAllowed` unless `by` is an administrator, as for all below that take `by`."""
        return self._people.list_accounts(by)

    def find_user(self, by: User, username: str) -> Account:
        """The account of that name in any case; `NotFound` when there is none."""
        return self._people.find(by, username)

    def update_user(
        self,
        by: User,
        user_id: int,
        *,
        role: Role | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> Account:
        """The account after the change; what was signed for the user before is no longer good.

        To disable, or to set a password, ends the user's sessions; a new password revokes personal access tokens too.
        `NotFound`; `Conflict` (`last_admin`, `local_owner`); `NotAllowed` (`own_password`: use `change_password`).
        """
        return self._people.update(by, user_id, role, disabled, password)

    def release_identity(self, by: User, user_id: int) -> Account:
        """The account, disabled and parted from its Hub user: whoever comes from the Hub under that name is new.

        For a Hub user who was deleted there and whose name is given to somebody else.
        """
        return self._people.release_identity(by, user_id)

    def confirm_identity(self, by: User, user_id: int) -> Account:
        """The account, given back to whoever comes from the Hub under its name since `unconfirmed_since`.

        `NotFound`; `Conflict` (`nothing_to_confirm`).
        """
        return self._people.confirm_identity(by, user_id)

    # one's own credentials

    def change_password(self, caller: Caller, old: str, new: str, address: str = "") -> None:
        """Another password; every session and personal access token ends.

        `NotAllowed` (`wrong_password`, `no_password`, `not_by_token`), `Invalid` for the new one, `TooManyRequests`.
        """
        self._own.change_password(caller, old, new, address)

    def create_token(
        self, caller: Caller, name: str, scope: Scope = Scope.READ, expires_at: datetime | None = None
    ) -> NewToken:
        """A personal access token, shown this once. `NotAllowed` (`not_by_token`) with another; `Invalid`."""
        return self._own.create_token(caller, name, scope, expires_at)

    def list_tokens(self, caller: Caller) -> tuple[PersonalAccessToken, ...]:
        """One's personal access tokens that are not revoked, the newest first."""
        return self._own.list_tokens(caller)

    def revoke_token(self, caller: Caller, token_id: int) -> None:
        """Take one back; `NotFound` unless it is one's own, `NotAllowed` (`not_by_token`) with another token."""
        self._own.revoke_token(caller, token_id)

    # signed links

    def sign(self, purpose: str, subject: str, user: User, seconds: int = LONGEST_SECONDS) -> str:
        """What opens one thing (`"image"`, `"7"`) for one purpose as this user, for at most five minutes."""
        return self._links.sign(purpose, [subject], user, seconds)[0]

    def sign_many(self, purpose: str, subjects: Sequence[str], user: User, seconds: int = LONGEST_SECONDS) -> list[str]:
        """`sign` for each subject, for the price of one."""
        return self._links.sign(purpose, subjects, user, seconds)

    def verify(self, purpose: str, subject: str, signature: str) -> User:
        """Who signed it, to be asked again whether they may; `NotAuthenticated` (`bad_signature`) otherwise."""
        return self._links.verify(purpose, subject, signature)

    # the audit log

    def record_denial(self, user: User | None, action: str, subject: str = "", address: str = "") -> None:
        """Note that somebody (None: nobody knows who) was refused `action` on `subject`."""
        with self._database.write() as conn:
            details = {"action": action, "address": address}
            audit.record(conn, user or audit.NOBODY, "denied", subject=subject, details=details)

    def audit(
        self, by: User, page: int = 1, limit: int = 100, *, action: str | None = None, user_id: int | None = None
    ) -> Page[Mapping[str, Any]]:
        """What happened in the whole installation, the newest first."""
        with self._database.read() as conn:
            require_admin(conn, by)
            return audit.list_all(conn, page, limit, action=action, user_id=user_id)
