"""Bars that move while something long goes on, in notebooks and terminals alike."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from ..backend.backend import OnProgress

_SHARE = "{l_bar}{bar}| {elapsed}{postfix}"
"""How far and since when: what is done of how many would be read as a count of something."""


@contextmanager
def progress_bar(title: str, *, shown: bool = True, unit: str = " it") -> Generator[OnProgress | None]:
    """A callback `(done, total, message)` that moves a bar of things; None when no bar is wanted."""
    with _bar(title, shown, unit=unit) as bar:

        def move(done: float, total: float, message: str) -> None:
            bar.total = total or None
            _move(bar, done, message)

        yield None if bar is None else move


@contextmanager
def job_bar(title: str, *, shown: bool = True) -> Generator[OnProgress | None]:
    """The same for a job: in per cent, the one measure of all jobs, here and in other processes."""
    with _bar(title, shown, total=100, bar_format=_SHARE) as bar:

        def move(done: float, total: float, message: str) -> None:
            _move(bar, 100.0 * min(1.0, done / total) if total else 0.0, message)

        yield None if bar is None else move


@contextmanager
def _bar(title: str, shown: bool, **options: Any) -> Generator[Any]:
    """A bar that is full once its work is done; None when none is wanted."""
    if not shown:
        yield None
        return
    from tqdm.auto import tqdm

    # disable=None: not where nobody looks, as in a log
    bar: Any = tqdm(desc=title, leave=False, disable=None, dynamic_ncols=True, **options)
    try:
        yield bar
        bar.n = bar.total or bar.n  # done, whatever was told last: a notebook's bar that is not full stays, in red
    finally:
        bar.close()


def _move(bar: Any, done: float, message: str) -> None:
    bar.n = done
    if message:
        bar.set_postfix_str(message, refresh=False)
    bar.refresh()
