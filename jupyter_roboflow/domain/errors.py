"""Everything that can go wrong, as one tree.

RoboflowError
    NotFound                 there is no such thing, or you may not see it
    Invalid                  the input breaks a rule
        InvalidShape             a geometry that cannot be
        UnreadableImage          bytes that are not a usable picture
            UnsupportedImage         a picture of a kind that is not accepted
        UnreadableDataset        files that do not follow their format
    Conflict                 somebody else was faster, or the name is taken
    NotAuthenticated         nobody knows who you are
    NotAllowed               you are known, and may not
    TooLarge                 over a limit
    TooManyRequests          too often; `details["retry_after"]` says in how many seconds again
    JobFailed                long work that ended without a result
        JobCancelled             ... because somebody asked for it
    BackendUnavailable       the database, the store or the queue does not answer
    StorageCorrupt           stored bytes are missing or are not what was stored

`code` is stable and made for programs; the message is for people and says what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RoboflowError(Exception):
    """A failure with a stable code, a message for people and details for programs."""

    code: str = "error"

    def __init__(self, message: str, *, code: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.details: Mapping[str, Any] = details

    def as_dict(self) -> dict[str, Any]:
        """The failure as plain data: `{"code", "message", "details"}`."""
        return {"code": self.code, "message": self.message, "details": dict(self.details)}

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.code, dict(self.details))


def _rebuild(kind: type[RoboflowError], message: str, code: str, details: dict[str, Any]) -> Any:
    return kind(message, code=code, **details)


class NotFound(RoboflowError):
    code = "not_found"


class Invalid(RoboflowError):
    code = "invalid"


class InvalidShape(Invalid):
    code = "invalid_shape"


class UnreadableImage(Invalid):
    code = "image_undecodable"


class UnsupportedImage(UnreadableImage):
    code = "unsupported_image"


class UnreadableDataset(Invalid):
    code = "unreadable_dataset"


class Conflict(RoboflowError):
    code = "conflict"


class NotAuthenticated(RoboflowError):
    code = "not_authenticated"


class NotAllowed(RoboflowError):
    code = "not_allowed"


class TooLarge(RoboflowError):
    code = "too_large"


class TooManyRequests(RoboflowError):
    code = "too_many_requests"


class JobFailed(RoboflowError):
    code = "job_failed"


class JobCancelled(JobFailed):
    code = "job_cancelled"


class BackendUnavailable(RoboflowError):
    code = "backend_unavailable"


class StorageCorrupt(RoboflowError):
    code = "storage_corrupt"
