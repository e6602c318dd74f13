"""Jobs and exports on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any, cast

from pydantic import Field, model_validator

from ...domain import export, job
from .model import Answer, Id, JsonObject, Paging, Request, Text


class JobQuery(Paging):
    """The jobs of one dataset, or without it all of one's own."""

    dataset_id: Id | None = None


class ErrorBody(Answer):
    code: str
    message: str
    details: JsonObject = Field(default_factory=dict)


class JobError(ErrorBody):
    """Why a job failed; `kind` is the class of the error."""

    kind: str = "JobFailed"


class Job(Answer):
    """`progress` is 0 to 100. `result_url` leads, below `roboflow/api/`, to what came of it, if anything."""

    id: int
    kind: str
    dataset_id: int | None
    user_id: int
    state: job.JobState
    progress: float
    message: str
    result: JsonObject | None
    result_url: str | None = None
    error: JobError | None
    attempt: int
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @model_validator(mode="before")
    @classmethod
    def _link(cls, value: Any) -> Any:
        if not isinstance(value, job.Job):
            return value
        fields = {name: getattr(value, name) for name in cls.model_fields if name != "result_url"}
        result = value.result or {}
        made = next((what for what in ("export", "version") if result.get(f"{what}_id") is not None), None)
        fields = {name: _without_paths(field, value.params) for name, field in fields.items()}
        return {**fields, "result_url": made and f"{made}s/{result[f'{made}_id']}"}

    def to_domain(self) -> job.Job:
        fields: dict[str, Any] = {name: value for name, value in dict(self).items() if name != "result_url"}
        fields |= {"params": {}, "error": self.error.model_dump() if self.error else None}
        return job.Job(**fields)


def _without_paths(value: Any, params: Mapping[str, Any]) -> Any:
    """Message, result or error without the server's folders that somebody at the server gave the job."""
    if isinstance(value, Mapping):
        kept = cast("Mapping[str, Any]", value)
        return {name: _without_paths(inner, params) for name, inner in kept.items() if name != "path"}
    if not isinstance(value, str) or isinstance(value, job.JobState):
        return value
    for path in (str(params[name]) for name in ("path", "output") if name in params):
        value = value.replace(path, PurePath(path).name)
    return value


class JobStarted(Answer):
    """Where to look for it: `GET jobs/{job_id}`."""

    job_id: int


class NewExport(Request):
    """`format` is `coco`, `yolo` or `voc`; options are those of the format and of every export. Without a `version`, by
    its id, the dataset is exported as it is now."""

    format: Text
    options: JsonObject = Field(default_factory=dict)
    version: Id | None = None


class Export(Answer):
    """A finished export. `url` is its file, below `roboflow/api/`; `size` is in bytes."""

    id: int
    dataset_id: int
    format: str
    filename: str
    size: int
    sha256: str
    losses: tuple[JsonObject, ...]
    counts: JsonObject
    created_at: datetime
    state: str = Field("succeeded", description="An export is listed once it is whole, so it is always this")
    url: str

    @model_validator(mode="before")
    @classmethod
    def _link(cls, value: Any) -> Any:
        if not isinstance(value, export.Export):
            return value
        fields = {name: getattr(value, name) for name in cls.model_fields if name not in ("state", "url")}
        return {**fields, "url": f"exports/{value.id}/file"}

    def to_domain(self) -> export.Export:
        fields: dict[str, Any] = {name: value for name, value in dict(self).items() if name not in ("state", "url")}
        return export.Export(**fields, path="")


class Exports(Answer):
    items: tuple[Export, ...]
