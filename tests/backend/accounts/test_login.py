"""Logging in: what is told apart and what is not, and how often one may guess."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher

from jupyter_roboflow.backend.accounts import Accounts
from jupyter_roboflow.backend.accounts.login_limit import LoginLimit
from jupyter_roboflow.backend.installation import Installation
from jupyter_roboflow.domain.errors import NotAuthenticated, RoboflowError, TooManyRequests
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import users

from .conftest import HERE, PASSWORD, THERE, Clock, log_in, quick_hasher
from .together import at_once


class CountingHasher(PasswordHasher):
    """Knows the cost of what it was asked: to be as slow means to hash as often and as hard."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.asked: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:
        self.asked.append(str(hash).rsplit("$", 2)[0])
        return super().verify(hash, password)


def guess(accounts: Accounts, name: str, password: str = "wrong password", address: str = HERE) -> RoboflowError:
    with pytest.raises(RoboflowError) as caught:
        accounts.login(name, password, address)
    return caught.value


def test_a_name_is_known_in_any_case_and_a_password_on_any_keyboard(accounts: Accounts, ada: User) -> None:
    assert accounts.login(" ADA ", PASSWORD, HERE).user == ada
    decomposed = "na\u0131\u0308ve pa\u0308ssword"
    accounts.register("eve", "na\u0131\u0308ve p\u00e4ssword", by=ada)
    assert accounts.login("eve", decomposed, HERE).user.username == "eve"


def test_unknown_disabled_wrong_and_without_a_password_cannot_be_told_apart(
    installation: Installation, clock: Clock
) -> None:
    hasher = CountingHasher()
    accounts = Accounts(installation, clock=clock, steady_clock=clock.steady, hasher=hasher)
    ada = accounts.register("ada", PASSWORD)
    accounts.update_user(ada, accounts.register("gone", PASSWORD, by=ada).id, disabled=True)
    accounts.hub_user("hubert")
    tries = [("ada", "x"), ("nobody", PASSWORD), ("gone", PASSWORD), ("hubert", PASSWORD), ("local", ""), ("", "")]
    tries += [("a\x00\ud800", "y"), ("ada", "\ud800"), ("ada", PASSWORD + "x" * 100_000), ("x" * 5000, PASSWORD)]
    answers = {str(guess(accounts, name, password).as_dict()) for name, password in tries}
    assert len(answers) == 1 and "wrong_login" in answers.pop()
    assert len(hasher.asked) == len(tries) and len(set(hasher.asked)) == 1, "each compares once, at the same cost"


def test_auth_028_twenty_wrong_in_a_minute(accounts: Accounts, ada: User, clock: Clock) -> None:
    answers = [guess(accounts, "ada") for _ in range(21)]
    assert isinstance(answers[0], NotAuthenticated)
    assert isinstance(answers[-1], TooManyRequests) and answers[-1].code == "too_many_requests"
    assert 0 < answers[-1].details["retry_after"] <= 60
    assert isinstance(guess(accounts, "ada", PASSWORD), TooManyRequests), "the right one is not even looked at"
    assert accounts.login("ada", PASSWORD, THERE).user == ada, "from another address she gets in"
    clock.pass_(60)
    assert accounts.login("ada", PASSWORD, HERE).user == ada


def test_auth_028_one_address_that_tries_many_names(accounts: Accounts, ada: User) -> None:
    answers = [guess(accounts, f"user {number}") for number in range(21)]
    assert [type(answer) for answer in answers] == [NotAuthenticated] * 20 + [TooManyRequests]
    assert isinstance(guess(accounts, "ada", PASSWORD), TooManyRequests)


def test_guesses_at_a_disabled_account_count_like_any_others(accounts: Accounts, ada: User, eve: User) -> None:
    accounts.update_user(ada, eve.id, disabled=True)
    answers = [guess(accounts, "eve", PASSWORD) for _ in range(11)]
    assert [type(answer) for answer in answers] == [NotAuthenticated] * 10 + [TooManyRequests]


def test_auth_028_many_addresses_that_try_one_name(accounts: Accounts, ada: User, eve: User) -> None:
    for number in range(20):
        assert isinstance(guess(accounts, "ada", address=f"203.0.113.{number}"), NotAuthenticated)
    own = [guess(accounts, "ada", address=HERE) for _ in range(4)]
    assert [type(answer) for answer in own] == [NotAuthenticated] * 3 + [TooManyRequests], "fewer guesses than usual"
    assert accounts.login("ada", PASSWORD, THERE).user == ada and accounts.login("eve", PASSWORD, HERE).user == eve


def test_guesses_at_the_same_moment_are_counted_too(accounts: Accounts, ada: User) -> None:
    answers = at_once([lambda: accounts.login("ada", "wrong password", HERE)] * 40)
    assert sum(isinstance(answer, NotAuthenticated) for answer in answers) <= 10 + 4


def test_a_right_login_does_not_forgive_wrong_ones(accounts: Accounts, ada: User, eve: User) -> None:
    for _ in range(10):
        guess(accounts, "ada")
    accounts.login("eve", PASSWORD, HERE)
    assert isinstance(guess(accounts, "ada"), TooManyRequests)


def test_the_limit_says_when_and_forgets() -> None:
    clock = Clock()
    limit = LoginLimit(clock.steady)
    for _ in range(10):
        limit.failed("ada", HERE)
        clock.pass_(3)
    with pytest.raises(TooManyRequests) as caught:
        limit.check("ada", HERE)
    assert caught.value.details["retry_after"] == 30
    clock.jump(-86_400)
    clock.pass_(29)
    with pytest.raises(TooManyRequests):
        limit.check("ada", HERE)
    clock.pass_(1)
    limit.check("ada", HERE)
    for number in range(10_001):
        limit.failed(f"user {number}", f"address {number}")
    clock.pass_(61)
    limit.failed("ada", HERE)
    assert len(limit._failed) == 3, "what is over is forgotten, however many tried"


def test_a_hash_of_old_parameters_is_made_anew(
    installation: Installation, accounts: Accounts, ada: User, clock: Clock
) -> None:
    def stored() -> str:
        with installation.database.read() as conn:
            found = users.credentials(conn, "ada")
        assert found is not None and found.password_hash is not None
        return found.password_hash

    before = stored()
    session = accounts.login("ada", PASSWORD, HERE)
    assert stored() == before
    stronger = Accounts(installation, clock=clock, hasher=quick_hasher(time_cost=2))
    stronger.login("ada", PASSWORD, HERE)
    assert "t=2" in stored() and accounts.login("ada", PASSWORD, HERE)
    assert accounts.caller_of(session.token), "nobody is logged out by that"


def test_logins_are_in_the_audit_log_and_passwords_are_not(accounts: Accounts, ada: User) -> None:
    log_in(accounts, "ada")
    guess(accounts, "ada", "hunter2 hunter2")
    guess(accounts, "hunter2 hunter2", "x")
    rows = accounts.audit(ada, 1, 10).items
    assert [(row["action"], row["username"], row["subject"]) for row in rows] == [
        ("login_failed", "", ""),
        ("login_failed", "", "ada"),
        ("login", "ada", "ada"),
        ("create_user", "ada", "ada"),
    ]
    assert rows[0]["details"] == {"address": HERE} and "hunter2" not in str(rows) and PASSWORD not in str(rows)


def test_a_session_does_not_show_its_tokens_by_accident(accounts: Accounts, ada: User) -> None:
    session = accounts.login("ada", PASSWORD, HERE)
    assert session.token not in repr(session) and session.refresh_token not in repr(session)
