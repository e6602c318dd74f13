"""Trying again while the database does not answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from ..domain.errors import BackendUnavailable

T = TypeVar("T")
log = logging.getLogger(__name__)

PATIENCE_SECONDS = 120.0
_FIRST_SECONDS, _LONGEST_SECONDS = 0.1, 5.0


def patiently(
    action: Callable[[], T], *, give_up: Callable[[], bool] = lambda: False, seconds: float = PATIENCE_SECONDS
) -> T:
    """What `action` returns, tried again with growing pauses while it raises `BackendUnavailable`.

    After `seconds`, or as soon as `give_up()` holds, the error is raised.
    """
    end, pause = time.monotonic() + seconds, _FIRST_SECONDS
    while True:
        try:
            return action()
        except BackendUnavailable as error:
            if give_up() or time.monotonic() + pause > end:
                raise
            log.warning("trying again in %.1f s: %s", pause, error)
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_SECONDS)
