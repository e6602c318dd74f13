"""The one table from errors to HTTP statuses."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from jupyter_roboflow.domain.errors import (
    BackendUnavailable,
    Conflict,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RoboflowError,
    TooLarge,
    TooManyRequests,
)

STATUS_OF: Mapping[type[RoboflowError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
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
    "bad_query": HTTPStatus.BAD_REQUEST,
    "bad_revision": HTTPStatus.BAD_REQUEST,
    "bad_sort": HTTPStatus.BAD_REQUEST,
    "bad_multipart": HTTPStatus.BAD_REQUEST,
    "not_there_yet": HTTPStatus.NOT_IMPLEMENTED,
    "revision_required": HTTPStatus.PRECONDITION_REQUIRED,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}
"""Where a code says it more exactly than its class."""

_CODE_OF_STATUS = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "not_authenticated",
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
}


def status_of(error: RoboflowError) -> HTTPStatus:
    """The HTTP status of an error: that of its code, else that of its nearest class in the table."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


def code_of(status: HTTPStatus) -> str:
    """The error code of a status that Tornado or Jupyter chose."""
    return _CODE_OF_STATUS.get(status, "error")


MEANINGS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "Not JSON, or an address that cannot be",
    HTTPStatus.UNAUTHORIZED: "Nobody is logged in, or the token is no good any more",
    HTTPStatus.FORBIDDEN: "You are known, and may not",
    HTTPStatus.NOT_FOUND: "There is no such thing, or you may not see it",
    HTTPStatus.CONFLICT: "Somebody else was faster, or the name is taken",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Over a limit",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another kind than asked for",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The input breaks a rule; the message says which",
    HTTPStatus.PRECONDITION_REQUIRED: "If-Match is missing",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many attempts; Retry-After says when to come again",
    HTTPStatus.NOT_IMPLEMENTED: "Not there yet",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database, the store or the queue does not answer",
}
"""Every refusal that is part of the interface."""
