"""Random secrets that people or programs hold, and the hash by which we know them."""

from __future__ import annotations

import hashlib
import secrets

PERSONAL = "jrf_"
"""How a personal access token begins, so that one is recognised wherever it turns up."""

REFRESH = "jrr_"
"""How a refresh token begins."""


def new_token(prefix: str) -> str:
    """A prefix and 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 in hexadecimal. Random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
