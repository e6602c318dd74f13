"""What a status means here; which error has which is said by the table in `backend.wire.errors`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

from jupyter_roboflow.backend.wire.errors import status_of as status_of
from jupyter_roboflow.settings import Settings

_CODE_OF_STATUS = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "not_authenticated",
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
}


def code_of(status: HTTPStatus) -> str:
    """The error code of a status that Tornado or Jupyter chose."""
    return _CODE_OF_STATUS.get(status, "error")


def without_places(message: str, settings: Settings) -> str:
    """A message for people elsewhere: the folders of this machine are left out. The log has it whole."""
    places = (settings.data_dir, settings.storage_url)
    for place in sorted({str(each) for each in places if each}, key=len, reverse=True):
        message = re.sub(rf"{re.escape(place)}[^\s'\":;,)]*", "…", message)
    return message


MEANINGS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "Not JSON, an address that cannot be, or a name that no database can hold",
    HTTPStatus.UNAUTHORIZED: "Nobody is logged in, or the token is no good any more",
    HTTPStatus.FORBIDDEN: "You are known, and may not",
    HTTPStatus.NOT_FOUND: "There is no such thing, or you may not see it",
    HTTPStatus.CONFLICT: "Somebody else was faster, or the name is taken",
    HTTPStatus.GONE: "The row is there, the file is missing from the store: restore it from a backup",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Over a limit",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body, or a picture in it, is of a kind that is not taken",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The input breaks a rule; the message says which",
    HTTPStatus.PRECONDITION_REQUIRED: "If-Match is missing",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many attempts; Retry-After says when to come again",
    HTTPStatus.NOT_IMPLEMENTED: "Not there yet",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database, the store or the queue does not answer",
}
"""Every refusal that is part of the interface."""
