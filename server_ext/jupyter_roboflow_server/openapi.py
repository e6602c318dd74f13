"""`openapi.json`, made from the routes and the models: there is no second description that could be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from jupyter_roboflow import __version__
from jupyter_roboflow.backend.wire.jobs import ErrorBody
from jupyter_roboflow.backend.wire.model import Answer

from .handlers.handler import Handler
from .handlers.operation import Operation, operation_of
from .handlers.statuses import MEANINGS

METHODS = ("get", "post", "put", "patch", "delete")

_PART = re.compile(r"\{(\w+)\}")
_NUMBER = '"?[0-9]{1,10}(-[0-9a-f]{16})?"?'
_REVISION = {"required": f"^{_NUMBER}$", "optional": f"^{_NUMBER}$", "stated": rf"^({_NUMBER}|\*)$"}
_REF = "#/components/schemas/{model}"

Routes = tuple[tuple[str, type[Handler]], ...]


class ErrorAnswer(Answer):
    """What every refusal looks like. `code` is for programs, `message` for people: it says what to do next."""

    error: ErrorBody


def operations(routes: Routes) -> Iterator[tuple[str, str, Operation]]:
    """Every (path, method, description) there is."""
    for path, handler in routes:
        for method in METHODS:
            described = operation_of(handler, method)
            if described is not None:
                yield path, method, described


def document(routes: Routes, server_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these routes, below `server_url`."""
    found = list(operations(routes))
    refs, schemas = _schemas([described for _, _, described in found])
    paths: dict[str, dict[str, Any]] = {}
    for path, method, described in found:
        paths.setdefault(f"/{path}", {})[method] = _operation(path, method, described, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "jupyter-roboflow",
            "version": __version__,
            "description": "Annotate, check, augment and export image datasets. Coordinates are pixels in the upright "
            "image, times are UTC.",
            "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
        },
        "servers": [{"url": server_url}],
        "security": [{"bearer": []}, {"jupyter": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An access token or a personal one"},
                "jupyter": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "Jupyter's own: `token …`",
                },
            },
        },
    }


Refs = Mapping[tuple[Any, str], str]


def _schemas(described: list[Operation]) -> tuple[Refs, dict[str, Any]]:
    """The reference of every model in use, and all schemas by name."""
    wanted: dict[tuple[type[BaseModel], Any], None] = {(ErrorAnswer, "serialization"): None}
    for each in described:
        wanted |= {(model, "validation"): None for model in (each.body, each.query) if model is not None}
        wanted |= {(model, "serialization"): None for model in (each.answer, *each.also.values()) if model is not None}
    refs, definitions = models_json_schema(list(wanted), ref_template=_REF)
    return {key: schema["$ref"] for key, schema in refs.items()}, definitions["$defs"]


def _operation(path: str, method: str, described: Operation, refs: Refs) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": f"{method}_{re.sub('[^a-z0-9]+', '_', path).strip('_')}",
        "summary": described.summary,
        "tags": [path.partition("/")[0].partition(".")[0]],
        "parameters": [*_path_parameters(path), *_query_parameters(described), *_headers(described)],
        "responses": _responses(described, refs),
    }
    if described.body is not None:
        schema = {"$ref": refs[described.body, "validation"]}
        made["requestBody"] = {"required": True, "content": {described.takes: {"schema": schema}}}
    elif described.takes != "application/json":
        made["requestBody"] = {"required": True, "content": {described.takes: {"schema": _files(described)}}}
    if described.open_to_all:
        made["security"] = []
    return made


def _files(described: Operation) -> dict[str, Any]:
    binary = {"type": "string", "format": "binary"}
    if described.takes != "multipart/form-data":
        return binary
    parts = {"file": {"type": "array", "items": binary}, **described.fields}
    return {"type": "object", "properties": parts, "required": ["file"], "additionalProperties": False}


def _path_parameters(path: str) -> Iterator[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
    for name in _PART.findall(path):
        schema = number if name.endswith("_id") else {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(described: Operation) -> Iterator[dict[str, Any]]:
    if described.query is None:
        return
    schema = described.query.model_json_schema(ref_template=_REF)
    kinds = schema.get("$defs", {})
    for name, field in schema.get("properties", {}).items():
        shape = _inlined({key: value for key, value in field.items() if key != "title"}, kinds)
        yield {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": shape}


def _inlined(schema: Any, kinds: Mapping[str, Any]) -> Any:
    """A schema without references and without null: in an address a value is there or it is not."""
    if isinstance(schema, list):
        return [_inlined(each, kinds) for each in schema if each != {"type": "null"}]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(kinds[str(schema["$ref"]).rpartition("/")[2]], kinds)  # pyright: ignore[reportUnknownArgumentType]
    return {
        str(key): _inlined(value, kinds)  # pyright: ignore[reportUnknownArgumentType]
        for key, value in schema.items()  # pyright: ignore[reportUnknownVariableType]
        if not (key == "default" and value is None)
    }


def _headers(described: Operation) -> Iterator[dict[str, Any]]:
    if described.revision:
        yield {
            "name": "If-Match",
            "in": "header",
            "required": described.revision != "optional",
            "description": "The revision the set was loaded at, as its ETag says",
            "schema": {"type": "string", "pattern": _REVISION[described.revision]},
        }
    if "known" in described.wants:
        yield {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "The ETag of what the asker has; while that is as it was, the answer is 304 without a body",
            "schema": {"type": "string"},
        }
    if described.idempotent:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Sent again with the same key, the request is answered as the first time, and done once",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        }


def _responses(described: Operation, refs: Refs) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": refs[ErrorAnswer, "serialization"]}}}
    done = {described.status: described.answer, **described.also}
    answers = {str(int(status)): _answer(status, model, described, refs) for status, model in done.items()}
    refused = {str(int(status)): {"description": meaning, "content": error} for status, meaning in MEANINGS.items()}
    return {**refused, **answers}


def _answer(status: HTTPStatus, model: Any, described: Operation, refs: Refs) -> dict[str, Any]:
    made: dict[str, Any] = {"description": status.phrase}
    if model is not None:
        made["content"] = {"application/json": {"schema": {"$ref": refs[model, "serialization"]}}}
    elif described.gives != "application/json" and status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        made["content"] = {described.gives: {"schema": {"type": "string", "format": "binary"}}}
    return made
