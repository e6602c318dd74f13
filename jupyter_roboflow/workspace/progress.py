"""A progress bar in the notebook or the shell, whichever is there."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from ..backend.backend import OnProgress


@contextmanager
def progress_bar(title: str, *, shown: bool = True, unit: str = " it") -> Generator[OnProgress | None]:
    """A callback `(done, total, message)` that moves a bar; None when no bar is wanted."""
    if not shown:
        yield None
        return
    from tqdm.auto import tqdm

    # disable=None: not where nobody looks, as in a log
    bar: Any = tqdm(desc=title, unit=unit, leave=False, disable=None, dynamic_ncols=True)

    def move(done: float, total: float, message: str) -> None:
        bar.total = total or None
        bar.n = done
        if message:
            bar.set_postfix_str(message, refresh=False)
        bar.refresh()

    try:
        yield move
        bar.n = bar.total or bar.n  # done, whatever was told last: a notebook's bar that is not full stays, in red
    finally:
        bar.close()
