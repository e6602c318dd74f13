"""A notebook's kernel, and the Jupyter server that started it."""

from __future__ import annotations

import sys
from typing import Any

INFO = "ROBOFLOW_SERVER_INFO"
"""The environment variable that the extension sets: a file with its server's URL and token. Kernels inherit it."""


def in_kernel() -> bool:
    """Whether this is a notebook's kernel."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None
