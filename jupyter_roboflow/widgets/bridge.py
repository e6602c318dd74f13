"""Answers what a view asks its kernel: the same paths and the same JSON as over REST, and bytes as buffers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from ..backend.wire import annotations as wire
from ..backend.wire import assistance
from ..backend.wire.datasets import NewLabel
from ..backend.wire.errors import status_of
from ..domain.annotation import AnnotationSet
from ..domain.errors import Invalid, NotFound, RoboflowError
from .source import Source

Answer = tuple[Any, list[bytes]]


class Proposed(Protocol):
    """Who knows what is proposed for an image, as it goes over the wire."""

    def wire(self, image_id: int) -> list[dict[str, Any]]: ...


class Bridge:
    """Decodes a question, asks the Source, encodes the answer. What goes wrong is answered too, never raised."""

    def __init__(
        self, source: Source, on_saved: Callable[[AnnotationSet], None], proposed: Proposed | None = None
    ) -> None:
        self._source = source
        self._on_saved = on_saved
        self._proposed = proposed
        self._routes: tuple[tuple[str, Callable[..., Answer]], ...] = (
            (r"GET ids", self._ids),
            (r"GET datasets/\d+/labels", self._labels),
            (r"POST datasets/\d+/labels", self._add_label),
            (r"GET datasets/\d+/images", self._images),
            (r"GET images/(\d+)/annotations", self._annotations),
            (r"PUT images/(\d+)/annotations", self._save),
            (r"GET images/(\d+)/proposals", self._proposals),
            (r"GET images/(\d+)/file", self._file),
            (r"POST images/(\d+)/outline", self._outline),
            (r"POST images/(\d+)/path", self._path),
        )

    def answer(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """The message for a question `{id, method, path, body?, revision?}`, and its buffers."""
        head = {"type": "answer", "id": question.get("id")}
        try:
            body, buffers = self._perform(question)
            return {**head, "status": 200, "body": body}, buffers
        except RoboflowError as error:
            return {**head, "status": int(status_of(error)), "body": {"error": error.as_dict()}}, []
        except ValueError as error:  # what the wire's models say of a body that does not fit them
            refused = Invalid(str(error)[:300], code="invalid_field")
            return {**head, "status": int(status_of(refused)), "body": {"error": refused.as_dict()}}, []

    def _perform(self, question: Mapping[str, Any]) -> Answer:
        address = urlsplit(str(question.get("path", "")))
        asked = f"{question.get('method', 'GET')} {address.path}"
        for pattern, answer in self._routes:
            if found := re.fullmatch(pattern, asked):
                return answer(question, address.query, *(int(part) for part in found.groups()))
        raise NotFound(f"The kernel knows no {asked[:80]!r}.", code="unknown_path")

    def _ids(self, question: Mapping[str, Any], query: str) -> Answer:
        return {"ids": list(self._source.image_ids())}, []

    def _labels(self, question: Mapping[str, Any], query: str) -> Answer:
        return {"items": [_label(label) for label in self._source.labels()]}, []

    def _add_label(self, question: Mapping[str, Any], query: str) -> Answer:
        wanted = NewLabel.model_validate_json(json.dumps(question.get("body")))
        return _label(self._source.add_label(wanted.name, wanted.color)), []

    def _images(self, question: Mapping[str, Any], query: str) -> Answer:
        ids = [int(text) for text in parse_qs(query).get("ids", [""])[0].split(",") if text]
        items = self._source.images(ids)
        return {"items": items, "total": len(items), "page": 1, "limit": len(items)}, []

    def _annotations(self, question: Mapping[str, Any], query: str, image_id: int) -> Answer:
        return set_fields(self._source.annotations(image_id)), []

    def _save(self, question: Mapping[str, Any], query: str, image_id: int) -> Answer:
        sent = wire.WholeSet.model_validate_json(json.dumps(question.get("body")))
        revision = question.get("revision")
        if not isinstance(revision, int):
            raise Invalid("Say which revision was loaded: nothing was changed.", code="revision_required")
        saved = self._source.save(image_id, sent.to_domain(), revision, sent.state)
        self._on_saved(saved)
        return set_fields(saved), []

    def _proposals(self, question: Mapping[str, Any], query: str, image_id: int) -> Answer:
        return {"items": self._proposed.wire(image_id) if self._proposed else []}, []

    def _file(self, question: Mapping[str, Any], query: str, image_id: int) -> Answer:
        return None, [self._source.picture(image_id)]

    def _outline(self, question: Mapping[str, Any], query: str, image_id: int) -> Answer:
        prompt = assistance.Prompt.model_validate_json(json.dumps(question.get("body"))).to_domain()
        return assistance.outline_fields(self._source.outline(image_id, prompt)), []

    def _path(self, question: Mapping[str, Any], query: str, image_id: int) -> Answer:
        ends = assistance.PathEnds.model_validate_json(json.dumps(question.get("body")))
        (x0, y0), (x1, y1) = ends.start, ends.end
        path = self._source.path(image_id, (x0, y0), (x1, y1))
        return {"points": [value for point in path for value in point]}, []


def set_fields(found: AnnotationSet) -> dict[str, Any]:
    """An Annotation Set as it goes over the wire."""
    return wire.AnnotationSet.model_validate(found).model_dump(mode="json")


def _label(label: Any) -> dict[str, Any]:
    return {name: getattr(label, name) for name in ("id", "name", "color", "index", "position")}
