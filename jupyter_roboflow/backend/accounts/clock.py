"""The time as accounts see it: handed in, so that a test can move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the time now, aware."""


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)
