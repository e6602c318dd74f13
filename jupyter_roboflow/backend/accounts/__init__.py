"""Who somebody is: passwords, sessions, tokens and signed links. What a person may do is decided by the Backend."""

from __future__ import annotations

from .accounts import Accounts
from .caller import Caller, NewToken, Session, Via
from .opening import open_accounts

__all__ = ["Accounts", "Caller", "NewToken", "Session", "Via", "open_accounts"]
