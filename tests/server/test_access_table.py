"""Every route as everybody, with every credential there is, compared with the written table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from jupyter_roboflow.backend import check_installation
from jupyter_roboflow.settings import Settings
from jupyter_roboflow_server.handlers import ROUTES
from jupyter_roboflow_server.handlers.handler import Handler
from jupyter_roboflow_server.openapi import METHODS, operations
from tests.checkout import ROOT
from tests.jupyter_server import TOKEN
from tests.server.access_place import WHO, Place, open_place
from tests.server.access_table import TABLE, Line
from tests.server.mutants import MUTANTS, WHOLE

pytestmark = pytest.mark.xdist_group("access table")

STATUS = {"n": 403, "-": 404}
GOOD = ("session", "pat", "read-only pat")
NO_GOOD = ("refresh token", "expired", "alg none", "foreign key")
PARTS = {"asset": "docs.js", "label": "cat", "username": "guest", "annotation": "x"}
OPEN = {route for route, line in TABLE.items() if line.stranger != 401}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("access")


@pytest.fixture(scope="module")
def place(folder: Path) -> Iterator[Place]:
    with open_place(folder) as made:
        yield made
    report = check_installation(Settings.from_environment({}, data_dir=folder), deep=False)
    assert report.ok, report.problems


@pytest.fixture(scope="module")
def client(place: Place) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{place.server.url}roboflow/api/", timeout=60) as made:
        yield made


class Asking:
    """Sends the calls of one line, and notes what was answered otherwise than written."""

    def __init__(self, place: Place, client: httpx.Client, route: tuple[str, str]) -> None:
        self._place, self._client, self._route = place, client, route
        self.line = TABLE[route]
        self.wrong: list[str] = []

    def expect(self, status: int, what: str, headers: dict[str, str]) -> None:
        """Asks with these headers. What is to succeed is asked about a thing of its own."""
        self._place.fresh = 200 <= status < 300
        call = self.line.call(self._place)
        self._client.cookies.clear()
        response = self._client.request(
            self._route[1].upper(), call.path, json=call.json, headers={**call.headers, **headers}, files=call.files
        )
        if response.status_code != status:
            self.wrong.append(f"{what}: {response.status_code} instead of {status}, {response.text[:150]}")

    def expect_of(self, who: str, credential: str) -> None:
        headers = {"Authorization": f"Bearer {self._place.bearers[who][credential]}"}
        self.expect(expected(self.line, self._route, who, credential), f"{who} by {credential}", headers)


def expected(line: Line, route: tuple[str, str], who: str, credential: str) -> int:
    """The status that the table says."""
    if credential in NO_GOOD:
        return line.stranger
    changes = line.changes if line.changes is not None else route[1] != "get"
    may = line.may[WHO.index(who)]
    if credential == "read-only pat" and changes:
        return 403
    if credential != "session" and line.by_login:
        return 403
    return STATUS.get(may, line.done)


def differences(place: Place, client: httpx.Client, route: tuple[str, str]) -> list[str]:
    """Where the server does otherwise than the table says. What is refused leaves everything as it was."""
    asking = Asking(place, client, route)
    every = [(who, credential) for who in asking.line.who for credential in (*GOOD, *NO_GOOD)]
    refused = [each for each in every if expected(asking.line, route, *each) in (401, 403, 404)]
    before = place.content()
    asking.expect(asking.line.stranger, "anonymous", {})
    asking.expect(asking.line.stranger, "a foreign bearer", {"Authorization": "Bearer nobody"})
    asking.expect(asking.line.stranger, "Basic", {"Authorization": "Basic YWRtaW46YWRtaW4="})
    for who, credential in refused:
        asking.expect_of(who, credential)
    cookie, xsrf = place.cookies()
    reads = route[1] == "get"
    if not reads:
        asking.expect(403, "cookie without XSRF", {"Cookie": cookie})
    after = place.content()
    if asking.line.stranger >= 400 and after != before:
        asking.wrong.append(f"a refusal changed {[name for name in after if after[name] != before[name]]}")
    # the rest is allowed
    for who, credential in every:
        if (who, credential) not in refused:
            asking.expect_of(who, credential)
    of_jupyter = 403 if route == ("auth/password", "post") else expected(asking.line, route, "admin", "session")
    asking.expect(of_jupyter, "Jupyter's token", {"Authorization": f"token {TOKEN}"})
    asking.expect(of_jupyter, "cookie with XSRF", {"Cookie": cookie, "X-XSRFToken": xsrf})
    if reads:
        asking.expect(asking.line.by_cookie_alone or of_jupyter, "cookie", {"Cookie": cookie})
    return asking.wrong


def test_every_operation_is_in_the_table() -> None:
    assert {(path, method) for path, method, _ in operations(ROUTES)} == set(TABLE)


def test_what_is_open_is_written_down() -> None:
    described = {(path, method) for path, method, one in operations(ROUTES) if one.open_to_all}
    assert described == OPEN


@pytest.mark.parametrize("route", TABLE, ids=lambda route: f"{route[1]} {route[0]}")
def test_everybody_may_what_the_table_says(place: Place, client: httpx.Client, route: tuple[str, str]) -> None:
    assert differences(place, client, route) == []


@pytest.mark.parametrize("path", [path for path, _ in ROUTES[:-1]])
def test_what_is_no_operation_is_401_for_strangers_and_405_for_others(
    place: Place, client: httpx.Client, path: str
) -> None:
    handler = dict(ROUTES)[path]
    for method in ("HEAD", *(method.upper() for method in METHODS if (path, method) not in TABLE)):
        if method == "HEAD" and handler.head is not Handler.head:
            continue
        where = re.sub(r"\{(\w+)\}", lambda part: PARTS.get(part[1], "1"), path)
        assert client.request(method, where).status_code in (401, 403), method
        known = {"Authorization": f"Bearer {place.bearers['admin']['session']}"}
        assert client.request(method, where, headers=known).status_code == 405, method


@pytest.mark.slow
@pytest.mark.parametrize("broken", MUTANTS)
def test_the_table_notices(broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKEN", broken)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    extensions = "--ServerApp.jpserver_extensions={'tests.server.mutants': True}"
    with open_place(tmp_path, extensions) as place, httpx.Client(base_url=f"{place.server.url}roboflow/api/") as client:
        routes = (("datasets/{dataset_id}", "get"), ("datasets/{dataset_id}", "patch"))
        found = [each for route in routes for each in differences(place, client, route)]
    assert bool(found) == (broken != WHOLE), found
