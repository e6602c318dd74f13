"""Ending processes together with everything they started, on every system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any, NoReturn

ABANDONED = 75
"""Exit code of a worker that ended itself because its job did not stop."""


def own_group() -> dict[str, Any]:
    """Arguments for `Popen` that keep the terminal's Ctrl-C away and let `end_tree` find all descendants."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def end_tree(pid: int) -> None:
    """Kill a process started with `own_group`, and what it started. It may be dead already."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(pid)], check=False, capture_output=True)
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def end_self() -> NoReturn:
    """End this process and its children at once, without cleaning up."""
    if sys.platform == "win32":
        end_tree(os.getpid())
    elif os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(ABANDONED)
