"""Who asks is proved anew when it has to be, and many requests at once do not fall over it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.backend.http import HttpBackend, open_http
from jupyter_roboflow.backend.http.credentials import Login, Token
from jupyter_roboflow.backend.wire.accounts import Session
from tests.jupyter_server import JupyterServer

from .rough_line import RoughLine

pytestmark = pytest.mark.xdist_group("rough")
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def bob(server: JupyterServer, direct: HttpBackend, request: pytest.FixtureRequest) -> str:
    name = f"bob-{abs(hash(request.node.name)) % 10**8}"
    direct._client.send("POST", "auth/register", body={"username": name, "password": PASSWORD, "role": "annotator"})
    return name


def test_a_token_that_is_over_is_refreshed_once_for_all_who_wait(line: RoughLine, bob: str) -> None:
    backend = open_http(line.url, username=bob, password=PASSWORD)
    login = backend._client.credentials
    assert isinstance(login, Login) and login._session is not None
    spoilt = login._session.token[:-4] + ("AAAA" if not login._session.token.endswith("AAAA") else "BBBB")
    refresh = login._session.refresh_token
    login._session = Session.model_validate({**login._session.model_dump(), "token": spoilt})
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: backend.list_datasets().total, range(16)))
    assert set(found) == {0} and login._session.refresh_token != refresh
    asked = [request for request in line.requests if b"auth/refresh" in request]
    assert len(asked) == 1 and not any(b"uthorization" in request for request in asked)
    backend.close()


def test_when_the_session_was_ended_the_password_opens_another(line: RoughLine, bob: str) -> None:
    backend = open_http(line.url, username=bob, password=PASSWORD)
    login = backend._client.credentials
    assert isinstance(login, Login) and login._session is not None
    backend._client.send("POST", "auth/logout", body={})
    assert backend.list_datasets().total == 0
    assert len([request for request in line.requests if b"auth/login" in request]) == 2
    backend.close()


def test_closing_ends_the_session(server: JupyterServer, bob: str) -> None:
    backend = open_http(server.url, username=bob, password=PASSWORD)
    login = backend._client.credentials
    assert isinstance(login, Login) and login._session is not None
    token = login._session.token
    backend.close()
    with pytest.raises(rf.NotAuthenticated):
        open_http(server.url, token)


def test_ours_and_jupyters_tokens_are_told_apart(server: JupyterServer, bob: str) -> None:
    backend = open_http(server.url, username=bob, password=PASSWORD)
    header = backend._client.credentials.header or ""
    assert Token(header.removeprefix("Bearer ")).header == header
    assert Token("jrf_abc").header == "Bearer jrf_abc" and Token("0123abcd").header == "token 0123abcd"
    assert Token("a.b.c").header == "token a.b.c"
    backend.close()


def test_a_server_sets_no_cookies(server: JupyterServer, direct: HttpBackend) -> None:
    for _ in range(3):
        direct.list_datasets()
    assert len(direct._client._http.cookies.jar) == 0
