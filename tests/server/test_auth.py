"""Logging in and out over HTTP, and what must not work: the AUTH rows of the list of bad inputs."""

from __future__ import annotations

import base64
import concurrent.futures
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from jupyter_roboflow.backend import check_installation
from jupyter_roboflow.settings import Settings
from tests.jobs.office import eventually
from tests.jupyter_server import TOKEN, JupyterServer

pytestmark = pytest.mark.xdist_group("auth over http")
PASSWORD = "correct horse battery"


class Api:
    """The REST interface without a memory for cookies."""

    def __init__(self, server: JupyterServer) -> None:
        self._client = httpx.Client(base_url=f"{server.url}roboflow/api/", timeout=60)

    def ask(
        self, method: str, path: str, body: Any = None, bearer: str | None = None, **headers: str
    ) -> httpx.Response:
        self._client.cookies.clear()
        sent = {**({"Authorization": f"Bearer {bearer}"} if bearer else {}), **headers}
        response = self._client.request(method, path, json=body, headers=sent)
        if bearer is not None or "login" in path:
            assert "Set-Cookie" not in response.headers, "a token of ours makes no cookie"
        return response

    def login(self, username: str, password: str = PASSWORD) -> dict[str, Any]:
        response = self.ask("POST", "auth/login", {"username": username, "password": password})
        assert response.status_code == 200, response.text
        return response.json()

    def close(self) -> None:
        self._client.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder: Path = tmp_path_factory.mktemp("auth")
    running = JupyterServer(folder, "--ServerApp.log_level=DEBUG")
    yield running
    log = running.log()
    running.close()
    assert "Traceback" not in log, log[-3000:]
    assert PASSWORD not in log and "hunter2" not in log, "a password is in the log"
    assert "jrf_" not in log and "eyJ" not in log, "a token is in the log"
    assert check_installation(Settings.from_environment({}, data_dir=folder), deep=False).ok


@pytest.fixture(scope="module")
def api(server: JupyterServer) -> Iterator[Api]:
    made = Api(server)
    root = {"username": "root", "password": PASSWORD}
    assert _code(made.ask("POST", "auth/register", root)) == (403, "registration_closed"), "a stranger came first"
    first = made.ask("POST", "auth/register", root, Authorization=f"token {TOKEN}")
    assert (first.status_code, first.json()["user"]["role"]) == (201, "admin")
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(api: Api) -> str:
    return str(api.login("root")["token"])


def _person(api: Api, admin: str, name: str, **more: str) -> int:
    made = api.ask("POST", "users", {"username": name, "password": PASSWORD, **more}, admin)
    assert made.status_code == 201, made.text
    return int(made.json()["user"]["id"])


def _code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, str(response.json()["error"]["code"])


def test_me_says_who_asks_and_how(api: Api, admin: str) -> None:
    me = api.ask("GET", "auth/me", bearer=admin).json()
    assert me["user"]["username"] == "root"
    assert (me["via"], me["scope"], me["roles_apply"]) == ("session", "write", False)
    local = api.ask("GET", "auth/me", Authorization=f"token {TOKEN}").json()
    assert (local["via"], local["user"]["role"]) == ("local", "admin")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Basic cm9vdDpyb290", "token", "token x", "x", "Bearer a.b.c"]
)
def test_auth_002_headers_that_say_nothing_are_401(api: Api, header: str) -> None:
    assert api.ask("GET", "auth/me", Authorization=header).status_code == 401


def _forged(token: str) -> dict[str, str]:
    claims = jwt.decode(token, options={"verify_signature": False})
    head, body, signature = token.split(".")
    with_user_1 = base64.urlsafe_b64encode(base64.urlsafe_b64decode(body + "==").replace(b'"sub":"', b'"sub":"1'))
    future = {**claims, "iat": claims["iat"] + 3600, "exp": claims["exp"] + 3600}
    return {
        "AUTH-004 none": jwt.encode(claims, "", algorithm="none"),
        "AUTH-004 another algorithm": jwt.encode(claims, "x" * 64, algorithm="HS512"),
        "AUTH-006 a foreign key": jwt.encode(claims, "x" * 32, algorithm="HS256"),
        "AUTH-006 no signature": f"{head}.{body}.",
        "AUTH-006 another body": f"{head}.{with_user_1.decode().rstrip('=')}.{signature}",
        "AUTH-008 without exp": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, "x" * 32),
        "AUTH-010 from the future": jwt.encode(future, "x" * 32),
        "AUTH-012 crit": jwt.encode(claims, "x" * 32, headers={"crit": ["b64"], "b64": False}),
        "AUTH-014 jku": jwt.encode(claims, "x" * 32, headers={"jku": "http://127.0.0.1:9/keys"}),
        "a character more": token + "A",
        "three signatures": f"{token}.{signature}",
        "100,000 characters": token + "A" * 50_000,
    }


def test_auth_004_to_014_forged_tokens_are_401(api: Api, admin: str) -> None:
    for name, token in _forged(admin).items():
        response = api.ask("GET", "auth/me", bearer=token)
        assert response.status_code in (400, 401), name
        assert response.status_code == 401 or len(token) > 10_000, name


def test_auth_016_an_access_token_refreshes_nothing(api: Api, admin: str) -> None:
    assert _code(api.ask("POST", "auth/refresh", {"refresh_token": admin})) == (401, "bad_refresh_token")


def test_a_refresh_token_is_good_once_and_opens_nothing_itself(api: Api, admin: str) -> None:
    session = api.login("root")
    assert api.ask("GET", "auth/me", bearer=session["refresh_token"]).status_code == 401
    again = api.ask("POST", "auth/refresh", {"refresh_token": session["refresh_token"]}, bearer="over and out")
    assert again.status_code == 200
    assert api.ask("GET", "auth/me", bearer=again.json()["token"]).status_code == 200
    assert api.ask("POST", "auth/refresh", {"refresh_token": session["refresh_token"]}).status_code == 401


def test_auth_018_of_two_refreshes_at_once_one_wins_and_nobody_is_locked_out(api: Api, server: JupyterServer) -> None:
    session = api.login("root")
    both = [Api(server), Api(server)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(each.ask, "POST", "auth/refresh", {"refresh_token": session["refresh_token"]}) for each in both
        ]
        answers = sorted((each.result() for each in asked), key=lambda answer: answer.status_code)
    for each in both:
        each.close()
    assert [answer.status_code for answer in answers] == [200, 401]
    assert api.ask("GET", "auth/me", bearer=answers[0].json()["token"]).status_code == 200


def test_logout_ends_the_session_at_once(api: Api) -> None:
    for body in ("refresh", "access"):
        session = api.login("root")
        sent = {"refresh_token": session["refresh_token"]} if body == "refresh" else {}
        bearer = None if body == "refresh" else session["token"]
        assert api.ask("POST", "auth/logout", sent, bearer).status_code == 204
        assert api.ask("GET", "auth/me", bearer=session["token"]).status_code == 401
        assert api.ask("POST", "auth/refresh", {"refresh_token": session["refresh_token"]}).status_code == 401


def test_auth_020_what_was_signed_before_a_change_is_over_with_the_next_request(api: Api, admin: str) -> None:
    changes: list[dict[str, Any]] = [{"role": "viewer"}, {"disabled": True}, {"password": PASSWORD + " 2"}]
    for number, change in enumerate(changes):
        user = _person(api, admin, f"changed {number}")
        token = api.login(f"changed {number}")["token"]
        assert api.ask("PATCH", f"users/{user}", change, admin).status_code == 200
        assert api.ask("GET", "auth/me", bearer=token).status_code == 401, change
    _person(api, admin, "changes their own")
    session = api.login("changes their own")
    personal = api.ask("POST", "auth/tokens", {"name": "t"}, session["token"]).json()["token"]
    changed = api.ask("POST", "auth/password", {"old": PASSWORD, "new": PASSWORD + " 3"}, session["token"])
    assert changed.status_code == 204
    for bearer in (session["token"], personal):
        assert api.ask("GET", "auth/me", bearer=bearer).status_code == 401
    assert api.ask("POST", "auth/refresh", {"refresh_token": session["refresh_token"]}).status_code == 401
    assert api.login("changes their own", PASSWORD + " 3")


def test_auth_026_registration_is_closed_whoever_asks(api: Api, admin: str) -> None:
    body = {"username": "eve", "password": PASSWORD}
    assert _code(api.ask("POST", "auth/register", body)) == (403, "registration_closed")
    _person(api, admin, "ann")
    ann = api.login("ann")["token"]
    for path in ("auth/register", "users"):
        assert api.ask("POST", path, body, ann).status_code == 403
    names = [each["username"] for each in api.ask("GET", "users", bearer=admin).json()["items"]]
    assert "eve" not in names


def test_auth_028_guessing_is_slowed_down(api: Api, admin: str) -> None:
    _person(api, admin, "guessed")
    wrong = {"username": "guessed", "password": "hunter2hunter2"}
    codes = [api.ask("POST", "auth/login", wrong).status_code for _ in range(20)]
    assert codes[0] == 401
    answer = api.ask("POST", "auth/login", wrong)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.json()["error"]["details"]["retry_after"] == int(answer.headers["Retry-After"])


def test_auth_030_a_password_in_the_address_is_refused(api: Api) -> None:
    for path in ("auth/login", "auth/register", "auth/refresh", "auth/logout"):
        response = api.ask("POST", f"{path}?username=root&password=hunter2&new_password=hunter2", {})
        assert response.status_code == 400, path
    assert api.ask("GET", "auth/login?username=root&password=hunter2").status_code in (401, 405)
    assert api.ask("GET", "datasets?password=hunter2").status_code == 401


def test_auth_032_nobody_makes_themselves_an_administrator(api: Api, admin: str) -> None:
    user = _person(api, admin, "climber")
    token = api.login("climber")["token"]
    tries = [
        ("POST", "auth/register", {"username": "x", "password": PASSWORD, "role": "admin"}),
        ("POST", "users", {"username": "x", "password": PASSWORD, "role": "admin"}),
        ("PATCH", f"users/{user}", {"role": "admin"}),
        ("POST", "auth/password", {"old": PASSWORD, "new": PASSWORD + "!", "role": "admin"}),
        ("PATCH", "auth/me", {"role": "admin"}),
    ]
    for method, path, body in tries:
        assert api.ask(method, path, body, token).status_code in (403, 405, 422), path
    assert api.ask("GET", "auth/me", bearer=token).json()["user"]["role"] == "annotator"


def test_auth_034_a_personal_token_cannot_widen_itself(api: Api, admin: str) -> None:
    _person(api, admin, "scripted")
    session = api.login("scripted")["token"]
    for scope in ("read", "write"):
        made = api.ask("POST", "auth/tokens", {"name": scope, "scope": scope}, session).json()
        assert made["token"] not in api.ask("GET", "auth/tokens", bearer=session).text
        personal = made["token"]
        assert api.ask("POST", "auth/tokens", {"name": "wider", "scope": "write"}, personal).status_code == 403
        assert api.ask("POST", "auth/password", {"old": PASSWORD, "new": PASSWORD + "!"}, personal).status_code == 403
        assert api.ask("POST", "datasets", {"name": scope}, personal).status_code == (403 if scope == "read" else 201)
        assert api.ask("DELETE", f"auth/tokens/{made['details']['id']}", bearer=personal).status_code == 204
        assert api.ask("GET", "auth/me", bearer=personal).status_code == 401


def test_a_personal_token_ends_when_it_says(api: Api, admin: str, server: JupyterServer) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = api.ask("POST", "auth/tokens", {"name": "short", "expires_at": soon}, admin).json()
    token, key = made["token"], made["details"]["id"]
    assert api.ask("GET", "auth/me", bearer=token).status_code == 200
    with closing(sqlite3.connect(server.folder / "roboflow.db", timeout=30)) as db, db:  # an hour goes by
        sooner = "strftime('%Y-%m-%d %H:%M:%f', expires_at, '-1 hour') || '000'"
        assert db.execute(f"UPDATE personal_access_tokens SET expires_at = {sooner} WHERE id = ?", [key]).rowcount == 1
    assert api.ask("GET", "auth/me", bearer=token).status_code == 401
    for wrong in ("2020-01-01T00:00:00Z", "2099-01-01T00:00:00", "tomorrow", 5):
        assert api.ask("POST", "auth/tokens", {"name": "x", "expires_at": wrong}, admin).status_code == 422, wrong


def test_auth_042_the_login_leads_to_our_own_pages_alone(api: Api, server: JupyterServer) -> None:
    base = httpx.URL(server.url).path
    for path in ("docs", "docs?next=//evil.example", "docs?next=https:evil.example"):
        answer = api.ask("GET", path, Accept="text/html")
        where = answer.headers["Location"]
        assert answer.status_code == 302 and where == f"{base}login?next=%2Fuser%2Fann%2Froboflow%2Fapi%2Fdocs".replace(
            "%2F", "/"
        )


def test_acl_020_refusals_and_logins_are_in_the_log_which_nobody_changes(api: Api, admin: str) -> None:
    _person(api, admin, "curious")
    token = api.login("curious")["token"]
    assert api.ask("GET", "audit", bearer=token).status_code == 403
    api.ask("POST", "auth/login", {"username": "curious", "password": "hunter2hunter2"})
    wanted = {("denied", "curious", "audit"), ("login", "curious", "curious"), ("login_failed", "", "curious")}

    def written() -> Any:
        items = api.ask("GET", "audit?limit=20", bearer=admin).json()["items"]
        return items if wanted <= {(each["action"], each["username"], each["subject"]) for each in items} else None

    log = eventually(written, "the log to tell of it")  # refusals are written beside the answers
    assert all(each["details"].get("address") for each in log if each["action"] in ("denied", "login", "login_failed"))
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert api.ask(method, "audit", {}, admin).status_code == 405
    began = time.monotonic()
    for _ in range(30):
        api.ask("GET", "users", bearer=token)
    took = time.monotonic() - began
    denied = api.ask("GET", "audit?action=denied", bearer=admin).json()["items"]
    told = len([each for each in denied if each["username"] == "curious"])
    assert told < 8 + took, "refusals flood the log: one a second is enough"
