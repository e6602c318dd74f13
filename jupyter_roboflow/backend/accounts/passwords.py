"""Passwords: what makes a good one (NIST SP 800-63B: length, no composition rules), hashed with argon2id."""

from __future__ import annotations

import base64
import secrets
import threading
import unicodedata
from contextlib import AbstractContextManager

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ...domain.errors import Invalid

SHORTEST, LONGEST = 10, 1000

_AT_ONCE = 4
"""Hashes at a time: each takes 64 MiB."""


class Passwords:
    """Hashes and compares. The default parameters are argon2-cffi's: RFC 9106, low memory."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys = _matches_nothing(self._hasher)

    def slot(self) -> AbstractContextManager[object]:
        """A place among the few who may hash at the same time; taken before `hash` or `verify`."""
        return self._slots

    def hash(self, password: str) -> str:
        """The password as it is stored."""
        return self._hasher.hash(_bytes(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether it is that password. Without one (None) the answer is no, and takes as long."""
        try:
            given = _bytes(password[:LONGEST])
        except UnicodeEncodeError:
            given, stored = b"", None
        try:
            matches = self._hasher.verify(stored or self._nobodys, given)
        except (Argon2Error, InvalidHashError):
            return False
        return matches and stored is not None and len(password) <= LONGEST

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(stored)


def check_password(password: str, username: str) -> None:
    """Raise `Invalid` (`password_too_short`, `password_too_long`, `password_is_name`, `bad_unicode`) for a bad one."""
    if len(password) < SHORTEST:
        raise Invalid(
            f"A password has at least {SHORTEST} characters; a few words are good.", code="password_too_short"
        )
    if len(password) > LONGEST:
        raise Invalid(f"A password has at most {LONGEST:,} characters.", code="password_too_long")
    if _plain(password) == _plain(username):
        raise Invalid("The password is the user name: choose another.", code="password_is_name")
    try:
        _bytes(password)
    except UnicodeEncodeError as error:
        raise Invalid("The password holds broken Unicode: type it again.", code="bad_unicode") from error


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _bytes(password: str) -> bytes:
    """One password typed on two keyboards is one sequence of bytes (NIST SP 800-63B: NFKC)."""
    return unicodedata.normalize("NFKC", password).encode()


def _matches_nothing(hasher: PasswordHasher) -> str:
    """A hash in the right form, of no password: to compare with it takes as long as with a real one."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
