"""Servers that would protect nothing: a secret that is none, no login at all. They say so and let nobody in."""

from __future__ import annotations

import json
import socket
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider

from jupyter_roboflow.backend.accounts.secret import FILE
from jupyter_roboflow_server.identity import is_loopback, is_open_to_strangers
from tests.jobs.office import eventually
from tests.jupyter_server import TOKEN, JupyterServer
from tests.server import watching

pytestmark = pytest.mark.xdist_group("insecure servers")
PERSON = {"username": "root", "password": "correct horse battery"}
OPEN_BUT_USELESS = ("auth/login", "auth/register")


def _assert_nobody_gets_in(server: JupyterServer, code: str, identity: str = "jupyter") -> None:
    """A clear 503 whatever is asked, and readiness names the part; the secret and its place are only in the log."""
    answers: list[Any] = [server.ask(path, "POST", token=None, body=PERSON) for path in OPEN_BUT_USELESS]
    answers += [server.ask("datasets", token=None, headers={"Authorization": "Bearer jrf_x"})]
    answers += [server.ask(path) for path in ("datasets", "auth/me") if identity == "jupyter"]
    for status, _, body in answers:
        assert (status, body["error"]["code"]) == (503, code), body
        assert "log says what to do" in body["error"]["message"]
        assert str(server.folder) not in json.dumps(body) and "changeme" not in json.dumps(body)
    status, body = watching.readiness(server)
    assert (status, body["status"]) == (503, "unavailable")
    assert body["checks"] == {"database": "ok", "store": "ok", "queue": "ok", "secret": code}
    assert server.ask("health/live", token=None)[0] == 200
    assert server.log().count("Nobody is let in") == 1, "said at the start, and once"


@pytest.mark.parametrize(
    "secret, identity",
    [("changeme", "jupyter"), ("x" * 64, "own"), ("0123456789012345678901234567890", "own")],
    ids=["known", "one letter", "a byte short"],
)
def test_auth_022_a_weak_secret_lets_nobody_in_and_the_log_says_why(tmp_path: Path, secret: str, identity: str) -> None:
    weak = {"ROBOFLOW_JWT_SECRET": secret, "ROBOFLOW_IDENTITY": identity}
    with closing(JupyterServer(tmp_path, environment=weak)) as server:
        eventually(lambda: "ROBOFLOW_JWT_SECRET is too weak a secret" in server.log() or None, "the log to say so")
        _assert_nobody_gets_in(server, "weak_secret", identity)
        assert secret not in server.log()


def test_auth_022_without_a_secret_a_good_one_is_made(tmp_path: Path) -> None:
    with closing(JupyterServer(tmp_path)) as server:
        assert server.ask("auth/me")[0] == 200
        file = tmp_path / FILE
        assert len(file.read_bytes()) >= 32
        if sys.platform != "win32":
            assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="there are no modes")
def test_auth_024_a_secret_that_others_may_read_lets_nobody_in_until_it_is_deleted(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("mysecretissaferthanyours-0123456789-abcdef")
    file.chmod(0o644)
    with closing(JupyterServer(tmp_path)) as server:
        _assert_nobody_gets_in(server, "exposed_secret")
        assert "(mode 0644)" in server.log() and str(file) in server.log() and "mysecret" not in server.log()
        file.unlink()
        assert server.ask("auth/me")[0] == 200, "as the message promised, without a new start"
        assert file.stat().st_mode & 0o777 == 0o600
        assert watching.readiness(server)[0] == 200


# no login


def test_web_012_a_server_without_login_is_its_machines_own(tmp_path: Path) -> None:
    with closing(JupyterServer(tmp_path, token="")) as server:
        status, _, body = server.ask("auth/me", token=None)
        assert (status, body["via"], body["user"]["role"]) == (200, "local", "admin")
        assert "everybody on this machine is its owner" in server.log()
        assert server.ask("datasets", token=None, headers={"Host": "evil.example"})[0] == 403, "DNS rebinding"


@pytest.mark.parametrize("identity", ["jupyter", "own"])
def test_web_012_bound_elsewhere_a_server_without_login_answers_nobody(tmp_path: Path, identity: str) -> None:
    server = JupyterServer(tmp_path, ip="0.0.0.0", token="", environment={"ROBOFLOW_IDENTITY": identity})
    with closing(server):
        for path, method in (("datasets", "GET"), ("auth/me", "GET"), ("datasets", "POST"), ("no/such", "GET")):
            for token in (None, TOKEN):
                status, _, body = server.ask(
                    path, method, token=token, body={"name": "x"} if method == "POST" else None
                )
                assert (status, body["error"]["code"]) in ((403, "open_to_strangers"), (403, "not_allowed")), body
        for path in OPEN_BUT_USELESS:
            status, _, body = server.ask(path, "POST", token=None, body=PERSON)
            assert (status, body["error"]["code"]) == (403, "open_to_strangers")
            assert "--ip=127.0.0.1" in body["error"]["message"]
        assert server.ask("health/live", token=None)[0] == watching.readiness(server)[0] == 200
        assert "jupyter-roboflow answers nobody" in server.log() and "Traceback" not in server.log()


def test_web_012_bound_elsewhere_with_a_token_it_answers_whoever_has_it(tmp_path: Path) -> None:
    with closing(JupyterServer(tmp_path, ip="0.0.0.0")) as server:
        assert server.ask("datasets")[0] == 200
        assert server.ask("datasets", token=None)[0] == 401
        assert "answers nobody" not in server.log()


@pytest.mark.parametrize(
    "ip, alone",
    [("127.0.0.1", True), ("127.8.9.10", True), ("::1", True), ("localhost", True), ("", False), ("0.0.0.0", False)]
    + [("::", False), ("192.0.2.7", False), ("no-such-name.invalid", False), ("256.1.1.1", False)],
)
def test_web_012_only_loopback_is_this_machines_own(ip: str, alone: bool) -> None:
    if not socket.has_ipv6 and ":" in ip:
        pytest.skip("no IPv6 here")
    assert is_loopback(ip) is alone
    nobody, somebody = PasswordIdentityProvider(token=""), PasswordIdentityProvider(token="x")
    assert is_open_to_strangers(nobody, ip) is not alone
    assert not is_open_to_strangers(nobody, ip, "/run/a.sock")
    assert not is_open_to_strangers(somebody, ip) and not is_open_to_strangers(IdentityProvider(), ip)
