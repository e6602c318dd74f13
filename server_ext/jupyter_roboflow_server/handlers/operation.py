"""What an operation is: one method on one path, with what it takes, what it answers and who may call it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend.wire.model import Answer, Query, Request


@dataclass(frozen=True)
class Operation:
    """The description that answers requests and makes `openapi.json`: there is no second one."""

    query: type[Query] | None
    body: type[Request] | None
    answer: Any
    status: HTTPStatus
    open_to_all: bool
    changes: bool
    revision: str | None
    headers: Callable[[Any], Mapping[str, str]] | None
    summary: str
    wants: frozenset[str]
    idempotent: bool = False
    takes: str = "application/json"
    gives: str = "application/json"
    also: Mapping[HTTPStatus, Any] = field(default_factory=dict[HTTPStatus, Any])
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


def operation(
    *,
    query: type[Query] | None = None,
    body: type[Request] | None = None,
    answer: type[Answer] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    open_to_all: bool = False,
    changes: bool | None = None,
    revision: str | None = None,
    headers: Callable[[Any], Mapping[str, str]] | None = None,
    idempotent: bool = False,
    also: Mapping[HTTPStatus, Any] | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """Makes a plain function a method of a handler.

    The function runs in a thread and gets, by the names of its parameters: `backend` (acting for whoever asks),
    `accounts`, `caller`, `query`, `body` (checked models), `revision` (from `If-Match`; `revision="required"` answers
    428 without it, "stated" takes `*` for None besides, "optional" gives None), `known` (whether `If-None-Match` names
    an ETag; what is `Unchanged` then is answered with 304) and the parts of the path. What it returns is encoded as
    `answer`; without one the answer is empty. `headers(result)` adds headers. `changes` (default: everything but GET)
    says whether a read-only token is refused. An `idempotent` one that is sent again with the same `Idempotency-Key` is
    not done again, but answered as the first time. `also` are other statuses it may answer with, each with its model;
    with 204 among them, None is answered by nothing. The first line of its docstring is its summary in `openapi.json`.
    """

    def wrap(function: Callable[..., Any]) -> Any:
        is_get = function.__name__ in ("get", "head")
        described = Operation(
            query=query,
            body=body,
            answer=answer,
            status=status if answer or status is not HTTPStatus.OK else HTTPStatus.NO_CONTENT,
            open_to_all=open_to_all,
            changes=not is_get if changes is None else changes,
            revision=revision,
            headers=headers,
            summary=(inspect.getdoc(function) or "").partition("\n")[0],
            wants=frozenset(inspect.signature(function).parameters) - {"self"},
            idempotent=idempotent,
            also=also or {},
        )

        @functools.wraps(function)
        async def answer_request(self: Any, **path: str) -> None:
            await self.perform(described, functools.partial(function, self), path)

        answer_request.operation = described  # type: ignore[attr-defined]
        return answer_request

    return wrap


def raw_operation(
    *,
    query: type[Query] | None = None,
    answer: Any = None,
    status: HTTPStatus = HTTPStatus.OK,
    takes: str = "application/json",
    gives: str = "application/json",
    open_to_all: bool = False,
    changes: bool | None = None,
    idempotent: bool = False,
    also: Mapping[HTTPStatus, Any] | None = None,
    fields: Mapping[str, Mapping[str, Any]] | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """Describes an asynchronous method that reads its body or writes its answer by itself, in these media types.

    `also` are other statuses it may answer with, each with its model (None: nothing, or the same bytes); `fields` are
    those of a form beside its files, each with its JSON schema.
    It gets the parts of the path as text; whoever asks is known by then, and refused where `open_to_all` is not set.
    """

    def wrap(function: Callable[..., Any]) -> Any:
        function.operation = Operation(  # type: ignore[attr-defined]
            query=query,
            body=None,
            answer=answer,
            status=status,
            open_to_all=open_to_all,
            changes=function.__name__ not in ("get", "head") if changes is None else changes,
            revision=None,
            headers=None,
            summary=(inspect.getdoc(function) or "").partition("\n")[0],
            wants=frozenset(),
            idempotent=idempotent,
            takes=takes,
            gives=gives,
            also=also or {},
            fields=fields or {},
        )
        return function

    return wrap


def operation_of(handler: type, method: str) -> Operation | None:
    """The description of a handler's method (`GET`, …), None when it has none."""
    return getattr(getattr(handler, method.lower(), None), "operation", None)
