"""Pictures that are sent to a dataset, one or many in a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter

from jupyter_roboflow.backend.idempotency import Answered
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.wire import uploads as wire
from jupyter_roboflow.domain.dataset import Image, Split
from jupyter_roboflow.domain.errors import Invalid, RoboflowError
from jupyter_roboflow.domain.page import PAGE_LIMIT, ImageFilter
from jupyter_roboflow.domain.user import Action
from jupyter_roboflow.ingest.filename import printable
from jupyter_roboflow.ingest.incoming import Incoming
from jupyter_roboflow.ingest.report import Accepted

from .multipart import Form, SentFile, bad_multipart
from .operation import raw_operation
from .sent_files import SentFilesHandler
from .statuses import status_of

FIELDS = frozenset({"split", "tags"})

_ONE: TypeAdapter[wire.UploadedImage] = TypeAdapter(wire.UploadedImage)
_SEVERAL: TypeAdapter[wire.Uploads] = TypeAdapter(wire.Uploads)


class UploadHandler(SentFilesHandler):
    action = Action.UPLOAD

    def most_file_bytes(self) -> int:
        return self.service.settings.max_image_bytes

    @raw_operation(
        answer=wire.UploadedImage,
        status=HTTPStatus.CREATED,
        takes="multipart/form-data",
        idempotent=True,
        also={HTTPStatus.OK: wire.UploadedImage, HTTPStatus.MULTI_STATUS: wire.Uploads},
        fields={
            "split": {"enum": [*Split, "none"]},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    )
    async def post(self, dataset_id: str) -> None:
        """Add pictures: one file is answered with its image, several with a list (207) of what came of each."""
        await self.answer_with(await self.with_form(self._enter))

    def _enter(self, form: Form) -> Answered:
        split, tags = _options(form)
        if not form.files:
            raise bad_multipart("it has no file")
        content = [str(split), *tags, *(part for file in form.files for part in (file.filename, file.sha256))]
        return self.once(lambda: self._answer(form.files, split, tags), *content)

    def _answer(self, files: Sequence[SentFile], split: Split | None, tags: tuple[str, ...]) -> Answered:
        assert self.caller is not None
        backend = self.service.backend(self.caller)
        sources = [Incoming(file.filename, file.path, error=file.error) for file in files]
        report = backend.upload(self.dataset_id, sources, split=split, tags=tags)
        ids = [entry.image_id for entry in report.in_order if isinstance(entry, Accepted)]
        images = _images(backend, self.dataset_id, ids)
        known = {id(entry) for entry in report.known}
        if len(files) == 1:
            return _only(report.in_order[0], images, bool(known))
        items = [
            _item(file.filename, entry, images, id(entry) in known)
            for file, entry in zip(files, report.in_order, strict=True)
        ]
        return Answered(HTTPStatus.MULTI_STATUS, _dump(_SEVERAL, {"items": items}))


def _options(form: Form) -> tuple[Split | None, tuple[str, ...]]:
    """Split and tags for all files of the request."""
    if unknown := sorted(set(form.fields) - FIELDS):
        raise Invalid(f"Unknown field {unknown[0]}: there are split and tags.", code="unknown_field")
    splits = set(form.fields.get("split", ())) - {"", "none"}
    if len(splits) > 1 or not splits <= set(Split):
        raise Invalid("split is one of train, valid, test and none, for all files of a request.", code="invalid_field")
    return (Split(splits.pop()) if splits else None), tuple(form.fields.get("tags", ()))


def _images(backend: LocalBackend, dataset_id: int, ids: Sequence[int]) -> dict[int, Image]:
    found: dict[int, Image] = {}
    for start in range(0, len(ids), PAGE_LIMIT):
        where = ImageFilter(ids=tuple(ids[start : start + PAGE_LIMIT]))
        found |= {image.id: image for image in backend.images(dataset_id, where, limit=PAGE_LIMIT).items}
    return found


def _only(entry: Accepted | RoboflowError, images: Mapping[int, Image], known: bool) -> Answered:
    if isinstance(entry, RoboflowError):
        raise entry
    image = _dump(TypeAdapter(wire.Image), images[entry.image_id])
    return Answered(HTTPStatus.OK if known else HTTPStatus.CREATED, {**image, "known": known})


def _item(filename: str, entry: Accepted | RoboflowError, images: Mapping[int, Image], known: bool) -> dict[str, Any]:
    item: dict[str, Any] = {"filename": printable(filename), "known": known, "image": None, "error": None}
    if isinstance(entry, RoboflowError):
        return {**item, "status": status_of(entry), "error": entry.as_dict()}
    return {**item, "status": HTTPStatus.OK if known else HTTPStatus.CREATED, "image": images[entry.image_id]}


def _dump(model: TypeAdapter[Any], value: Any) -> Any:
    return model.dump_python(model.validate_python(value, from_attributes=True), mode="json")
