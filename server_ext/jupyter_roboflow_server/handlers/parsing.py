"""From the text of a request to checked models: strict, and every refusal says where."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar, cast, get_origin

from pydantic import ValidationError
from pydantic_core import from_json

from jupyter_roboflow.backend.wire.model import Query, Request
from jupyter_roboflow.domain.errors import Invalid, NotFound, RoboflowError

B = TypeVar("B", bound=Request)
Q = TypeVar("Q", bound=Query)

_MAY_OVERFLOW = re.compile(rb"[eE]\+?0*[0-9]{3}|[0-9]{200}")
"""What a number too large for a float has to contain. Parsers make infinity of it, which is no number to store."""

_TAG = re.compile(r"([0-9]{1,10})(?:-[0-9a-f]{16})?\Z")
"""A revision, alone or as it begins the ETag of a set."""

_JUPYTERS = frozenset({"token", "_xsrf", "_", "no_track_activity"})
"""Query parameters that are for Jupyter or against caches; operations never see them."""


def parse_body(model: type[B], body: bytes, media_type: str) -> B:
    """A JSON body as its model. `Invalid` `bad_json` (400) for no JSON, `wrong_type` and the like (422) otherwise."""
    if media_type.partition(";")[0].strip().lower() not in ("application/json", ""):
        raise Invalid("Send the body as JSON, with Content-Type: application/json.", code="unsupported_media_type")
    try:
        document = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Invalid(f"The body is not JSON ({error}): send one JSON object in UTF-8.", code="bad_json") from error
    if _MAY_OVERFLOW.search(body) and not _is_finite(document):
        raise Invalid("A number is too large for any computer's: numbers end at 1.8e308.", code="bad_number")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise refusal(error, "body") from error


def _is_finite(value: object) -> bool:
    """Whether every float in a parsed document is a number; its depth is bounded by the parser."""
    if isinstance(value, dict):
        return all(map(_is_finite, cast("dict[str, object]", value).values()))
    if isinstance(value, list):
        return all(map(_is_finite, cast("list[object]", value)))
    return not isinstance(value, float) or math.isfinite(value)


def parse_query(model: type[Q] | None, arguments: Mapping[str, Sequence[bytes]]) -> Q | None:
    """The query parameters as their model; an operation without a model takes none."""
    given: dict[str, str | list[str]] = {}
    for name, values in arguments.items():
        if _is_jupyters(name, values):
            continue
        texts = [_decoded(name, value) for value in values]
        if len(texts) > 1 and not _takes_several(model, name):
            raise Invalid(f"The query parameter {name[:40]!r} is given twice: give it once.", code="bad_query")
        given[name] = texts if _takes_several(model, name) else texts[0]
    if model is None:
        if given:
            raise Invalid(f"Unknown query parameter {min(given)[:40]!r}: there are none here.", code="bad_query")
        return None
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise refusal(error, "query") from error


def _is_jupyters(name: str, values: Sequence[bytes]) -> bool:
    """Whether a parameter is none of ours. Jupyter's own clients put `?1700000000` behind an address, so that no cache
    answers: digits without a value."""
    return name in _JUPYTERS or (name.isascii() and name.isdigit() and list(values) == [b""])


def _takes_several(model: type[Query] | None, name: str) -> bool:
    field = model.model_fields.get(name) if model else None
    return field is not None and get_origin(field.annotation) is tuple


def _decoded(name: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise Invalid(f"The query parameter {name[:40]!r} is not UTF-8.", code="bad_query") from error


def refusal(error: ValidationError, where: str) -> RoboflowError:
    """The first thing that is wrong, in words that name the field."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    path = ".".join(str(part)[:60] for part in first["loc"]) or where
    if where == "query":
        code = "bad_page" if path in ("page", "limit") else "bad_query"
    else:
        code = "unknown_field" if first["type"] == "extra_forbidden" else "invalid_field"
    message = first["msg"][:300]
    return Invalid(f"{where} {path}: {message}.", code=code, field=path, problems=error.error_count())


def parse_id(text: str, what: str) -> int:
    """The number in a path. Anything that is no plain number that a database can hold is simply not there."""
    number = int(text) if text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= 10 else 0
    if not 0 < number < 2**31:
        raise NotFound(f"There is no {what} {text[:40]!r}.")
    return number


def parse_revision(header: str | None, rule: str) -> int | None:
    """The revision in `If-Match`, a number or the ETag of a set, bare or in quotes.

    `Invalid` `revision_required` (428) when it has to be there. With the rule "stated" a `*` says that any will do.
    """
    if rule == "stated" and header is not None and header.strip() == "*":
        return None
    if header is None or not header.strip():
        if rule != "optional":
            raise Invalid(
                "Say which revision was loaded, in the header If-Match: nothing was changed.", code="revision_required"
            )
        return None
    found = _TAG.match(header.strip().strip('"'))
    if found is None:
        raise Invalid("If-Match is the revision of the set, a number, as its ETag says.", code="bad_revision")
    return int(found[1])
