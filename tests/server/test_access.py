"""Nobody gets in unknown, whatever the route and the method, and refusals read like everything else we answer."""

from __future__ import annotations

import pytest

from jupyter_roboflow.domain import errors
from jupyter_roboflow_server.handlers.statuses import status_of
from tests.jupyter_server import JupyterServer

pytestmark = pytest.mark.xdist_group("server")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def test_live_answers_everybody(server: JupyterServer) -> None:
    for token in (None, "a-token-for-tests", "wrong"):
        status, headers, body = server.ask("health/live", token=token)
        assert (status, body) == (200, {"status": "ok"})
        assert headers["Content-Type"] == "application/json"


def test_live_answers_everybody_on_a_server_that_refuses_strangers(strict_server: JupyterServer) -> None:
    status, _, body = strict_server.ask("health/live", token=None)
    assert (status, body) == (200, {"status": "ok"})


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_gets_no_further_than_401(server: JupyterServer, strict_server: JupyterServer, method: str) -> None:
    for running in (server, strict_server):
        for path in ("datasets", "health/lively", "", "..%2f..%2fapi/kernels"):
            status, _, body = running.ask(path, method, token=None)
            assert status == 401 or (status == 403 and method not in ("GET", "HEAD", "OPTIONS")), (method, path)
            if method != "HEAD":
                assert set(body["error"]) == {"code", "message", "details"}


def test_what_is_open_is_open_for_that_method_only(server: JupyterServer) -> None:
    assert server.ask("health/live", "DELETE", token=None)[0] in (401, 403)
    assert server.ask("health/live", "DELETE")[0] == 405


def test_an_unknown_path_is_our_404(server: JupyterServer) -> None:
    status, _, body = server.ask("nonsense")
    assert status == 404
    assert body["error"]["code"] == "no_such_route"
    assert body["error"]["message"].endswith("/roboflow/api/nonsense.")


def test_a_refusal_is_a_line_in_the_log_and_not_a_stack_trace(server: JupyterServer) -> None:
    server.ask("refused", token=None)
    assert "Traceback" not in server.log()


@pytest.mark.parametrize(
    "error, status",
    [
        (errors.NotFound, 404),
        (errors.Invalid, 422),
        (errors.InvalidShape, 422),
        (errors.UnreadableImage, 422),
        (errors.Conflict, 409),
        (errors.NotAuthenticated, 401),
        (errors.NotAllowed, 403),
        (errors.TooLarge, 413),
        (errors.BackendUnavailable, 503),
        (errors.JobFailed, 500),
    ],
)
def test_every_error_has_its_status(error: type[errors.RoboflowError], status: int) -> None:
    assert status_of(error("x")) == status
