"""Whole datasets that are sent in one file. A path on the server's disk is never accepted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter

from jupyter_roboflow.backend.idempotency import Answered
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.wire.jobs import JobStarted
from jupyter_roboflow.backend.wire.model import JsonObject
from jupyter_roboflow.backend.wire.uploads import ImportPreview
from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.domain.user import Action
from jupyter_roboflow.formats import FORMATS
from jupyter_roboflow.ingest.filename import display_name

from .multipart import Form, SentFile, bad_multipart
from .operation import raw_operation
from .sent_files import SentFilesHandler

FIELDS = {
    "format": {"type": "string", "enum": sorted(FORMATS)},
    "options": {"type": "string", "contentMediaType": "application/json"},
}

_PREVIEW: TypeAdapter[ImportPreview] = TypeAdapter(ImportPreview)
_OPTIONS: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)


class _OneFileHandler(SentFilesHandler):
    action = Action.IMPORT
    most_files = 1

    @property
    def backend(self) -> LocalBackend:
        assert self.caller is not None
        return self.service.backend(self.caller)


class ImportHandler(_OneFileHandler):
    @raw_operation(
        answer=JobStarted, status=HTTPStatus.ACCEPTED, takes="multipart/form-data", idempotent=True, fields=FIELDS
    )
    async def post(self, dataset_id: str) -> None:
        """Read a zip or a COCO .json file into the dataset, as a job. Fields: format, options (a JSON object)."""
        await self.answer_with(await self.with_form(self._start))

    def _start(self, form: Form) -> Answered:
        file, format, options = import_form(form)

        def start() -> Answered:
            job = self.backend.start_import_of(self.dataset_id, file.path, display_name(file.filename), format, options)
            return Answered(HTTPStatus.ACCEPTED, {"job_id": job.id})

        return self.once(start, file.filename, file.sha256, str(format), json.dumps(options, sort_keys=True))


class ImportPreviewHandler(_OneFileHandler):
    @raw_operation(answer=ImportPreview, takes="multipart/form-data", changes=False, fields=FIELDS)
    async def post(self, dataset_id: str) -> None:
        """What an import of this file would read, and what would be lost, without importing anything."""
        found = await self.with_form(self._look)
        await self.answer_with(
            Answered(HTTPStatus.OK, _PREVIEW.dump_python(_PREVIEW.validate_python(found), mode="json"))
        )

    def _look(self, form: Form) -> Mapping[str, Any]:
        file, format, options = import_form(form)
        return self.backend.preview_import_of(self.dataset_id, file.path, display_name(file.filename), format, options)


def import_form(form: Form) -> tuple[SentFile, str | None, JsonObject]:
    """The one file, the format and its options."""
    if unknown := sorted(set(form.fields) - set(FIELDS)):
        raise Invalid(f"Unknown field {unknown[0]}: there are format and options.", code="unknown_field")
    if len(form.files) != 1:
        raise bad_multipart("it has no file")
    file = form.files[0]
    if file.error is not None:
        raise file.error
    given = {name: values[-1] for name, values in form.fields.items() if values[-1]}
    try:
        options = _OPTIONS.validate_json(given.get("options", "{}"))
    except ValueError as error:
        raise Invalid("options is a JSON object.", code="invalid_field", field="options") from error
    return file, given.get("format"), options
