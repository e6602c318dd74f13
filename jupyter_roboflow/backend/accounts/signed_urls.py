"""Links that open one thing for one person for a few minutes, for an `<img>` that can send no header."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from ...domain.errors import Invalid, NotAuthenticated
from ...domain.user import Account, User
from ...storage import users
from ...storage.database import Database
from .clock import Clock

LONGEST_SECONDS = 300

_FORM = re.compile(r"([0-9]{1,10})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})", re.ASCII)
_LARGEST_ID = 2**31 - 1


class SignedUrls:
    """Signs and verifies. What is signed says who asks; whether they may is asked again when it is used."""

    def __init__(self, database: Database, key: bytes, clock: Clock) -> None:
        self._database = database
        self._key = key
        self._clock = clock

    def sign(self, purpose: str, subjects: Sequence[str], user: User, seconds: int) -> list[str]:
        """See `Accounts.sign_many`."""
        if not 0 < seconds <= LONGEST_SECONDS:
            raise Invalid(f"A signed link is good for 1 to {LONGEST_SECONDS} seconds.", code="bad_expiry")
        with self._database.read() as conn:
            account = users.account(conn, user.id)
        if account is None or account.disabled:
            raise _refused()
        until = int(self._clock().timestamp()) + seconds
        return [f"{user.id}.{until}.{self._code(purpose, subject, account, until)}" for subject in subjects]

    def verify(self, purpose: str, subject: str, signature: str) -> User:
        """See `Accounts.verify`."""
        parts = _FORM.fullmatch(signature)
        if parts is None or int(parts[1]) > _LARGEST_ID:
            raise _refused()
        until = int(parts[2])
        with self._database.read() as conn:
            account = users.account(conn, int(parts[1]))
        if account is None or account.disabled:
            raise _refused()
        if not hmac.compare_digest(self._code(purpose, subject, account, until), parts[3]):
            raise _refused()
        left = until - self._clock().timestamp()
        if not 0 < left <= LONGEST_SECONDS + 10:  # longer: the clock was turned back since
            raise _refused()
        return account.user

    def _code(self, purpose: str, subject: str, account: Account, until: int) -> str:
        parts = (purpose, subject, str(account.user.id), str(account.token_version), str(until))
        told = "".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")
        code = hmac.new(self._key, told, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(code).decode().rstrip("=")


def _refused() -> NotAuthenticated:
    return NotAuthenticated("This link is over or not for this: ask for a new one.", code="bad_signature")
