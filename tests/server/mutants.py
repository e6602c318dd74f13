"""Ways to break the server, one of them by the variable BROKEN: an extension that shows that tests notice."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from jupyter_roboflow.backend.accounts.access_token import AccessTokens
from jupyter_roboflow.backend.local.access import Access
from jupyter_roboflow_server.handlers.datasets import DatasetHandler
from jupyter_roboflow_server.handlers.handler import Handler


def _open_one_operation() -> None:
    described: Any = DatasetHandler.get
    described.operation = replace(described.operation, open_to_all=True)


def _set(owner: Any, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(owner, name, value)


WHOLE = "nothing"
MUTANTS: dict[str, Callable[[], None]] = {
    WHOLE: lambda: None,
    "an operation that was opened by mistake": _open_one_operation,
    "no permission check": _set(Access, "_allow", lambda *_: None),
    "no check of a token's scope": _set(Handler, "_check_scope", lambda *_: None),
    "no check of a token's time": _set(AccessTokens, "_in_time", lambda *_: True),
    "no XSRF check": _set(Handler, "check_xsrf_cookie", lambda *_: None),
    "strangers are not refused": _set(Handler, "_is_open", property(lambda _: True)),
}


def _load_jupyter_server_extension(_: Any) -> None:
    MUTANTS[os.environ["BROKEN"]]()
