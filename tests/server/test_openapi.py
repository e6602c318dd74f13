"""`openapi.json` is what the routes are, is OpenAPI, and what the server does is what it says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from jupyter_roboflow_server.handlers import ROUTES
from jupyter_roboflow_server.handlers.handler import Handler
from jupyter_roboflow_server.openapi import METHODS
from tests.jupyter_server import JupyterServer

pytestmark = pytest.mark.xdist_group("server")


@pytest.fixture(scope="module")
def described(server: JupyterServer) -> dict[str, Any]:
    status, headers, body = server.ask("openapi.json")
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    return body


def test_it_is_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(described).validate()


def test_strangers_do_not_get_it(server: JupyterServer) -> None:
    assert server.ask("openapi.json", token=None)[0] == 401


def test_every_method_of_every_route_is_in_it(described: dict[str, Any]) -> None:
    """Found by looking at the classes, whether a method has a description or not."""
    there = {
        (f"/{path}", method)
        for path, handler in ROUTES[:-1]
        for method in METHODS
        if getattr(handler, method) is not getattr(Handler, method)
    }
    told = {(path, method) for path, methods in described["paths"].items() for method in methods}
    assert told == there


def test_operations_have_names_of_their_own_and_say_what_they_do(described: dict[str, Any]) -> None:
    every = [one for methods in described["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in every}) == len(every)
    assert all(len(one["summary"]) >= 10 for one in every)


def test_every_part_of_a_path_is_a_parameter(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        for one in methods.values():
            parts = {each["name"] for each in one["parameters"] if each["in"] == "path"}
            assert parts == set(re.findall(r"\{(\w+)\}", path))


def test_the_addresses_begin_at_the_servers_base_url(described: dict[str, Any], server: JupyterServer) -> None:
    assert described["servers"] == [{"url": "/user/ann/roboflow/api"}]
    assert server.url.endswith("/user/ann/")
