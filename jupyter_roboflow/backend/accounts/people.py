"""The people of an installation: how they come in, and what administrators do to their accounts."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from ...domain.dataset import NAME_LIMIT, clean_name
from ...domain.errors import Conflict, NotAllowed, NotFound
from ...domain.user import Account, Action, Role, User, may
from ...settings import Settings
from ...storage import access_tokens, audit, sessions, users
from ...storage.database import Connection, Database
from ...storage.tables import name_key
from .clock import Clock
from .passwords import Passwords, check_password

_LEEWAY = timedelta(minutes=1)
"""How far the Hub's clock and ours may be apart."""


class People:
    """Makes, finds and changes accounts."""

    def __init__(self, database: Database, settings: Settings, passwords: Passwords, clock: Clock) -> None:
        self._database = database
        self._open_to_all = settings.allow_registration
        self._passwords = passwords
        self._clock = clock

    def register(self, username: str, password: str, by: User | None, role: Role | None) -> User:
        """See `Accounts.register`."""
        with self._database.read() as conn:
            self._role_of_new(conn, by, role)  # whoever may not register learns nothing about names
        name = clean_name(username, "user")
        check_password(password, name)
        with self._passwords.slot():
            hashed = self._passwords.hash(password)
        with self._database.write() as conn:
            users.lock_all(conn)
            given = self._role_of_new(conn, by, role)
            if not _is_free(conn, name):
                raise Conflict(f"There is a user {name!r} already: choose another name.", code="name_taken")
            made = users.create(conn, name, given, hashed)
            audit.record(conn, by or made, "create_user", subject=name, details={"role": given})
            return made

    def _role_of_new(self, conn: Connection, by: User | None, role: Role | None) -> Role:
        """What a new user becomes; `NotAllowed` when there is to be none."""
        if by is not None and _manages(conn, by):
            return role or (Role.ANNOTATOR if users.has_people(conn) else Role.ADMIN)
        unclaimed = users.is_unclaimed(conn)
        if not unclaimed and not self._open_to_all:
            raise NotAllowed(
                "Registration is closed here: ask an administrator for an account.", code="registration_closed"
            )
        if role is not None:
            raise NotAllowed("Only an administrator gives roles: leave the role out.", code="role_not_allowed")
        return Role.ADMIN if unclaimed else Role.ANNOTATOR

    def local_owner(self) -> User:
        """See `Accounts.local_owner`."""
        with self._database.read() as conn:
            found = users.account_of_identity(conn, users.LOCAL)
        if found is not None:
            return found.user
        with self._database.write() as conn:
            return users.ensure_local(conn)

    def hub_user(self, name: str, admin: bool, since: datetime | None = None) -> User:
        """See `Accounts.hub_user`."""
        identity = f"hub:{clean_name(name, 'user')}"
        with self._database.read() as conn:
            found = users.account_of_identity(conn, identity)
        account = found or self._new_hub_user(identity, admin, since)
        if account.disabled:
            raise NotAllowed("This account is disabled: ask an administrator.", code="user_disabled")
        if since is not None:
            self._compare(account, since)
        elif account.unconfirmed_since is not None:
            raise unconfirmed(account)
        return account.user

    def _compare(self, account: Account, since: datetime) -> None:
        """Raise `NotAllowed` for somebody whom the Hub made later than the user of that name who is known here."""
        user_id, known = account.user.id, account.identity_since
        if since <= (known or account.created_at + _LEEWAY):
            if known is None:
                with self._database.write() as conn:
                    users.set_identity_since(conn, user_id, since, account.unconfirmed_since)
            return
        if account.unconfirmed_since != since:
            with self._database.write() as conn:
                users.set_identity_since(conn, user_id, known, since)
                details = {"hub": account.identity, "made_there": since.isoformat()}
                audit.record(conn, audit.NOBODY, "identity_unconfirmed", subject=account.user.username, details=details)
        raise unconfirmed(account)

    def _new_hub_user(self, identity: str, admin: bool, since: datetime | None) -> Account:
        with self._database.write() as conn:
            users.lock_all(conn)
            found = users.account_of_identity(conn, identity)  # made a moment ago by another request
            if found is None:
                role = Role.ADMIN if admin or users.is_unclaimed(conn) else Role.ANNOTATOR
                name = _free_name(conn, identity.removeprefix("hub:"))
                made = users.create(conn, name, role, identity=identity, identity_since=since)
                audit.record(conn, made, "create_user", subject=made.username, details={"hub": identity, "role": role})
                found = users.account(conn, made.id)
                assert found is not None
            return found

    def account(self, user_id: int) -> Account:
        """The account of that id; `NotFound` when there is none."""
        with self._database.read() as conn:
            return _existing(conn, user_id)

    def list_accounts(self, by: User) -> tuple[Account, ...]:
        """See `Accounts.list_users`."""
        with self._database.read() as conn:
            require_admin(conn, by)
            return users.list_accounts(conn)

    def find(self, by: User, username: str) -> Account:
        """See `Accounts.find_user`."""
        with self._database.read() as conn:
            require_admin(conn, by)
            user = users.by_name(conn, username)
            if user is None:
                raise NotFound(f"There is no user {username!r}.")
            return _existing(conn, user.id)

    def update(self, by: User, user_id: int, role: Role | None, disabled: bool | None, password: str | None) -> Account:
        """See `Accounts.update_user`."""
        hashed = None if password is None else self._new_hash(by, user_id, password)
        with self._database.write() as conn:
            users.lock_all(conn)
            require_admin(conn, by)
            account = _existing(conn, user_id)
            role = None if role is account.user.role else role
            disabled = None if disabled is account.disabled else disabled
            self._check_change(conn, by, account, role, disabled)
            users.lock_user(conn, user_id)
            self._apply(conn, user_id, role, disabled, hashed)
            details = {"role": role, "disabled": disabled, "password": "changed" if hashed else None}
            told = {name: value for name, value in details.items() if value is not None}
            if told:
                audit.record(conn, by, "update_user", subject=account.user.username, details=told)
            return _existing(conn, user_id)

    def _new_hash(self, by: User, user_id: int, password: str) -> str:
        with self._database.read() as conn:
            require_admin(conn, by)
            account = _existing(conn, user_id)
        if by.id == user_id:
            raise NotAllowed("Change your own password with the old one.", code="own_password")
        check_password(password, account.user.username)
        with self._passwords.slot():
            return self._passwords.hash(password)

    def _check_change(
        self, conn: Connection, by: User, account: Account, role: Role | None, disabled: bool | None
    ) -> None:
        if role is None and disabled is None:
            return
        if account.identity == users.LOCAL:
            raise Conflict("The owner of a single-user installation stays its administrator.", code="local_owner")
        if account.user.role is Role.ADMIN and not account.disabled and (role is not None or disabled):
            others = users.other_admins(conn, account.user.id)
            if not any(other.identity != users.LOCAL or other.user.id == by.id for other in others):
                raise Conflict(
                    f"{account.user.username!r} is the last administrator: make somebody else one first.",
                    code="last_admin",
                )

    def _apply(
        self, conn: Connection, user_id: int, role: Role | None, disabled: bool | None, hashed: str | None
    ) -> None:
        now = self._clock()
        if role is not None:
            users.set_role(conn, user_id, role)
        if disabled is not None:
            users.set_disabled(conn, user_id, disabled)
            sessions.revoke_all(conn, user_id, now)
        if hashed is not None:
            users.set_password(conn, user_id, hashed)
            sessions.revoke_all(conn, user_id, now)
            access_tokens.revoke_all(conn, user_id, now)

    def confirm_identity(self, by: User, user_id: int) -> Account:
        """See `Accounts.confirm_identity`."""
        with self._database.write() as conn:
            require_admin(conn, by)
            account = _existing(conn, user_id)
            if account.unconfirmed_since is None:
                raise Conflict(f"Nobody waits to be confirmed as {account.user.username!r}.", code="nothing_to_confirm")
            users.set_identity_since(conn, user_id, account.unconfirmed_since, None)
            details = {"hub": account.identity, "made_there": account.unconfirmed_since.isoformat()}
            audit.record(conn, by, "confirm_identity", subject=account.user.username, details=details)
            return _existing(conn, user_id)

    def release_identity(self, by: User, user_id: int) -> Account:
        """See `Accounts.release_identity`."""
        with self._database.write() as conn:
            users.lock_all(conn)
            require_admin(conn, by)
            account = _existing(conn, user_id)
            if account.identity is None or account.identity == users.LOCAL:
                raise Conflict(f"{account.user.username!r} does not come from a JupyterHub.", code="no_hub_user")
            self._check_change(conn, by, account, None, None if account.disabled else True)
            self._apply(conn, user_id, None, True, None)
            users.release_identity(conn, user_id)
            audit.record(conn, by, "release_identity", subject=account.user.username, details={"hub": account.identity})
            return _existing(conn, user_id)


def unconfirmed(account: Account) -> NotAllowed:
    """What whoever comes under the name of somebody whom the Hub knew before is told."""
    return NotAllowed(
        f"The Hub made {account.user.username!r} anew, after somebody of that name had been here: an administrator has "
        "to say whether it is the same person, and nobody gets in as them before. "
        f"Yes: `jupyter roboflow users confirm {account.user.username}`; no: `… users release …`.",
        code="identity_unconfirmed",
    )


def require_admin(conn: Connection, by: User) -> None:
    """Raise `NotAllowed` unless this is an administrator, as the database says now."""
    if not _manages(conn, by):
        raise NotAllowed("Only an administrator may do that.", action=Action.MANAGE_USERS.value)


def _manages(conn: Connection, by: User) -> bool:
    account = users.account(conn, by.id)
    return account is not None and not account.disabled and may(account.user.role, None, Action.MANAGE_USERS)


def _existing(conn: Connection, user_id: int) -> Account:
    account = users.account(conn, user_id)
    if account is None:
        raise NotFound(f"There is no user {user_id}.")
    return account


def _is_free(conn: Connection, name: str) -> bool:
    """Whether a new user may be called that: the local owner's name is kept for them before they are there."""
    return name_key(name) != users.LOCAL and users.by_name(conn, name) is None


def _free_name(conn: Connection, name: str) -> str:
    """The name itself, else `name@hub`, `name@hub2`, …: another person has it."""
    if _is_free(conn, name):
        return name
    ends = ("@hub" if number == 1 else f"@hub{number}" for number in count(1))
    return next(free for end in ends if _is_free(conn, free := name[: NAME_LIMIT - len(end)] + end))
