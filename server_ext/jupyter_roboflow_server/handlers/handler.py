"""What a handler is: it knows who asks before it answers, and its errors are the product's errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, ClassVar, cast

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError

from jupyter_roboflow.domain.errors import (
    BackendUnavailable,
    Conflict,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RoboflowError,
    TooLarge,
)

STATUS_OF: Mapping[type[RoboflowError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BackendUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    RoboflowError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_CODE_OF_STATUS = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "not_authenticated",
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
}

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType]


class Handler(APIHandler):
    """The base of every route.

    Jupyter Server answers anonymous requests to an `APIHandler` whose method carries no decorator. Here it is the other
    way round: nobody gets past `prepare()` unknown, unless the class names the method in `open_to_all`.
    """

    open_to_all: ClassVar[frozenset[str]] = frozenset()

    async def prepare(self) -> None:
        """Finds out who asks, and refuses strangers before any method runs."""
        try:
            await super().prepare()
        except HTTPError as refusal:
            # With its own strict setting Jupyter refuses strangers itself, with 403; for us that is 401, or open.
            if refusal.status_code != HTTPStatus.FORBIDDEN or self.current_user is not None:
                raise
        if self.current_user is None and self.request.method not in self.open_to_all:
            raise NotAuthenticated("Nobody is logged in: send the server's token, or log in first.")

    def answer(self, body: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        """Ends the request with a JSON document."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Ends the request with `{"error": {"code", "message", "details"}}`; the unforeseen shows nothing of itself."""
        info = cast("ErrorInfo | None", kwargs.get("exc_info"))
        error = info[1] if info else None
        if isinstance(error, RoboflowError):
            self.answer({"error": error.as_dict()}, status_of(error))
            return
        status = HTTPStatus(status_code)
        message = (error.log_message if isinstance(error, HTTPError) else None) or status.phrase
        code = _CODE_OF_STATUS.get(status, "error")
        self.answer({"error": {"code": code, "message": message, "details": {}}}, status)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """A refusal is one line in the log; a stack trace means that something is broken."""
        if isinstance(value, RoboflowError) and status_of(value) < HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.info("%s %s: %s", self.request.method, self.request.path, value.code)
        else:
            super().log_exception(typ, value, tb)


def status_of(error: RoboflowError) -> HTTPStatus:
    """The HTTP status of an error: that of its nearest class in the table."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
