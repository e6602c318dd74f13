"""Our access tokens: JWTs for a quarter of an hour, of exactly one form. Anything else about them is refused."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Any, cast

import jwt
from jwt.types import Options

from ...domain.errors import NotAuthenticated
from ...domain.user import Account
from .clock import Clock

ISSUER = "jupyter-roboflow"
SECONDS = 15 * 60
LEEWAY_SECONDS = 10
"""How far the clocks of two servers may be apart."""

_ALGORITHM = "HS256"
_TYPE = "access"
_HEADER = {"alg": _ALGORITHM, "typ": "JWT"}
_CLAIMS = {"iss": str, "sub": str, "typ": str, "iat": int, "exp": int, "jti": str, "ver": int, "sid": str}
_LONGEST = 2_000
_LARGEST_ID = 2**31 - 1
_OPTIONS: Options = {"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False}
"""PyJWT does not check times: it asks the system's clock; ours is handed in, and stricter: `_in_time`."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: whose it is, for which of their token versions, of which session."""

    user_id: int
    token_version: int
    session: str


class AccessTokens:
    """Issues and reads them, with one key."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def issue(self, account: Account, session: str) -> str:
        """A token for the next `SECONDS`."""
        now = int(self._clock().timestamp())
        claims = {"iss": ISSUER, "sub": str(account.user.id), "typ": _TYPE, "iat": now, "exp": now + SECONDS}
        claims |= {"jti": secrets.token_hex(16), "ver": account.token_version, "sid": session}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def read(self, token: str) -> Claims:
        """What the token says, if it is one of ours and in time; otherwise `NotAuthenticated`."""
        claims = self._verified(token)
        if claims.keys() != _CLAIMS.keys() or any(type(claims[name]) is not kind for name, kind in _CLAIMS.items()):
            raise refused()
        if claims["typ"] != _TYPE or not self._in_time(claims["iat"], claims["exp"]):
            raise refused()
        subject: str = claims["sub"]
        if not (subject.isascii() and subject.isdigit() and len(subject) <= 10 and int(subject) <= _LARGEST_ID):
            raise refused()
        return Claims(int(subject), claims["ver"], claims["sid"])

    def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token with our header, issuer and signature."""
        if len(token) > _LONGEST:
            raise refused()
        try:
            if jwt.get_unverified_header(token) != _HEADER:  # no kid, jku, x5u, jwk, crit or other algorithm
                raise refused()
            return jwt.decode(token, self._key, algorithms=[_ALGORITHM], issuer=ISSUER, options=_OPTIONS)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise refused() from error

    def _in_time(self, issued: int, expires: int) -> bool:
        """Issued in the past, not over, and not made for longer than we make them; whatever the clock did since."""
        now = self._clock().timestamp()
        return issued <= now + LEEWAY_SECONDS and now < expires + LEEWAY_SECONDS and 0 < expires - issued <= SECONDS


def refused() -> NotAuthenticated:
    """The one answer to everything that is wrong with a token: which it was helps only whoever forges them."""
    return NotAuthenticated("This access token is not valid or over: refresh it, or log in again.", code="bad_token")


def says_it_is_ours(token: str) -> bool:
    """Whether an unverified JWT names us as its issuer. To be refused if it is wrong, not to be trusted."""
    parts = token.split(".", 3)
    if len(parts) < 2 or len(token) > 100_000:
        return False
    try:
        claims: object = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(claims, dict) and cast("dict[str, object]", claims).get("iss") == ISSUER
