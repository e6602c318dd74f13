"""Sessions: refreshed, copied, ended, and under clocks that jump."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jupyter_roboflow.backend.accounts import Accounts, Caller, Session, Via
from jupyter_roboflow.backend.accounts.sessions import GRACE, LASTS
from jupyter_roboflow.backend.installation import Installation
from jupyter_roboflow.domain.errors import NotAuthenticated
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.storage.tables import refresh_tokens

from .conftest import HERE, PASSWORD, Clock, on_both
from .together import at_once


@pytest.fixture
def session(accounts: Accounts, ada: User) -> Session:
    return accounts.login("ada", PASSWORD, HERE)


def ended(accounts: Accounts, session: Session) -> bool:
    with pytest.raises(NotAuthenticated):
        accounts.caller_of(session.token)
    with pytest.raises(NotAuthenticated) as caught:
        accounts.refresh(session.refresh_token)
    return caught.value.code == "bad_refresh_token"


def test_a_session_is_refreshed_for_thirty_days(accounts: Accounts, session: Session, clock: Clock) -> None:
    end = clock() + LASTS
    while clock() + timedelta(days=4) < end:
        clock.pass_(4 * 86_400)
        session = accounts.refresh(session.refresh_token)
        assert accounts.caller_of(session.token).user == session.user
    clock.pass_(4 * 86_400)
    assert ended(accounts, session)


def test_a_refresh_token_that_comes_back_ends_the_session(accounts: Accounts, session: Session, clock: Clock) -> None:
    other = accounts.login("ada", PASSWORD, HERE)
    renewed = accounts.refresh(session.refresh_token)
    clock.pass_(GRACE.total_seconds() + 1)
    with pytest.raises(NotAuthenticated):
        accounts.refresh(session.refresh_token)
    assert ended(accounts, renewed)
    assert accounts.caller_of(other.token), "another login is another session"
    assert accounts.audit(session.user).items[0]["action"] == "refresh_token_reused"


@on_both
def test_auth_018_two_refreshes_at_the_same_moment(accounts: Accounts, ada: User, clock: Clock) -> None:
    for _ in range(5):
        session = accounts.login("ada", PASSWORD, HERE)
        results = at_once([lambda given=session.refresh_token: accounts.refresh(given)] * 4)
        [renewed] = [result for result in results if isinstance(result, Session)]
        assert sum(isinstance(result, NotAuthenticated) for result in results) == 3
        assert accounts.caller_of(renewed.token), "nobody is logged out"
        clock.pass_(60)
        assert accounts.caller_of(accounts.refresh(renewed.refresh_token).token)


@on_both
def test_a_refresh_beside_a_logout_leaves_nothing_that_lives_on(accounts: Accounts, ada: User) -> None:
    for _ in range(5):
        session = accounts.login("ada", PASSWORD, HERE)
        given = session.refresh_token
        results = at_once([lambda t=given: accounts.refresh(t), lambda t=given: accounts.logout(t)])
        renewed = results[0] if isinstance(results[0], Session) else session
        assert ended(accounts, renewed) and ended(accounts, session)


def test_logging_out_ends_the_session_at_once(accounts: Accounts, session: Session) -> None:
    other = accounts.login("ada", PASSWORD, HERE)
    accounts.logout(session.refresh_token)
    assert ended(accounts, session) and accounts.caller_of(other.token)
    accounts.logout(session.refresh_token)
    accounts.logout("jrr_unknown")
    accounts.logout_caller(accounts.caller_of(other.token))
    assert ended(accounts, other)
    assert [row["action"] for row in accounts.audit(session.user, action="logout").items] == ["logout"] * 2


def test_only_a_session_can_be_logged_out_of(accounts: Accounts, session: Session) -> None:
    caller = accounts.caller_of(session.token)
    accounts.logout_caller(Caller(caller.user, Via.LOCAL))
    accounts.logout_caller(Caller(caller.user, Via.TOKEN, token_id="1"))
    assert accounts.caller_of(session.token)


def test_logging_out_everywhere(accounts: Accounts, ada: User, eve: User) -> None:
    mine = [accounts.login("ada", PASSWORD, HERE) for _ in range(2)]
    hers = accounts.login("eve", PASSWORD, HERE)
    accounts.logout_everywhere(ada)
    assert all(ended(accounts, session) for session in mine) and accounts.caller_of(hers.token)


def test_auth_020_a_new_password_ends_everything(accounts: Accounts, ada: User, eve: User) -> None:
    session = accounts.login("eve", PASSWORD, HERE)
    token = accounts.create_token(accounts.caller_of(session.token), "script").token
    accounts.change_password(accounts.caller_of(session.token), PASSWORD, "another good one")
    assert ended(accounts, session)
    with pytest.raises(NotAuthenticated):
        accounts.caller_of(token)
    session = accounts.login("eve", "another good one", HERE)
    token = accounts.create_token(accounts.caller_of(session.token), "script").token
    accounts.update_user(ada, eve.id, password="a third good one")
    assert ended(accounts, session)
    with pytest.raises(NotAuthenticated):
        accounts.caller_of(token)
    with pytest.raises(NotAuthenticated):
        accounts.login("eve", "another good one", HERE)
    assert accounts.login("eve", "a third good one", HERE)


def test_auth_020_a_new_role_counts_from_the_next_request(accounts: Accounts, ada: User, eve: User) -> None:
    session = accounts.login("eve", PASSWORD, HERE)
    token = accounts.create_token(accounts.caller_of(session.token), "script").token
    accounts.update_user(ada, eve.id, role=Role.VIEWER)
    with pytest.raises(NotAuthenticated):
        accounts.caller_of(session.token)
    renewed = accounts.refresh(session.refresh_token)
    assert accounts.caller_of(renewed.token).user.role is Role.VIEWER
    assert accounts.caller_of(token).user.role is Role.VIEWER


def test_auth_020_a_disabled_user_is_out_at_once(accounts: Accounts, ada: User, eve: User) -> None:
    session = accounts.login("eve", PASSWORD, HERE)
    token = accounts.create_token(accounts.caller_of(session.token), "script").token
    accounts.update_user(ada, eve.id, disabled=True)
    for bearer in (session.token, token):
        with pytest.raises(NotAuthenticated):
            accounts.caller_of(bearer)
    assert ended(accounts, session)
    accounts.update_user(ada, eve.id, disabled=False)
    assert ended(accounts, session), "to be let in again brings no old session back"
    assert accounts.login("eve", PASSWORD, HERE) and accounts.caller_of(token)


@pytest.mark.parametrize("jump", [-3600, 86_400])
def test_api_029_a_clock_that_jumps_costs_a_refresh(
    accounts: Accounts, session: Session, clock: Clock, jump: int
) -> None:
    clock.jump(jump)
    with pytest.raises(NotAuthenticated):
        accounts.caller_of(session.token)
    renewed = accounts.refresh(session.refresh_token)
    assert accounts.caller_of(renewed.token) and renewed.expires_in == 900
    clock.jump(-jump)
    renewed = accounts.refresh(renewed.refresh_token)
    assert accounts.caller_of(renewed.token)


def test_a_token_copied_before_the_clock_was_turned_back_still_ends_the_session(
    accounts: Accounts, session: Session, clock: Clock
) -> None:
    renewed = accounts.refresh(session.refresh_token)
    clock.jump(-3600)
    with pytest.raises(NotAuthenticated):
        accounts.refresh(session.refresh_token)
    assert ended(accounts, renewed)


def test_tokens_are_stored_as_hashes_and_forgotten_when_they_are_over(
    installation: Installation, accounts: Accounts, session: Session, clock: Clock
) -> None:
    accounts.refresh(session.refresh_token)
    with installation.database.read() as conn:
        rows = conn.execute(refresh_tokens.select()).all()
    assert len(rows) == 2 and session.refresh_token not in str(rows) and "jrr_" not in str(rows)
    clock.pass_(LASTS.total_seconds() + 1)
    accounts.login("ada", PASSWORD, HERE)
    with installation.database.read() as conn:
        assert len(conn.execute(refresh_tokens.select()).all()) == 1
