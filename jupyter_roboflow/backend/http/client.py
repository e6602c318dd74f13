"""Requests to one server: proved, repeated where that is safe, and their failures as the product's own errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypeVar, cast
from urllib.parse import quote
from uuid import uuid4

import httpx

from ... import __version__
from ...domain.errors import BackendUnavailable, Invalid, NotAuthenticated, NotFound, RoboflowError
from ...domain.page import check_page
from ..wire.errors import KIND_HEADER, error_from
from ..wire.model import Answer
from .address import Address
from .credentials import Credentials
from .multipart import MultipartBody
from .retrying import TRIES, Retrying

A = TypeVar("A", bound=Answer)

CONNECTIONS = 8
"""Requests at once of one client."""

_TIMEOUT = httpx.Timeout(60, connect=10, pool=None)
"""Seconds: nothing the server does in a request takes longer, as long work is a job."""

_FILES_TIMEOUT = httpx.Timeout(600, connect=10, pool=None)
"""Pictures are decoded before the answer comes."""


class Client:
    """Speaks JSON to `<server>roboflow/api/`. To be used from many threads at once.

    `direct` goes past the proxies of the environment.
    """

    def __init__(self, address: Address, credentials: Credentials, *, tries: int = TRIES, direct: bool = False) -> None:
        self.address = address
        self.credentials = credentials
        self.tries = tries
        # whoever asks is proved by a header: a cookie that a server sets would make two people of one
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx.Client(
            base_url=address.api,
            timeout=_TIMEOUT,
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            cookies=no_cookies,
            trust_env=not (direct or address.is_loopback),
            headers={"User-Agent": f"jupyter-roboflow/{__version__}", "Accept": "application/json"},
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def get(self, answer: type[A], path: str, query: Mapping[str, Any] | None = None) -> A:
        """What a GET answers; parameters that are None are left out."""
        return self.parsed(answer, self.send("GET", path, query=query))

    def ask(
        self,
        answer: type[A],
        method: str,
        path: str,
        body: Any = None,
        *,
        revision: int | str | None = None,
        repeatable: bool = False,
        once: bool = False,
    ) -> A:
        """What a request with a JSON body answers. `repeatable`: a POST that only asks.

        `once`: it changes something, and is sent again under the same key when its answer is lost: the server does it
        once, and answers the same.
        """
        response = self.send(method, path, body=body, revision=revision, repeatable=repeatable, once=once)
        return self.parsed(answer, response)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        revision: int | str | None = None,
        repeatable: bool = False,
        once: bool = False,
    ) -> httpx.Response:
        """The answer to a request, which was a success; everything else is raised as the error that it is."""
        headers = {"If-Match": "*" if revision == "*" else f'"{revision}"'} if revision is not None else {}
        if once:
            headers["Idempotency-Key"] = uuid4().hex
        content = None if body is None else encoded(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        params = {name: _parameter(value) for name, value in (query or {}).items() if value is not None}

        def build() -> httpx.Request:
            return self._http.build_request(method, path, params=params or None, headers=headers, content=content)

        return self._repeated(build, repeatable=repeatable or once)

    def end_session(self, body: Mapping[str, Any]) -> None:
        """Log out. A server that is away has nobody logged in for long."""
        with suppress(httpx.TransportError):
            self._http.post("auth/logout", json=dict(body), timeout=2)

    def send_files(self, path: str, body: MultipartBody) -> httpx.Response:
        """The answer to a POST of files, done once however often it has to be sent."""
        headers = {"Idempotency-Key": uuid4().hex, **body.headers}

        def build() -> httpx.Request:
            return self._http.build_request("POST", path, content=iter(body), headers=headers, timeout=_FILES_TIMEOUT)

        return self._repeated(build, repeatable=True)

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str]) -> Generator[httpx.Response]:
        """An answer whose body is read piece by piece. Not repeated: whoever reads knows how far it came."""
        try:
            response = self._proved(self._http.build_request("GET", path, headers=dict(headers)), stream=True)
            if response.status_code == HTTPStatus.UNAUTHORIZED and self._renewed(response.request):
                response.close()
                response = self._proved(self._http.build_request("GET", path, headers=dict(headers)), stream=True)
            try:
                if not response.is_success:
                    response.read()
                    raise self._error(response)
                yield response
            finally:
                response.close()
        except httpx.TransportError as error:
            raise self._away(error) from error

    def retrying(self, method: str, *, repeatable: bool = False) -> Retrying:
        """The tries of one request."""
        return Retrying(method, repeatable=repeatable, tries=self.tries)

    def _repeated(self, build: Callable[[], httpx.Request], *, repeatable: bool) -> httpx.Response:
        retrying: Retrying | None = None
        renewed = False
        while True:
            request = build()
            retrying = retrying or self.retrying(request.method, repeatable=repeatable)
            try:
                response = self._proved(request)
            except httpx.TransportError as error:
                if retrying.after_failure(error):
                    continue
                raise self._away(error) from error
            if response.is_success:
                return response
            if response.status_code == HTTPStatus.UNAUTHORIZED and not renewed and self._renewed(request):
                renewed = True
                continue
            if not retrying.after_answer(response):
                raise self._error(response)

    def _proved(self, request: httpx.Request, *, stream: bool = False) -> httpx.Response:
        header = None if request.url.path.endswith(_OPEN) else self.credentials.header
        if header is not None:
            request.headers["Authorization"] = header
        return self._http.send(request, stream=stream)

    def _renewed(self, request: httpx.Request) -> bool:
        """Whether there are new credentials after these were refused."""
        if request.url.path.endswith(_OPEN):
            return False
        used = request.headers.get("Authorization")
        return used is not None and self.credentials.renew(used) and self.credentials.header != used

    def _away(self, error: httpx.TransportError) -> BackendUnavailable:
        return BackendUnavailable(
            f"{self.address.server} does not answer ({type(error).__name__}): is the server running, and the address "
            "right?",
            code="server_unreachable",
        )

    def _error(self, response: httpx.Response) -> RoboflowError:
        where, status = self.address.server, response.status_code
        if response.is_redirect:
            return NotAuthenticated(
                f"{where} sends to a page to log in: give a token, or user name and password.", code="login_needed"
            )
        try:
            body: object = response.json()
        except ValueError:
            body = None
        kind = response.headers.get(KIND_HEADER)
        if status == HTTPStatus.NOT_FOUND and kind is None and not _is_ours(body):
            return NotFound(
                f"{where} has no roboflow/api: check the address, and that jupyter-roboflow is installed there.",
                code="no_such_interface",
            )
        return error_from(status, kind, body, f"{where} answers {status} {response.reason_phrase}.")

    def parsed(self, answer: type[A], response: httpx.Response) -> A:
        """The body of an answer as its model; `BackendUnavailable` when it is something else."""
        try:
            return answer.model_validate_json(response.content)
        except ValueError as error:
            raise BackendUnavailable(
                f"{self.address.server} answers something else than asked for: is it of another version?",
                code="unknown_answer",
            ) from error


_OPEN = ("/auth/login", "/auth/refresh", "/health/live")
"""Asked without credentials: to get some, or where none are needed."""


def paging(page: int, limit: int) -> dict[str, Any]:
    """The parameters of a page; `Invalid` (`bad_page`) for one that cannot be."""
    check_page(page, limit)
    return {"page": page, "limit": limit}


def part(name: str) -> str:
    """A name as one part of a path; without any letter it is the name of nothing, and not another path."""
    return quote(_unicode(name) or " ", safe="").replace(".", "%2E")


def encoded(body: Any) -> bytes:
    """A JSON body. `Invalid` for what JSON cannot hold."""
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise Invalid("A text holds broken Unicode: type it again.", code="bad_unicode") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid(f"This cannot be sent as JSON ({error}).", code="wrong_type") from error


def _parameter(value: Any) -> str | list[str]:
    """A parameter of an address; several values are given one after another."""
    if isinstance(value, list):
        return [_unicode(str(each)) for each in cast("list[Any]", value)]
    return _unicode(str(value))


def _unicode(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise Invalid("The name holds broken Unicode: type it again.", code="bad_unicode") from error
    return name


def _is_ours(body: object) -> bool:
    return isinstance(body, dict) and "error" in body
