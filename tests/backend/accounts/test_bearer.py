"""Bearer tokens that should not be: each is refused, and nothing else happens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jupyter_roboflow.backend.accounts import Accounts, Session, Via
from jupyter_roboflow.backend.accounts.secret import derive_key, load_secret
from jupyter_roboflow.domain.errors import NotAuthenticated
from jupyter_roboflow.domain.user import Scope, User
from jupyter_roboflow.settings import Settings

from .conftest import HERE, PASSWORD, Clock

Forge = Callable[..., str]


@pytest.fixture
def session(accounts: Accounts, ada: User) -> Session:
    return accounts.login("ada", PASSWORD, HERE)


@pytest.fixture
def forge(session: Session, settings: Settings) -> Forge:
    """A token as ours, signed with our key, but for the claims and header fields given; None leaves one out."""
    key = derive_key(load_secret(settings), "access token")
    claims = jwt.decode(session.token, options={"verify_signature": False})

    def make(headers: dict[str, Any] | None = None, **changes: Any) -> str:
        given = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode(given, key, algorithm="HS256", headers=headers)

    return make


def refused(accounts: Accounts, bearer: str) -> bool:
    with pytest.raises(NotAuthenticated) as caught:
        accounts.caller_of(bearer)
    assert caught.value.code == "bad_token"
    return True


def unsigned(header: Any, claims: Any) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
    return ".".join([*parts, ""])


def test_a_good_token_says_who_asks(accounts: Accounts, ada: User, session: Session, forge: Forge) -> None:
    caller = accounts.caller_of(session.token)
    assert (caller.user, caller.via, caller.scope, caller.may_write) == (ada, Via.SESSION, Scope.WRITE, True)
    assert accounts.caller_of(forge()) == caller, "the forgeries below differ from a good token in one thing only"
    assert session.expires_in == 900


def test_auth_002_empty_basic_and_random_bearers(accounts: Accounts, ada: User) -> None:
    for bearer in ("", " ", ".", "..", "a.b.c", "Basic YWRhOng=", secrets.token_urlsafe(), "jrf_", "jrf_x", "jrr_x"):
        assert refused(accounts, bearer)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "HS256"])
def test_auth_004_a_public_key_is_no_secret(accounts: Accounts, session: Session, algorithm: str) -> None:
    claims = jwt.decode(session.token, options={"verify_signature": False})
    told = unsigned({"alg": algorithm, "typ": "JWT"}, claims).rstrip(".")
    public = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
    code = hmac.new(public, told.encode(), hashlib.sha256).digest()
    assert refused(accounts, f"{told}.{base64.urlsafe_b64encode(code).decode().rstrip('=')}")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None])
def test_auth_006_alg_none(accounts: Accounts, session: Session, algorithm: str | None) -> None:
    claims = jwt.decode(session.token, options={"verify_signature": False})
    token = unsigned({"alg": algorithm, "typ": "JWT"}, claims)
    assert refused(accounts, token) and refused(accounts, token + session.token.rpartition(".")[2])
    assert accounts.is_ours(token)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_auth_006_another_algorithm_with_our_key(
    accounts: Accounts, session: Session, settings: Settings, algorithm: str
) -> None:
    claims = jwt.decode(session.token, options={"verify_signature": False})
    key = derive_key(load_secret(settings), "access token") * 2
    assert refused(accounts, jwt.encode(claims, key, algorithm=algorithm))


def test_auth_006_a_foreign_key(accounts: Accounts, session: Session, settings: Settings) -> None:
    claims = jwt.decode(session.token, options={"verify_signature": False})
    secret = load_secret(settings)
    for key in (secrets.token_bytes(32), secret, derive_key(secret, "signed link")):
        assert refused(accounts, jwt.encode(claims, key, algorithm="HS256"))


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "jti", "typ", "iss", "ver", "sid"])
def test_auth_008_a_token_without_a_claim(accounts: Accounts, forge: Forge, claim: str) -> None:
    assert refused(accounts, forge(**{claim: None}))


@pytest.mark.parametrize(
    "claims",
    [
        {"typ": "refresh"},
        {"iss": "https://elsewhere.example"},
        {"ver": -1},
        {"ver": True},
        {"ver": "0"},
        {"sid": "0" * 32},
        {"sid": 7},
        {"sub": "0"},
        {"sub": "99"},
        {"sub": "99999999999999999999"},
        {"sub": "2147483648"},
        {"sub": "-1"},
        {"sub": "١"},
        {"sub": "1.0"},
        {"sub": "local"},
        {"exp": 10**18},
        {"exp": "never"},
        {"exp": 1e300},
        {"iat": 0},
        {"aud": "everybody"},
        {"nbf": 0},
        {"role": "admin"},
    ],
    ids=str,
)
def test_auth_008_a_claim_that_is_not_as_we_write_it(accounts: Accounts, forge: Forge, claims: dict[str, Any]) -> None:
    assert refused(accounts, forge(**claims))


def test_auth_010_issued_in_the_future(accounts: Accounts, forge: Forge, clock: Clock) -> None:
    now = int(clock().timestamp())
    assert accounts.caller_of(forge(iat=now + 5, exp=now + 905)), "clocks of two servers differ a little"
    assert refused(accounts, forge(iat=now + 60, exp=now + 960))
    assert refused(accounts, forge(nbf=now + 60))


def test_an_expired_token(accounts: Accounts, session: Session, clock: Clock) -> None:
    clock.pass_(900 - 1)
    assert accounts.caller_of(session.token)
    clock.pass_(1 + 10)
    assert refused(accounts, session.token)


@pytest.mark.parametrize(
    "headers",
    [
        {"crit": ["b64"], "b64": False},
        {"crit": ["exp"]},
        {"crit": []},
        {"jku": "https://elsewhere.example/keys"},
        {"x5u": "https://elsewhere.example/cert"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"x5c": ["AAAA"]},
        {"kid": "../../dev/null"},
        {"kid": "1"},
        {"typ": "at+jwt"},
        {"cty": "JWT"},
        {"zip": "DEF"},
    ],
    ids=str,
)
def test_auth_012_014_a_header_that_says_more_than_ours(
    accounts: Accounts, forge: Forge, headers: dict[str, Any]
) -> None:
    assert refused(accounts, forge(headers=headers))


def test_auth_016_a_refresh_token_is_no_access_token_and_the_other_way_round(
    accounts: Accounts, session: Session
) -> None:
    assert refused(accounts, session.refresh_token)
    with pytest.raises(NotAuthenticated):
        accounts.refresh(session.token)
    assert accounts.caller_of(session.token) and accounts.refresh(session.refresh_token)


def test_what_is_ours_and_what_is_jupyters(accounts: Accounts, session: Session, forge: Forge) -> None:
    ours = (session.token, session.refresh_token, "jrf_x", forge(exp=1), session.token[:-3], session.token + "x")
    for bearer in ours:
        assert accounts.is_ours(bearer)
    other = jwt.encode({"iss": "https://hub.example"}, secrets.token_bytes(32), algorithm="HS256")
    for bearer in ("", secrets.token_hex(24), other, "a.b.c", "a.W10.c", "..", "x." + "A" * 200_000):
        assert not accounts.is_ours(bearer)


GARBAGE = (
    st.text()
    | st.text(alphabet="abcdefABCDEF0123456789-_=.", max_size=200)
    | st.tuples(
        st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)),
        st.dictionaries(
            st.sampled_from(["iss", "sub", "exp", "iat", "typ", "ver", "sid", "jti", "alg", "crit"]),
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("jupyter-roboflow"),
        ),
    ).map(lambda parts: unsigned(*parts))
)


ALLOWED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@given(bearer=GARBAGE, prefix=st.sampled_from(["", "jrf_", "jrr_"]))
@example(bearer="\ud800", prefix="")
@example(bearer="\ud800", prefix="jrf_")
@example(bearer="x\x00", prefix="jrf_")
@example(bearer="e30." + base64.urlsafe_b64encode(b"[" * 5000).decode() + ".", prefix="")
@example(bearer=base64.urlsafe_b64encode(b"[" * 1400).decode() + ".e30.", prefix="")
@hypothesis_settings(max_examples=150, suppress_health_check=ALLOWED, deadline=None)
def test_garbage_is_refused_and_never_an_accident(accounts: Accounts, bearer: str, prefix: str) -> None:
    assert isinstance(accounts.is_ours(prefix + bearer), bool)
    assert refused(accounts, prefix + bearer)
    with pytest.raises(NotAuthenticated):
        accounts.refresh(prefix + bearer)
    with pytest.raises(NotAuthenticated):
        accounts.verify("image", "1", bearer)


@given(data=st.data())
@hypothesis_settings(max_examples=150, suppress_health_check=ALLOWED, deadline=None)
def test_a_good_token_with_one_character_changed_is_refused(
    accounts: Accounts, session: Session, data: st.DataObject
) -> None:
    # the last character of each part holds bits that mean nothing, so it is left alone
    at = data.draw(st.sampled_from([i for i, c in enumerate(session.token[:-1]) if c != "." != session.token[i + 1]]))
    new = data.draw(st.sampled_from("ABCxyz019-_").filter(lambda c: c != session.token[at]))
    assert refused(accounts, session.token[:at] + new + session.token[at + 1 :])
