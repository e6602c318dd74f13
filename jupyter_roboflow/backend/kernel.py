"""Where this process runs."""

from __future__ import annotations

import sys
from typing import Any


def in_kernel() -> bool:
    """Whether this is a notebook's kernel."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None
