"""Under JupyterHub everybody is who the Hub says they are, and their roles are real."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.server.hub import Hub

pytestmark = pytest.mark.xdist_group("hub")


class Person:
    """Somebody with a server and a token, who asks the REST interface."""

    def __init__(self, url: str, token: str) -> None:
        self.http = httpx.Client(base_url=f"{url}roboflow/api", headers={"Authorization": f"token {token}"}, timeout=60)

    def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        answer = self.http.request(method, path, **more)
        return answer.status_code, answer.json() if answer.content else None


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    running = Hub(tmp_path_factory.mktemp("hub"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def servers(hub: Hub) -> dict[str, str]:
    """The servers of two people who share an installation: ann came first."""
    for name in ("ann", "bob"):
        hub.add_user(name)
    return {name: hub.server_of(name) for name in ("ann", "bob")}


@pytest.fixture(scope="module")
def people(hub: Hub, servers: dict[str, str]) -> Iterator[dict[str, Person]]:
    known = {name: Person(url, hub.token_of(name)) for name, url in servers.items()}
    yield known
    for person in known.values():
        person.http.close()


def test_everybody_is_the_hubs_user_and_the_first_is_the_administrator(people: dict[str, Person]) -> None:
    found = [people[name].ask("GET", "/auth/me")[1] for name in ("ann", "bob")]
    assert [(me["user"]["username"], me["user"]["role"], me["via"]) for me in found] == [
        ("ann", "admin", "hub"),
        ("bob", "annotator", "hub"),
    ]


def test_a_dataset_is_its_owners_until_it_is_shared(people: dict[str, Person]) -> None:
    ann, bob = people["ann"], people["bob"]
    ann.ask("GET", "/auth/me")
    status, made = bob.ask("POST", "/datasets", json={"name": "cells of bob"})
    assert (status, made["owner"], made["role"]) == (201, "bob", "owner")
    status, hers = ann.ask("POST", "/datasets", json={"name": "cells of ann"})
    path = f"/datasets/{hers['id']}"
    assert bob.ask("GET", path)[0] == 404
    assert ann.ask("PUT", f"{path}/collaborators/bob", json={"role": "viewer"})[0] == 204
    assert bob.ask("GET", path)[1]["role"] == "viewer"
    assert bob.ask("DELETE", path)[0] == 403


def test_auth_036_a_token_without_access_to_the_server_opens_nothing(hub: Hub, servers: dict[str, str]) -> None:
    for token in (hub.token_of("bob"), hub.token_of("ann", "read:users:name!user=ann"), "nonsense"):
        stranger = Person(servers["ann"], token)
        status, body = stranger.ask("GET", "/datasets")
        assert status in (401, 403), body
        assert set(body) == {"error"}
        stranger.http.close()


def test_a_login_of_ours_works_beside_the_hubs(people: dict[str, Person], servers: dict[str, str]) -> None:
    body = {"username": "carol", "password": "a long pass phrase"}
    assert people["ann"].ask("POST", "/auth/register", json=body)[0] == 201
    with httpx.Client(base_url=f"{servers['ann']}roboflow/api", timeout=60) as http:
        session = http.post("/auth/login", json=body).json()
        me = http.get("/auth/me", headers={"Authorization": f"Bearer {session['token']}"}).json()
        assert (me["user"]["username"], me["via"]) == ("carol", "session")
        kernels = http.get(f"{servers['ann']}api/kernels", headers={"Authorization": f"Bearer {session['token']}"})
        assert kernels.status_code in (302, 403), "our token opens nothing of Jupyter's"


@pytest.mark.parametrize("answer", ["confirm", "release"])
def test_auth_038_a_user_who_is_made_anew_waits_for_an_administrator(
    hub: Hub, people: dict[str, Person], answer: str
) -> None:
    ann, name = people["ann"], f"dan-{answer}"
    ann.ask("GET", "/auth/me")
    hub.add_user(name)
    before = Person(hub.server_of(name), hub.token_of(name))
    made = before.ask("POST", "/datasets", json={"name": f"cells of {name}"})[1]
    before.http.close()
    hub.delete_user(name)
    hub.add_user(name)
    after = Person(hub.server_of(name), hub.token_of(name))
    for path in ("/auth/me", "/datasets", f"/datasets/{made['id']}"):
        status, body = after.ask("GET", path)
        assert (status, body["error"]["code"]) == (403, "identity_unconfirmed")
    (account,) = [each for each in ann.ask("GET", "/users")[1]["items"] if each["username"] == name]
    assert account["unconfirmed_since"] is not None
    status, settled = ann.ask("PATCH", f"/users/{account['id']}", json={"identity": answer})
    assert status == 200 and settled["unconfirmed_since"] is None and settled["disabled"] == (answer == "release")
    assert after.ask("GET", f"/datasets/{made['id']}")[0] == (200 if answer == "confirm" else 404)
    me = after.ask("GET", "/auth/me")[1]["user"]
    assert (me["id"] == account["id"]) == (answer == "confirm")
    after.http.close()
