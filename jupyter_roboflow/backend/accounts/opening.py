"""The accounts of an installation for a command of the shell."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ...settings import Settings
from ..opening import open_backend
from .accounts import Accounts


@contextmanager
def open_accounts(settings: Settings) -> Generator[Accounts]:
    """The accounts, with the database brought up to date or checked as `open_backend` does it."""
    backend = open_backend(settings)
    try:
        yield Accounts(backend.installation)
    finally:
        backend.close()
