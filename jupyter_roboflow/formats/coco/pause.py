"""Python's cycle collector held still while very many objects that form no cycles are made."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def paused_collection() -> Generator[None]:
    """No cycle collection within the block; for short blocks that give nothing to others meanwhile.

    With several threads the first to leave may switch it on for all: that costs time only.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
