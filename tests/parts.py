"""The real parts tests run against: `require("redis-server")` gives the program, or says loudly that it is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

# Where a part hides when it is not on the PATH, newest last; and under which other names it goes.
_PLACES = {
    "initdb": ("/usr/lib/postgresql/*/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb"),
    "pg_ctl": ("/usr/lib/postgresql/*/bin/pg_ctl", "/opt/homebrew/opt/postgresql*/bin/pg_ctl"),
}
_OTHER_NAMES = {"chromium": ("chromium-browser", "google-chrome", "chrome")}


def require(part: str) -> str:
    """The path of a program. Without it: failed where CI is set, elsewhere skipped and said so at the end."""
    found = find(part)
    if found is None:
        missing(f"{part} is not installed: `make test` installs it where it may.")
    return found


def find(part: str) -> str | None:
    """The path of a program, or None."""
    for name in (part, *_OTHER_NAMES.get(part, ())):
        if path := shutil.which(name):
            return path
    hidden = [path for pattern in _PLACES.get(part, ()) for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    return str(hidden[-1]) if hidden else None


def missing(reason: str) -> NoReturn:
    """Ends the test: as failed under CI, where everything is there or something is wrong; as skipped at a desk."""
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
