"""One thing somebody wants to bring in, before anybody looked at its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ..domain.errors import Invalid, RoboflowError


@dataclass(frozen=True, slots=True)
class Incoming:
    """A name and how to get the bytes into `path`, a new file of ours.

    The bytes are there already, or are copied from `original` (never changed), or `write` puts them there; `error` is
    why there will be none. `filename` is as it came: clean it before it is shown or stored.
    """

    filename: str
    path: Path
    original: Path | None = None
    write: Callable[[Path], None] | None = None
    error: RoboflowError | None = None

    def fetch(self) -> None:
        """Put the bytes where `path` says, unless they are there or a copy will do. Raises what `error` says."""
        if self.error:
            raise self.error
        if self.write is None:
            return
        try:
            self.write(self.path)
        except RoboflowError:
            raise
        except (OSError, ValueError, TypeError, MemoryError) as error:
            raise Invalid(f"This source cannot be read: {error}.", code="source_unreadable") from error

    def discard(self) -> None:
        """Delete what was written; nothing of the source itself."""
        self.path.unlink(missing_ok=True)


def fresh_path(workdir: Path) -> Path:
    """A file name in the folder that nobody uses."""
    return workdir / f"incoming-{uuid4().hex}"
