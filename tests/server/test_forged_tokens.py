"""Access tokens forged with the server's own key, so that only the one claim or header can be what is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from jupyter_roboflow.backend import check_installation
from jupyter_roboflow.backend.accounts.access_token import LEEWAY_SECONDS, SECONDS
from jupyter_roboflow.backend.accounts.secret import FILE, derive_key
from jupyter_roboflow.settings import Settings
from tests.jupyter_server import TOKEN, JupyterServer

pytestmark = pytest.mark.xdist_group("forged tokens")
PASSWORD = "correct horse battery"
LATE = 60
"""Seconds that no test takes between forging a token and the server's look at it."""


class Forge(NamedTuple):
    """A server that takes only tokens of ours, its key, and the claims of a session that is open there."""

    server: JupyterServer
    key: bytes
    claims: dict[str, Any]

    def token(self, headers: dict[str, Any] | None = None, without: str = "", **claims: Any) -> str:
        """Signed with the server's key as it signs itself."""
        said = {name: value for name, value in {**self.claims, **claims}.items() if name != without}
        return jwt.encode(said, self.key, algorithm="HS256", headers=headers)

    def signed(self, header: dict[str, Any]) -> str:
        """With exactly this header, which no library would write."""
        parts = b".".join(_encoded(json.dumps(part).encode()) for part in (header, self.claims))
        return (parts + b"." + _encoded(hmac.digest(self.key, parts, hashlib.sha256))).decode()

    def ask(self, token: str) -> tuple[int, str]:
        """Status and error code, or name of whoever it is."""
        status, _, body = self.server.ask("auth/me", token=None, headers={"Authorization": f"Bearer {token}"})
        return status, body["user"]["username"] if status == 200 else body["error"]["code"]


REFUSED = (401, "bad_token")
TAKEN = (200, "root")


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _session(server: JupyterServer) -> str:
    given = {"username": "root", "password": PASSWORD}
    status, _, body = server.ask("auth/login", "POST", token=None, body=given)
    assert status == 200, body
    return str(body["token"])


def _claim_first_account(folder: Path) -> None:
    """As an administrator would with the shell, before the server is there."""
    from jupyter_roboflow.backend.accounts import open_accounts

    with open_accounts(Settings.from_environment({}, data_dir=folder)) as accounts:
        accounts.register("root", PASSWORD)


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    folder: Path = tmp_path_factory.mktemp("forge")
    _claim_first_account(folder)
    with closing(JupyterServer(folder, environment={"ROBOFLOW_IDENTITY": "own"})) as server:
        claims = jwt.decode(_session(server), options={"verify_signature": False})
        key = derive_key((folder / FILE).read_bytes().strip(), "access token")
        yield Forge(server, key, claims)
        assert "Traceback" not in server.log()
    assert check_installation(Settings.from_environment({}, data_dir=folder), deep=False).ok


def test_what_is_forged_here_is_taken_when_nothing_is_wrong_with_it(forge: Forge) -> None:
    assert forge.ask(forge.token()) == TAKEN
    assert forge.ask(forge.signed({"alg": "HS256", "typ": "JWT"})) == TAKEN


def test_auth_004_a_key_pair_of_somebody_elses_signs_nothing(forge: Forge) -> None:
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert forge.ask(jwt.encode(forge.claims, pem, algorithm="RS256")) == REFUSED
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for key in (public, public.strip(), b""):
        assert forge.ask(forge._replace(key=key).signed({"alg": "HS256", "typ": "JWT"})) == REFUSED


@pytest.mark.parametrize("algorithm", ["RS256", "HS384", "HS512", "none", "None", "hs256", "", None, ["HS256"]])
def test_auth_004_the_right_key_under_another_algorithm_is_401(forge: Forge, algorithm: Any) -> None:
    assert forge.ask(forge.signed({"alg": algorithm, "typ": "JWT"})) == REFUSED


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "jti", "typ", "ver", "sid"])
def test_auth_008_without_one_of_its_claims_is_401(forge: Forge, claim: str) -> None:
    assert forge.ask(forge.token(without=claim)) == REFUSED


def test_a_token_of_another_issuer_is_not_ours_to_read_and_opens_nothing(forge: Forge) -> None:
    for token in (forge.token(without="iss"), forge.token(iss="somebody")):
        assert forge.ask(token) == (401, "not_authenticated")


@pytest.mark.parametrize("exp", [None, "9999999999", 9999999999, 1e300, True, [], -1])
def test_auth_008_an_exp_that_never_comes_is_401(forge: Forge, exp: Any) -> None:
    assert forge.ask(forge.token(exp=exp)) == REFUSED


def test_auth_010_issued_in_the_future_is_401(forge: Forge) -> None:
    now = int(time.time())
    for ahead in (LEEWAY_SECONDS + LATE, 3600, 86_400, 10 * 365 * 86_400):
        assert forge.ask(forge.token(iat=now + ahead, exp=now + ahead + SECONDS)) == REFUSED, ahead
    assert forge.ask(forge.token(iat=now + LEEWAY_SECONDS - 2, exp=now + SECONDS)) == TAKEN, "clocks differ a little"


def test_auth_010_good_only_later_is_401(forge: Forge) -> None:
    assert forge.ask(forge.token(nbf=int(time.time()) + 3600)) == REFUSED


@pytest.mark.parametrize(
    "header",
    [{"crit": ["b64"], "b64": False}, {"crit": ["exp"]}, {"crit": []}, {"crit": ["no-such"], "no-such": 1}, {"b64": 1}],
    ids=str,
)
def test_auth_012_a_header_that_must_be_understood_is_401(forge: Forge, header: dict[str, Any]) -> None:
    assert forge.ask(forge.signed({"alg": "HS256", "typ": "JWT", **header})) == REFUSED


def test_auth_014_keys_are_neither_fetched_nor_taken_from_the_header(forge: Forge) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/keys"
        own_key = {"kty": "oct", "k": _encoded(b"x" * 32).decode()}
        for header in (
            {"jku": address},
            {"x5u": address},
            {"jwk": own_key},
            {"x5c": ["MIIB"]},
            {"kid": "../../dev/null"},
        ):
            full = {"alg": "HS256", "typ": "JWT", **header}
            assert forge.ask(forge.signed(full)) == REFUSED, header
            assert forge.ask(forge._replace(key=b"x" * 32).signed(full)) == REFUSED, header
        listening.settimeout(0.5)
        with pytest.raises(TimeoutError):
            listening.accept()


def test_auth_040_jupyters_token_opens_nothing_where_only_ours_count(forge: Forge) -> None:
    for headers in ({"Authorization": f"token {TOKEN}"}, {"Authorization": f"Bearer {TOKEN}"}, {}):
        for path in ("auth/me", "datasets", "jobs", "users", f"datasets?token={TOKEN}"):
            status, _, body = forge.server.ask(path, token=None, headers=headers)
            assert (status, body["error"]["code"]) == (401, "not_authenticated"), (headers, path)
    made = {"username": "eve", "password": PASSWORD}
    assert forge.server.ask("auth/register", "POST", body=made)[0] == 403, "nor does it make accounts"


def test_api_029_a_clock_set_back_or_forward_makes_no_token_last_longer(forge: Forge) -> None:
    """Tokens as they are when the clock jumped after they were made: to the server, they come from another time."""
    now = int(time.time())
    jumps = {
        "an hour back": (now + 3600, now + 3600 + SECONDS),
        "a day forward": (now - 86_400, now - 86_400 + SECONDS),
        "over for a minute": (now - SECONDS - LATE, now - LATE),
        "made a day ago for today": (now - 86_400, now + SECONDS),
        "over before it was made": (now, now - 1),
        "for no time at all": (now, now),
        "for a second more than we make them": (now, now + SECONDS + 1),
        "before 1970": (-SECONDS, 0),
        "beyond any calendar": (2**62, 2**62 + SECONDS),
    }
    for what, (issued, expires) in jumps.items():
        assert forge.ask(forge.token(iat=issued, exp=expires)) == REFUSED, what
    assert forge.ask(forge.token(iat=now - SECONDS // 2, exp=now + SECONDS // 2)) == TAKEN
    assert forge.ask(_session(forge.server)) == TAKEN, "a new session is as good as ever"
