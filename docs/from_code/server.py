"""What the server answers: operations, roles, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .table import table


def operations() -> str:
    """Every operation of the REST interface."""
    from jupyter_roboflow_server.handlers import ROUTES
    from jupyter_roboflow_server.openapi import document

    groups: dict[str, list[tuple[str, str]]] = {}
    for path, methods in document(ROUTES, "")["paths"].items():
        for method, told in methods.items():
            open_to_all = " *Open to all.*" if told.get("security") == [] else ""
            row = (f"`{method.upper()} {path.removeprefix('/')}`", told["summary"] + open_to_all)
            groups.setdefault(told["tags"][0], []).append(row)
    return "\n\n".join(f"## {name}\n\n" + table(["operation", "what it does"], rows) for name, rows in groups.items())


def roles() -> str:
    """What each role may do in a dataset."""
    from jupyter_roboflow.domain.user import IN_DATASET, Action

    listed = sorted(IN_DATASET, key=lambda role: -len(IN_DATASET[role]))
    asked = [action for action in Action if any(action in allowed for allowed in IN_DATASET.values())]
    rows = [
        (action.replace("_", " "), *("✓" if action in IN_DATASET[role] else "" for role in listed)) for action in asked
    ]
    return table(["", *listed], rows)


def errors() -> str:
    """The tree of errors with their codes and HTTP statuses."""
    from jupyter_roboflow.domain import errors as tree
    from jupyter_roboflow_server.handlers.statuses import status_of

    told = dict(re.findall(r"^ +(\w+) {2,}(.+)$", str(tree.__doc__), re.MULTILINE))
    rows = [
        (
            f"{'&emsp;' * depth}`{kind.__name__}`",
            f"`{kind.code}`",
            str(int(status_of(kind("")))),
            told.get(kind.__name__, ""),
        )
        for depth, kind in _below(tree.RoboflowError)
    ]
    return table(["error", "code", "HTTP", "when"], rows)


def _below(kind: type[Any], depth: int = 0) -> Iterator[tuple[int, type[Any]]]:
    for each in kind.__subclasses__():
        if each.__module__ == kind.__module__:
            yield depth, each
            yield from _below(each, depth + 1)
