"""What guide and README print from the code itself, so that it cannot be out of date. Everything gives Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .formats import formats
from .keys import keys, keys_in_short
from .server import errors, operations, roles
from .settings import settings
from .shell import commands
from .steps import steps

MADE: Mapping[str, Callable[[], str]] = {
    "settings": settings,
    "keys": keys,
    "preprocessing": lambda: steps("preprocess"),
    "augmentation": lambda: steps("augment"),
    "commands": commands,
    "formats": formats,
    "operations": operations,
    "roles": roles,
    "errors": errors,
}

IN_README: Mapping[str, Callable[[], str]] = {"settings": settings, "keys": keys_in_short}


def filled_in(readme: str) -> str:
    """The README with its tables made anew, each between `<!-- NAME -->` and `<!-- /NAME -->`."""
    for name, make in IN_README.items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, found, rest = readme.partition(start)
        _, ended, after = rest.partition(end)
        if not (found and ended):
            raise ValueError(f"README.md has no place for {name}: {start.strip()} and {end}.")
        readme = f"{before}{start}{make()}\n{end}{after}"
    return readme
