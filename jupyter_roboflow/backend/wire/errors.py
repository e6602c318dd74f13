"""Errors on the wire: the one table from classes to HTTP statuses, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from ...domain import errors
from ...domain.errors import (
    BackendUnavailable,
    Conflict,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RoboflowError,
    TooLarge,
    TooManyRequests,
    UnsupportedImage,
)

KIND_HEADER = "Roboflow-Error"
"""Names the class of an error in its answer: codes are many, and a status has several classes."""

STATUS_OF: Mapping[type[RoboflowError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnsupportedImage: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Conflict: HTTPStatus.CONFLICT,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    BackendUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    RoboflowError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

STATUS_OF_CODE: Mapping[str, HTTPStatus] = {
    "bad_json": HTTPStatus.BAD_REQUEST,
    "bad_page": HTTPStatus.BAD_REQUEST,
    "bad_length": HTTPStatus.BAD_REQUEST,
    "bad_query": HTTPStatus.BAD_REQUEST,
    "bad_unicode": HTTPStatus.BAD_REQUEST,
    "bad_revision": HTTPStatus.BAD_REQUEST,
    "bad_sort": HTTPStatus.BAD_REQUEST,
    "bad_multipart": HTTPStatus.BAD_REQUEST,
    "name_too_long": HTTPStatus.BAD_REQUEST,
    "not_there_yet": HTTPStatus.NOT_IMPLEMENTED,
    "revision_required": HTTPStatus.PRECONDITION_REQUIRED,
    "storage_missing": HTTPStatus.GONE,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}
"""Where a code says it more exactly than its class."""

_KIND_OF_STATUS: Mapping[int, type[RoboflowError]] = {
    **{int(status): kind for kind, status in STATUS_OF.items()},
    HTTPStatus.BAD_REQUEST: Invalid,
    HTTPStatus.PRECONDITION_REQUIRED: Invalid,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Invalid,
    HTTPStatus.BAD_GATEWAY: BackendUnavailable,
    HTTPStatus.GATEWAY_TIMEOUT: BackendUnavailable,
}

_KINDS: Mapping[str, type[RoboflowError]] = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, RoboflowError)
}


def status_of(error: RoboflowError) -> HTTPStatus:
    """The HTTP status of an error: that of its code, else that of its nearest class in the table."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


def error_from(status: int, kind: str | None, body: object, otherwise: str) -> RoboflowError:
    """The error that an answer is: of the class it names, else of its status.

    `body` is the parsed JSON, or anything where the answer came from somebody else, as a proxy: its message is
    `otherwise` then.
    """
    made = _KINDS.get(kind or "") or _KIND_OF_STATUS.get(status, RoboflowError)
    told = _told(body)
    if told is None:
        return made(otherwise, status=status)
    details = told.get("details")
    given = cast("dict[str, Any]", details) if isinstance(details, dict) else {}
    more = {name: value for name, value in given.items() if name not in ("message", "code")}
    return made(str(told.get("message", otherwise)), code=str(told.get("code", made.code)), **more)


def _told(body: object) -> Mapping[str, Any] | None:
    """What is below `error` in a body of ours."""
    if not isinstance(body, dict):
        return None
    error = cast("dict[str, Any]", body).get("error")
    return cast("dict[str, Any]", error) if isinstance(error, dict) else None
