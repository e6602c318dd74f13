"""One engine for each database in a process, however many hold it: connections and compiled statements are shared."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from sqlalchemy import Engine

_lock = threading.Lock()
_held: dict[tuple[int, str], tuple[Engine, int]] = {}
"""(process, URL) -> the engine and by how many it is held.

A forked child makes engines of its own and leaves its parent's alone: closing them would disturb the parent.
"""


def _new_lock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # whoever held the lock is not in the child
    os.register_at_fork(after_in_child=_new_lock)


def hold_engine(url: str, make: Callable[[], Engine]) -> Engine:
    """The engine of this database in this process; made when nobody holds one. Give it back with `release_engine`."""
    with _lock:
        key = (os.getpid(), url)
        engine, holders = _held[key] if key in _held else (make(), 0)
        _held[key] = (engine, holders + 1)
        return engine


def release_engine(url: str) -> None:
    """Give an engine back; the last one to do so closes its connections."""
    with _lock:
        key = (os.getpid(), url)
        if key not in _held:  # held before a fork: the connections are the parent's
            return
        engine, holders = _held[key]
        if holders > 1:
            _held[key] = (engine, holders - 1)
            return
        del _held[key]
    engine.dispose()
