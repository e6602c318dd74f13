"""How many cores a measurement may use."""

from __future__ import annotations

import os


def only_cores(count: int) -> None:
    """Keep this process and its children on the first cores, where the system can (not on macOS and Windows)."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])
