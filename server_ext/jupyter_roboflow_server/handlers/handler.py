"""What a handler is: it knows who asks before it answers, and its errors are the product's errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from inspect import isawaitable
from types import TracebackType
from typing import Any, cast
from uuid import uuid4

from jupyter_server.auth.identity import IdentityProvider, User
from pydantic import TypeAdapter
from tornado.web import HTTPError, stream_request_body

from jupyter_roboflow.backend.accounts import Caller, Via
from jupyter_roboflow.backend.idempotency import Answered, once, request_hash
from jupyter_roboflow.backend.wire.errors import KIND_HEADER
from jupyter_roboflow.domain.errors import NotAllowed, NotAuthenticated, RoboflowError
from jupyter_roboflow.domain.stored_set import Unchanged

from ..identity import OwnIdentity, bearer_of, caller_from_jupyter, is_hub, made_by_hub
from ..service import Service
from .byte_range import names_etag
from .operation import Operation, operation_of
from .parsing import parse_body, parse_id, parse_query, parse_revision
from .receiving import Receiving
from .statuses import code_of, status_of, without_places

Outcome = tuple[HTTPStatus, Mapping[str, str], bytes | None]
"""Status, headers and body of an answer."""

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType]

_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")


@stream_request_body
class Handler(Receiving):
    """The base of every route.

    Jupyter Server answers anonymous requests to an `APIHandler` whose method carries no decorator. Here it is the other
    way round: nobody gets past `prepare()` unknown, unless the operation says `open_to_all`. It runs before the body is
    read, so that strangers send us nothing.
    """

    request_id: str = ""
    caller: Caller | None = None

    @property
    def service(self) -> Service:
        return self.settings["roboflow"]

    @property
    def identity_provider(self) -> IdentityProvider:
        """The server's, or our own while a token of ours proves the request."""
        ours = self.caller is not None and self.caller.via not in (Via.LOCAL, Via.HUB)
        return OwnIdentity(self.caller) if self.caller and ours else super().identity_provider

    @property
    def operation(self) -> Operation | None:
        return operation_of(type(self), self.request.method or "")

    @property
    def _is_open(self) -> bool:
        return self.operation is not None and self.operation.open_to_all

    @property
    def roles_apply(self) -> bool:
        """Whether roles are a boundary: not in one person's server, whose kernels may do whatever the server may."""
        return self.service.settings.identity != "jupyter" or is_hub(super().identity_provider)

    async def prepare(self) -> None:
        """Finds out who asks, and refuses strangers before any method runs."""
        self._name_request()
        try:
            self.expect_body()
            await self._admit()
        except (RoboflowError, HTTPError):
            await self.discard_body(known=self.caller is not None)
            raise

    def expect_body(self) -> None:
        """As ever, up to the length that the operation's body may have."""
        if self.operation is not None and self.operation.body is not None:
            self.most_bytes = self.operation.body.most_bytes
        super().expect_body()

    async def _admit(self) -> None:
        if not self.check_host():
            raise HTTPError(HTTPStatus.FORBIDDEN, "This host name is not one of the server's.")
        self._refuse_strangers()
        self.caller = await self._caller_by_token()
        try:
            await super().prepare()
        except HTTPError as refusal:
            # With its own strict setting Jupyter refuses strangers itself, with 403; for us that is 401, or open.
            if refusal.status_code != HTTPStatus.FORBIDDEN or self.current_user is not None:
                raise
        await self._identify()
        self._check_where_it_comes_from()
        self._check_scope()

    def _refuse_strangers(self) -> None:
        if self.service.open_to_strangers:
            raise NotAllowed(
                "This server asks nobody who they are and may be reached from other machines: start it with a token or "
                "password, or with --ip=127.0.0.1.",
                code="open_to_strangers",
            )

    def _name_request(self) -> None:
        given = self.request.headers.get("X-Request-ID", "")
        self.request_id = given if _REQUEST_ID.match(given) else uuid4().hex
        self.set_header("X-Request-ID", self.request_id)

    async def _caller_by_token(self) -> Caller | None:
        """Who a token of ours says is asking; `NotAuthenticated` when it is ours and no good."""
        bearer = bearer_of(self.request.headers)
        if bearer is None:
            return None

        def look_up() -> Caller | None:
            accounts = self.service.accounts()
            return accounts.caller_of(bearer) if accounts.is_ours(bearer) else None

        try:
            return await self.service.in_thread(look_up)
        except NotAuthenticated:
            if self._is_open:  # whoever logs in anew, or refreshes, may still send what is over
                return None
            raise

    async def _identify(self) -> None:
        if self.caller is not None and "Cookie" in self.request.headers:
            other = await self._caller_by_jupyter(super().identity_provider.get_user_cookie(self))
            if other is not None and other.user.id != self.caller.user.id:
                raise NotAuthenticated("Token and cookie are two people's: send one of them.", code="two_users")
        elif self.caller is None:
            self.caller = await self._caller_by_jupyter(self.current_user)
        if self.caller is None and not self._is_open:
            raise NotAuthenticated("Nobody is logged in: send the server's token, or log in first.")

    async def _caller_by_jupyter(self, user: Any) -> Caller | None:
        """Who of ours Jupyter's user is; None for nobody, and where only tokens of ours count."""
        known: User | None = await user if isawaitable(user) else user
        if known is None or self.service.settings.identity != "jupyter":
            return None
        provider = super().identity_provider
        if not is_hub(provider):
            return await self.service.local_caller()
        since = await made_by_hub(provider, known)
        return await self.service.in_thread(
            lambda: caller_from_jupyter(self.service.accounts(), provider, known, since)
        )

    def check_xsrf_cookie(self) -> None:
        """Jupyter's check, but for what is open to all and comes without a cookie: it has nothing to abuse."""
        if not (self._is_open and "Cookie" not in self.request.headers):
            super().check_xsrf_cookie()

    def _check_where_it_comes_from(self) -> None:
        """Reading with a cookie is refused from another site's page, as Jupyter does it for `/files`."""
        if self.request.method in ("GET", "HEAD") and "Referer" in self.request.headers and not self._is_open:
            self.check_xsrf_cookie()

    def _check_scope(self) -> None:
        described = self.operation
        if self.caller and not self.caller.may_write and (described is None or described.changes):
            raise NotAllowed("This token may only read: make one that may write.", code="read_only_token")

    # the body and the answer

    async def perform(self, described: Operation, function: Callable[..., Any], path: Mapping[str, str]) -> None:
        """Runs an operation in a thread with what it asks for, and answers with what it returns."""
        given: dict[str, Any] = dict(self.path_parts(path))
        given["query"] = parse_query(described.query, self.request.query_arguments)
        if described.body:
            given["body"] = parse_body(described.body, self.whole_body(), self.request.headers.get("Content-Type", ""))
        if described.revision:
            given["revision"] = parse_revision(self.request.headers.get("If-Match"), described.revision)
        given["caller"], given["address"] = self.caller, self.request.remote_ip or ""
        given["known"] = self._knows
        work = partial(self._work, described, function, given)
        if described.idempotent and "Idempotency-Key" in self.request.headers:
            await self.answer_with(await self.service.in_thread(lambda: self._answered_once(described, work)))
            return
        status, headers, body = await self.service.in_thread(work)
        for name, value in headers.items():
            self.set_header(name, value)
        self.set_status(status)
        await self.finish(body)

    def _knows(self, etag: str) -> bool:
        """Whether the asker says to have what that names."""
        return names_etag(self.request.headers.get("If-None-Match"), f'"{etag}"')

    def _answered_once(self, described: Operation, work: Callable[[], Outcome]) -> Answered:
        def answered() -> Answered:
            status, headers, body = work()
            return Answered(status, json.loads(body or b"null"), headers)

        return self.once(answered, self.whole_body(), self.request.headers.get("If-Match", ""))

    def once(self, work: Callable[[], Answered], *content: bytes | str) -> Answered:
        """What `work` answers, or what it answered to the same request with the same `Idempotency-Key`; in a thread.

        `content` is what makes it the same request, besides method, address and user.
        """
        key = self.request.headers.get("Idempotency-Key")
        if key is None or self.caller is None:
            return work()
        same = request_hash((self.request.method or "", self.request.uri or "", *content))
        return once(self.service.installation().database, self.caller.user.id, key, same, work)

    async def answer_with(self, answered: Answered) -> None:
        """Ends the request with what came of it, now or when it was sent first."""
        for name, value in answered.headers.items():
            self.set_header(name, value)
        if answered.replayed:
            self.set_header("Idempotency-Replayed", "true")
        self.set_status(answered.status)
        await self.finish(json.dumps(answered.body, ensure_ascii=False, separators=(",", ":")).encode())

    def path_parts(self, path: Mapping[str, str]) -> Mapping[str, int | str]:
        """The parts of the path: those called `…_id` as numbers, all others as text."""
        return {
            name: parse_id(text, name.removesuffix("_id")) if name.endswith("_id") else text
            for name, text in path.items()
        }

    def _work(self, described: Operation, function: Callable[..., Any], given: dict[str, Any]) -> Outcome:
        if "accounts" in described.wants:
            given["accounts"] = self.service.accounts()
        if "backend" in described.wants:
            given["backend"] = self.service.backend(given["caller"])
        wanted = {name: given[name] for name in described.wants}
        result = function(**wanted)
        headers: Mapping[str, str] = described.headers(result) if described.headers else {}
        if isinstance(result, Unchanged):
            return HTTPStatus.NOT_MODIFIED, headers, None
        nothing = result is None and HTTPStatus.NO_CONTENT in described.also
        body = None if nothing else encode(described.answer, result)
        return HTTPStatus.NO_CONTENT if body is None else described.status, headers, body

    def answer(self, body: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        """Ends the request with a JSON document."""
        self.set_status(status)
        self.finish(json.dumps(body))

    # errors

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Ends the request with `{"error": {"code", "message", "details"}}`; the unforeseen shows nothing of itself."""
        info = cast("ErrorInfo | None", kwargs.get("exc_info"))
        error = info[1] if info else None
        body: dict[str, Any]
        if isinstance(error, RoboflowError):
            status, body = status_of(error), error.as_dict()
            self.set_header(KIND_HEADER, type(error).__name__)
            if (seconds := error.details.get("retry_after")) is not None:
                self.set_header("Retry-After", str(seconds))
        else:
            status = HTTPStatus(status_code)
            message = (error.log_message if isinstance(error, HTTPError) else None) or status.phrase
            body = {"code": code_of(status), "message": message, "details": {}}
        if status == HTTPStatus.FORBIDDEN:
            self._note_denial()
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            body["details"] = {**body["details"], "request_id": self.request_id}
            body["message"] = without_places(body["message"], self.service.settings)
        self.set_header("Cache-Control", "no-store")  # what is missing may be there again
        self.answer({"error": body}, status)

    def _note_denial(self) -> None:
        user = self.caller.user if self.caller else None
        action, where = self.request.method or "", self.request.path.rpartition("/roboflow/api/")[2]
        self.service.note_denial(user, action, where, self.request.remote_ip or "")

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """A refusal is one line in the log; a stack trace means that something is broken."""
        if isinstance(value, RoboflowError) and status_of(value) < HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.info("%s %s: %s", self.request.method, self.request.path, value.code)
        else:
            super().log_exception(typ, value, tb)


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def encode(answer: Any, result: Any) -> bytes | None:
    """A result as JSON of its model; None without a model."""
    if answer is None:
        return None
    quick = answer.encoded(result) if hasattr(answer, "encoded") else None
    if quick is not None:
        return quick
    adapter = _ADAPTERS.setdefault(answer, TypeAdapter(answer)) if answer not in _ADAPTERS else _ADAPTERS[answer]
    return adapter.dump_json(adapter.validate_python(result, from_attributes=True))
