"""The accounts of an installation for a command of the shell."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ...settings import Settings
from ..opening import open_installation
from .accounts import Accounts


@contextmanager
def open_accounts(settings: Settings) -> Generator[Accounts]:
    """The accounts, with the database brought up to date or checked as `open_installation` does it."""
    installation = open_installation(settings)
    try:
        yield Accounts(installation)
    finally:
        installation.close()
